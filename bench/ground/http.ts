import { fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { cpuSeconds } from '../kit/index.ts'

/** A server in a process of its own, so that what it costs can be told from what its callers cost. */
export type ServerProcess = {
  url: string
  /** The processor time it has used so far, in seconds. */
  clock: () => number
  stop(): Promise<void>
}

/** Starts `bench/ground/serve/NAME.ts`, which sends its address when it listens and ends when its parent lets go. */
export const startServer = async (
  name: string,
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<ServerProcess> => {
  // As in production: what is logged is written, to where nobody reads it.
  const log = openSync('/dev/null', 'w')
  const child = fork(join(import.meta.dirname, 'serve', `${name}.ts`), args, {
    env: { ...process.env, ...env },
    execArgv: [],
    stdio: ['ignore', log, 'inherit', 'ipc'],
  })
  const [url] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the server ${name} ended with status ${code}`)
    }),
  ])
  return {
    url: url as string,
    clock: () => cpuSeconds(child.pid!)!,
    stop: async () => {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

const IN_FLIGHT = 16

/** Sends GET requests, a few at a time over connections that are kept, and gives the bodies in order. Only 200 will do. */
export const getAll = async (
  url: string,
  paths: readonly string[],
  headers: Record<string, string> = {},
): Promise<string[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  const bodies: string[] = []
  let next = 0
  const worker = async () => {
    for (let n = next++; n < paths.length; n = next++) bodies[n] = await get(url + paths[n], agent, headers)
  }
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  } finally {
    agent.destroy()
  }
  return bodies
}

const get = (url: string, agent: Agent, headers: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        body += chunk
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body)
        else reject(new Error(`${url} answered ${response.statusCode}: ${body}`))
      })
    })
    sent.on('error', reject)
    sent.end()
  })
