import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withLock } from './lock.ts'
import { canEnter, isRoot, NOBODY } from './proc.ts'

/** Where root's servers live when their account is shut out of the data directory. */
const ELSEWHERE = '/var/lib/annona'

/**
 * Answers the folder in which the cluster and the server's files live; makes it, and `dataDir`, when new.
 *
 * It is `dataDir` itself wherever possible. Under root the server runs as another account, which must be able to
 * pass through: a data directory of ours gets the right to be entered (never to be listed). When a folder above
 * is closed, as root's home is, the home lies under /var/lib/annona and `postgres.location` points to it.
 * The home that an earlier data directory of the same name left there is set aside.
 */
export async function findHome(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
  const dir = await realpath(dataDir)
  const home = await withLock(dir, () => choose(dir))
  for (const folder of [dirname(home), home]) {
    // a umask would take bits from what mkdir is told
    if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o711)
  }
  return home
}

async function choose(dir: string): Promise<string> {
  const pointer = join(dir, 'postgres.location')
  if (existsSync(pointer)) return (await readFile(pointer, 'utf8')).trim()
  if (!isRoot() || existsSync(join(dir, 'postgres')) || (await letIn(dir))) return dir

  const home = join(ELSEWHERE, createHash('sha256').update(dir).digest('hex').slice(0, 16))
  if (existsSync(home)) {
    // Its keys went with the directory; it is kept, out of the way, and never silently comes back to life.
    await rename(home, `${home}.left-${new Date().toISOString().replace(/\D/g, '')}`)
  }
  await writeFile(pointer, `${home}\n`, { mode: 0o600 })
  return home
}

/** Whether the server's account can enter `dir`, opening the door ourselves where it is ours to open. */
async function letIn(dir: string): Promise<boolean> {
  const { mode, uid } = await stat(dir)
  const shut = (mode & 0o011) !== 0o011
  if (shut && uid === process.geteuid?.() && canEnter(NOBODY, dirname(dir))) {
    await chmod(dir, (mode & 0o7777) | 0o011)
  }
  return canEnter(NOBODY, dir)
}
