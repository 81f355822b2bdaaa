import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { unavailable } from '#core/kernel/index.ts'
import { BARE_ENVIRONMENT, type Cluster } from './cluster.ts'
import { freePort } from './ports.ts'
import { isServerOf, orphansOf, signal } from './proc.ts'
import { asArguments, LASTING } from './settings.ts'

/** A server that accepts connections. */
export type Running = { pid: number; port: number }

/** Recovery after a crash replays at most `max_wal_size`; this leaves it time on a slow disk. */
const START_PATIENCE_MS = 300_000

/**
 * Finds the server that already runs on the cluster, as one does after its starter was killed. Clears away what a
 * killed server left: orphaned processes, and a `postmaster.pid` whose pid now belongs to somebody else (which
 * PostgreSQL itself takes for a running server, and refuses to start).
 */
export async function findRunning(cluster: string): Promise<Running | undefined> {
  const file = await readPidFile(cluster)
  if (!file) return undefined
  if (await isServerOf(file.pid, cluster)) {
    if (file.status !== 'stopping') return ready(cluster, file.pid, () => isServerOf(file.pid, cluster))
    await shutDown(file.pid, cluster)
    return undefined
  }
  await endOrphans(cluster)
  await rm(join(cluster, 'postmaster.pid'), { force: true })
  return undefined
}

/**
 * Starts `postgres` on the cluster, on its former port when that is free, and waits until it accepts connections.
 * The server is detached: neither Ctrl-C at our terminal nor our own death reaches it.
 *
 * @throws `unavailable` with what the server said last.
 */
export async function launch(home: string, server: string, cluster: Cluster, tries = 3): Promise<Running> {
  const portFile = join(home, 'postgres.port')
  const former = existsSync(portFile) ? Number(await readFile(portFile, 'utf8')) : undefined
  const port = await freePort(former)
  await writeFile(portFile, `${port}\n`, { mode: 0o600 })

  const settings = { ...LASTING, port, cluster_name: clusterName(cluster.dir) }
  const logFile = join(home, 'postgres.log')
  const log = await openLog(logFile)
  const child = spawn(join(server, 'bin/postgres'), ['-D', cluster.dir, ...asArguments(settings)], {
    ...cluster.account,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  try {
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    return await ready(cluster.dir, child.pid!, () => child.exitCode === null && child.signalCode === null)
  } catch (cause) {
    const portLost = child.exitCode !== null && (await freePort(port)) !== port
    if (portLost && tries > 1) return launch(home, server, cluster, tries - 1)
    const said = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-3).join('\n')
    throw unavailable(`The database did not start. ${logFile} ends with:\n${said}`, cause)
  } finally {
    await log.close()
  }
}

/**
 * Stops the server: open transactions are rolled back and a checkpoint is written. One that has not gone in time
 * is stopped as by a power cut, which the next start recovers from.
 */
export async function shutDown(
  pid: number,
  cluster: string,
  patienceMs = { orderly: 60_000, immediate: 15_000 },
): Promise<void> {
  const steps = [
    ['SIGINT', patienceMs.orderly],
    ['SIGQUIT', patienceMs.immediate],
  ] as const
  for (const [name, patience] of steps) {
    const deadline = Date.now() + patience
    if (await isServerOf(pid, cluster)) signal(pid, name)
    while (Date.now() < deadline) {
      if (!(await isServerOf(pid, cluster))) return
      await pause(15)
    }
  }
  throw unavailable(`The database server (pid ${pid}) does not stop.`)
}

/** Ends what a killed server left running; PostgreSQL will not start beside it. */
async function endOrphans(cluster: string): Promise<void> {
  for (;;) {
    const orphans = await orphansOf(clusterName(cluster))
    if (orphans.length === 0) return
    for (const pid of orphans) signal(pid, 'SIGKILL')
    await pause(15)
  }
}

/** Waits until server `pid` says that it accepts connections. `alive` is asked as long as it does not. */
async function ready(
  cluster: string,
  pid: number,
  alive: () => boolean | Promise<boolean>,
): Promise<Running> {
  const deadline = Date.now() + START_PATIENCE_MS
  while (await alive()) {
    const file = await readPidFile(cluster)
    if (file?.pid === pid && file.status === 'ready') return { pid, port: file.port }
    if (Date.now() > deadline) throw unavailable('The database takes too long to start.')
    await pause(15)
  }
  throw unavailable('The database server ended while starting.')
}

/** Reads `postmaster.pid`: the pid, the port and the status are its first, fourth and eighth line (pidfile.h). */
export async function readPidFile(cluster: string): Promise<(Running & { status: string }) | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() } : undefined
}

/** What the titles of the server's processes bear: another for each place, so that no copy is mixed up. */
export const clusterName = (cluster: string) =>
  `annona-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`

/** Opens the log for appending; one that has grown beyond 1 MB steps aside for a new one. */
async function openLog(path: string) {
  if (existsSync(path) && (await stat(path)).size > 1_000_000) await rename(path, `${path}.1`)
  return open(path, 'a', 0o600)
}
