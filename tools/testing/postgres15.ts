import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

const BIN = '/usr/lib/postgresql/15/bin'

/** A server for one test run. `adminUrl` is a superuser's. */
export type ScratchServer = { adminUrl: string; stop(): Promise<void> }

/**
 * Starts a PostgreSQL 15 with an empty cluster in the folder for temporary files, on loopback and a free port, with
 * nothing synced to disk. `stop` ends it and removes the cluster; so does the end of this process.
 */
export const startPostgres15 = async (): Promise<ScratchServer> => {
  const home = mkdtempSync(join(tmpdir(), 'annona-pg15-'))
  const owner = serverUser()
  const password = randomBytes(18).toString('hex')
  const passwordFile = join(home, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of owner ? [home, passwordFile] : []) chownSync(path, owner!.uid, owner!.gid)
  const data = join(home, 'data')
  const access = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8']
  execFileSync(`${BIN}/initdb`, ['-D', data, ...access, ...locale, '--no-sync'], {
    ...owner,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const port = await freePort()
  const server = spawn(`${BIN}/postgres`, ['-D', data, ...settings({ port, sockets: home })], {
    ...owner,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  server.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk).slice(-10_000)
  })
  const remove = () => rmSync(home, { recursive: true, force: true })
  const abandon = () => {
    server.kill('SIGQUIT')
    remove()
  }
  process.once('exit', abandon)

  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  await untilReady(adminUrl, () => {
    if (server.exitCode !== null) throw new Error(`PostgreSQL 15 did not start.\n${log}`)
  })
  return {
    adminUrl,
    stop: async () => {
      process.off('exit', abandon)
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      await ended
      remove()
    },
  }
}

/** PostgreSQL refuses to be root: then it is run as the user that Debian's package made for it. */
const serverUser = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const settings = ({ port, sockets }: { port: number; sockets: string }): string[] =>
  Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: sockets,
    max_connections: 200,
    shared_buffers: '256MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port was found.')
  return address.port
}

const untilReady = async (url: string, check: () => void): Promise<void> => {
  for (const deadline = Date.now() + 30_000; ; ) {
    check()
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}
