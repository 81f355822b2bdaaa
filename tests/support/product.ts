import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DemoAccess } from '#gateway/demo/index.ts'

const PROJECT = dirname(dirname(import.meta.dirname))

/** The product as a user starts it: `npm start` in a process of its own. */
export type Product = {
  url: string
  process: ChildProcess
  /** What it has printed. */
  output(): string
  access(): DemoAccess
  /** As Ctrl-C does. Resolves with the exit status. */
  stop(): Promise<number | null>
}

/** Starts it over a data directory and waits until it says that it runs. */
export const startProduct = async (
  dataDir: string,
  env: Record<string, string> = {},
  patience = 120_000,
): Promise<Product> => {
  const child = spawn('sh', [join(PROJECT, 'tools/node'), join(PROJECT, 'gateway/cli.ts'), 'start'], {
    cwd: PROJECT,
    env: {
      ...process.env,
      ANNONA_DATA_DIR: dataDir,
      PORT: '0',
      DATABASE_URL: '',
      DATABASE_ADMIN_URL: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const deadline = Date.now() + patience
  while (!/Stop with Ctrl-C/.test(output)) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGTERM')
      throw new Error(`the product did not start:\n${output}`)
    }
    await pause(50)
  }
  return {
    url: /Annona runs at (\S+)/.exec(output)![1]!,
    process: child,
    output: () => output,
    access: () => JSON.parse(readFileSync(join(dataDir, 'demo-access.json'), 'utf8')) as DemoAccess,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill('SIGINT')
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

/** The processes whose command line or title names this text. */
export const processesWith = async (text: string): Promise<number[]> => {
  const { readdir, readFile } = await import('node:fs/promises')
  const pids = (await readdir('/proc')).filter(n => /^\d+$/.test(n) && n !== String(process.pid))
  const found = await Promise.all(
    pids.map(async pid => {
      const [line, environment] = await Promise.all(
        ['cmdline', 'environ'].map(file => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      )
      return line!.includes(text) || environment!.includes(text) ? Number(pid) : undefined
    }),
  )
  return found.filter(pid => pid !== undefined)
}
