import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { unavailable } from '#core/kernel/index.ts'

/** The account a server runs as when it is not ours: PostgreSQL refuses to run as root. */
export type Account = { uid: number; gid: number }

/** The account that owns nothing ("nobody"): the kernel's overflow uid, the same on every Linux. */
export const NOBODY: Account = { uid: 65534, gid: 65534 }

/** Whether this process is root, and so must give its servers another account. */
export const isRoot = () => process.geteuid?.() === 0

/**
 * Whether `account` can enter `dir`. The kernel is asked, not the mode bits: an access list or a mount may say
 * otherwise.
 *
 * @throws `unavailable` when this root may not change to another account, as in a container without SETUID.
 */
export function canEnter(account: Account, dir: string): boolean {
  const tried = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  })
  if (tried.error) {
    throw unavailable(
      `PostgreSQL refuses to run as root, and root may not become uid ${account.uid} here. Start as an ordinary ` +
        'user, or set DATABASE_URL.',
      tried.error,
    )
  }
  return tried.status === 0
}

/**
 * When a process started, in clock ticks since boot: with its pid, a name for one process for good.
 * `undefined` when there is no such process. Source: proc(5), `/proc/pid/stat`, field 22.
 */
export async function startTime(pid: number): Promise<string | undefined> {
  return (await statFields(pid))?.[19]
}

/**
 * Whether `pid` is the PostgreSQL server of this cluster. A pid alone proves nothing, it may have been given to
 * another process since. The command line is read rather than the working directory, which root in a container
 * may not look up for another account's process.
 */
export async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  const args = (await read(pid, 'cmdline')).split('\0')
  return (await isPostgres(pid)) && args[args.indexOf('-D') + 1] === cluster
}

/**
 * The processes a killed server left behind: they bear the server's `cluster_name` in their title, and their
 * parent is a server no more.
 */
export async function orphansOf(clusterName: string): Promise<number[]> {
  const orphans: number[] = []
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || !(await read(pid, 'cmdline')).startsWith(`postgres: ${clusterName}: `))
      continue
    const parent = Number((await statFields(pid))?.[1])
    if ((await isPostgres(pid)) && !(await isPostgres(parent))) orphans.push(pid)
  }
  return orphans
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const isPostgres = async (pid: number) => (await read(pid, 'comm')).trim() === 'postgres'

/** The fields of `/proc/pid/stat` from the third on; the second, the name, may hold blanks and brackets. */
const statFields = async (pid: number) => (await read(pid, 'stat')).split(') ').at(-1)?.split(' ')

const read = (pid: number, what: string) => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => '')
