import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { unavailable } from '#core/kernel/index.ts'
import { installBinaries, locateBinaries } from './binaries.ts'
import { BARE_ENVIRONMENT, INITDB, newPassword } from './cluster.ts'
import { freePort } from './ports.ts'
import { readPidFile } from './postmaster.ts'
import { canEnter, isRoot, NOBODY } from './proc.ts'
import { asArguments, FLEETING } from './settings.ts'

/** A server that lives no longer than this process. */
export type ScratchServer = {
  /** As `postgres`, a superuser, to the database of that name. */
  adminUrl: string
  stop(): Promise<void>
}

/**
 * Makes the cluster, serves it, and removes it. Its input is a pipe whose other end this process holds and never
 * writes to: it closes when this process ends, however that comes, and server and folder go with it. Arguments:
 * the folder, the server's files, then what postgres is to be told.
 */
const KEEPER = `
  dir=$1; bin=$2/bin; shift 2
  exec 3<&0 </dev/null
  trap 'rm -rf "$dir"' EXIT
  "$bin/initdb" -D "$dir/data" --pwfile="$dir/password" --no-sync ${INITDB.join(' ')} >/dev/null || exit 1
  "$bin/postgres" -D "$dir/data" "$@" 3<&- &
  server=$!
  { cat <&3 >/dev/null; kill -QUIT $server; } &
  watch=$!
  wait $server
  kill $watch 2>/dev/null`

const run = promisify(execFile)

/**
 * Starts a throw-away PostgreSQL for tests in a temporary folder. Nothing it writes is made durable. It does not
 * keep this process alive, and ends with it, even when it is killed; `stop` ends it earlier.
 *
 * @throws `unavailable` with what the server said, when it does not start.
 */
export async function startScratch(): Promise<ScratchServer> {
  const binaries = locateBinaries()
  const account = isRoot() ? NOBODY : undefined
  const parent = !account || canEnter(account, tmpdir()) ? tmpdir() : '/tmp'
  const dir = await mkdtemp(join(parent, 'annona-scratch-'))
  const password = newPassword()
  await writeFile(join(dir, 'password'), password, { mode: 0o600 })
  const server = await installBinaries(binaries, dir)
  if (account) await run('chown', ['-R', `${account.uid}:${account.gid}`, dir])

  const port = await freePort()
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', dir, server, ...asArguments({ ...FLEETING, port })], {
    ...account,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  keeper.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-10_000)
  })
  let ended = false
  const end = once(keeper, 'exit').then(() => {
    ended = true
  })
  while (!ended && (await readPidFile(join(dir, 'data')))?.status !== 'ready') await pause(15)
  if (ended) throw unavailable('The scratch database did not start.', new Error(said))

  keeper.unref()
  for (const pipe of [keeper.stdin, keeper.stderr]) (pipe as Socket).unref()
  return {
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      keeper.ref()
      keeper.stdin.end()
      await end
      await rm(dir, { recursive: true, force: true })
    },
  }
}
