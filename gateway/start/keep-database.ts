import { connect } from 'node:net'
import { type EmbeddedServer, startEmbedded } from '#core/db/embedded/index.ts'

const CHECK_MS = 1_000

/** The embedded server, started again when it ends while it is needed (killed, out of memory). */
export type KeptDatabase = { current(): EmbeddedServer; stop(): Promise<void> }

/**
 * Starts the embedded server and watches over it. It comes back on its port with its passwords, so gateway and
 * worker find it again by themselves.
 */
export const keepDatabase = async (
  dataDir: string,
  log: (message: string) => void,
): Promise<KeptDatabase> => {
  let server = await startEmbedded({ dataDir, log })
  let checking: Promise<void> = Promise.resolve()
  const check = async () => {
    if (await answers(server.port)) return
    log('The database ended; starting it again.')
    await server.stop().catch(() => {}) // lets go of the one that is gone
    server = await startEmbedded({ dataDir, log })
  }
  const timer = setInterval(() => {
    checking = checking
      .then(check)
      .catch(error => log(`The database does not start: ${(error as Error).message}`))
  }, CHECK_MS)
  timer.unref()
  return {
    current: () => server,
    stop: async () => {
      clearInterval(timer)
      await checking
      await server.stop()
    },
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
    socket.setTimeout(5_000, () => done(true)) // busy is not gone
  })
