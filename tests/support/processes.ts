import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'

const PROJECT = dirname(dirname(import.meta.dirname))

/** A gateway or worker as it runs in production: a process of its own over a database that is there. */
export type Running = { url: string; process: ChildProcess; kill(): Promise<void>; stop(): Promise<void> }

/** Starts one and waits until it is ready. `env` are its settings. */
export const startProcess = async (
  kind: 'gateway' | 'worker',
  env: Record<string, string>,
): Promise<Running> => {
  const child = fork(join(PROJECT, 'gateway', kind === 'gateway' ? 'main.ts' : 'worker.ts'), [], {
    env: { ...process.env, LOG_LEVEL: 'error', PORT: '0', ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [message] = (await once(child, 'message')) as [{ ready?: { url?: string }; failed?: string }]
  if (!message.ready) throw new Error(`the ${kind} did not start: ${message.failed}`)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  return {
    url: message.ready.url ?? '',
    process: child,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
