import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const ROOT = dirname(dirname(import.meta.dirname))
const START_MS = 120_000

/** The product as people start it: `npm start`. */
export type Annona = {
  url: string
  /** Of npm; what it started are its children. */
  pid: number
  /** Until `/readyz` answered that it is ready. */
  seconds: number
  stop(): Promise<void>
}

/** Starts it on the port that `env` names, and waits until it is ready. */
export const startAnnona = async (env: Record<string, string> & { PORT: string }): Promise<Annona> => {
  const url = `http://127.0.0.1:${env.PORT}`
  const started = performance.now()
  // A group of its own, so that stopping reaches npm and what it started.
  const npm = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...bareEnvironment(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [npm.stdout, npm.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-10_000)
    })
  while (!(await isReady(url))) {
    if (npm.exitCode !== null || performance.now() - started > START_MS)
      throw new Error(`npm start did not get ready:\n${said}`)
    await pause(20)
  }
  const seconds = (performance.now() - started) / 1000
  return { url, pid: npm.pid!, seconds, stop: () => stop(npm) }
}

const stop = async (npm: ChildProcess): Promise<void> => {
  const exit = once(npm, 'exit')
  process.kill(-npm.pid!, 'SIGTERM')
  await exit
}

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/readyz`)).status === 200
  } catch {
    return false
  }
}

/** Without what this run was told by npm or about databases, as a new shell has it. */
const bareEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|ANNONA_|DATABASE_|TEST_|NODE_)/.test(name)),
  )
