import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { unavailable } from '#core/kernel/index.ts'
import { type Config, environmentOf } from '../config.ts'

export type Processes = {
  /** Where the gateway is reached. */
  url: string
  stop(): Promise<void>
}

type Options = { config: Config; logs: string; say: (message: string) => void }

const GATEWAY = dirname(import.meta.dirname)
const START_MS = 20_000
/** A process that ends is started again: at once, and later the more often it ended in the last minute. */
const LONGEST_WAIT_MS = 30_000

/**
 * Runs a gateway and a worker, each a process of its own, and starts again whichever ends. They end by
 * themselves when this process is gone, however it went.
 */
export const supervise = async (options: Options): Promise<Processes> => {
  const gateway = await keep('gateway', options)
  const worker = await keep('worker', options)
  return {
    url: gateway.ready.url as string,
    stop: async () => {
      await Promise.all([gateway.stop(), worker.stop()])
    },
  }
}

const keep = async (name: string, options: Options) => {
  const { say, logs } = options
  const stopping = new AbortController()
  let ends: number[] = []
  let child = await launch(name, options)
  const ready = child.ready

  const restart = async (how: string) => {
    say(`The ${name} ended (${how}); starting it again. See ${join(logs, `${name}.log`)}.`)
    ends = [...ends.filter(at => at > Date.now() - 60_000), Date.now()]
    const wait = ends.length < 2 ? 0 : Math.min(LONGEST_WAIT_MS, 250 * 2 ** ends.length)
    await pause(wait, undefined, { signal: stopping.signal })
    child = await launch(name, options)
    if (stopping.signal.aborted) await ended(child.process)
    else watch()
  }
  const watch = () =>
    child.process.once('exit', (code, signal) => {
      if (!stopping.signal.aborted) void retry(signal ?? `status ${code}`)
    })
  const retry = (how: string) =>
    restart(how).catch((error: Error) => {
      if (!stopping.signal.aborted) void retry(error.message)
    })
  watch()
  return {
    ready,
    stop: async () => {
      stopping.abort()
      await ended(child.process)
    },
  }
}

const ended = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}

/** Starts one process and waits until it says that it is ready. */
const launch = async (name: string, { config, logs }: Options) => {
  for (let attempt = 1; ; attempt++) {
    const log = openSync(join(logs, `${name}.log`), 'a', 0o600)
    const child = fork(join(GATEWAY, name === 'gateway' ? 'main.ts' : 'worker.ts'), [], {
      env: environmentOf(config),
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    try {
      return { process: child, ready: await readiness(name, child) }
    } catch (error) {
      // A gateway of a killed supervisor may hold the port for a moment yet.
      if (attempt >= 3) throw error
      await pause(1_000 * attempt)
    }
  }
}

const readiness = (name: string, child: ChildProcess): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(unavailable(`The ${name} did not start in time; see its log.`))
    }, START_MS)
    child.once('message', message => {
      clearTimeout(timer)
      const { ready, failed } = message as { ready?: Record<string, unknown>; failed?: string }
      if (ready) resolve(ready)
      else reject(unavailable(`The ${name} did not start: ${failed}`))
    })
    child.once('exit', code => {
      clearTimeout(timer)
      reject(unavailable(`The ${name} did not start (status ${code}); see its log.`))
    })
  })
