import type { Logger } from 'pino'

/** A stop that takes longer than this is ended; whatever was open is rolled back by the database. */
const STOP_MS = 20_000

/** Starts a process's work; when that fails, tells the supervisor why and ends. */
export const startOrTell = async <T>(log: Logger, start: () => Promise<T>): Promise<T> => {
  try {
    return await start()
  } catch (error) {
    log.fatal({ err: error }, 'not started')
    process.send?.({ failed: (error as Error).message })
    process.disconnect?.()
    process.exit(1)
  }
}

/**
 * Keeps a process going until it is told to stop: by a signal, or because the process that started it is
 * gone (its IPC channel closes), so that nothing is left running after a crash of the supervisor.
 */
export const runUntilStopped = (log: Logger, started: { ready: object }, stop: () => Promise<void>): void => {
  let stopping = false
  const end = (why: string) => {
    if (stopping) return
    stopping = true
    log.info({ why }, 'stopping')
    setTimeout(() => process.exit(1), STOP_MS).unref()
    stop().then(
      () => process.exit(0),
      error => {
        log.error({ err: error }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  process.on('disconnect', () => end('the supervisor is gone'))
  process.on('uncaughtException', error => {
    log.fatal({ err: error }, 'uncaught')
    end('uncaught error')
  })
  process.send?.({ ready: started.ready })
}
