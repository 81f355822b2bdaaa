import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { conflict, unavailable } from '#core/kernel/index.ts'
import type { Binaries } from './binaries.ts'
import { type Account, canEnter, isRoot, NOBODY } from './proc.ts'

/** The passwords of the three roles: `superuser` is `postgres`, `owner` migrates, `app` serves. */
export type Passwords = { superuser: string; owner: string; app: string }

/** A cluster (what initdb makes) that is ours, and the account it must run as: none when that is ours. */
export type Cluster = { dir: string; account: Account | undefined; passwords: Passwords }

/** In every cluster of ours, and in no other: what is without it is never touched. */
const MARKER = 'annona.json'

/**
 * How every cluster is made. The built-in locale knows the letters of all scripts, so trigram search finds
 * Ethiopic and Arabic names (in the plain C locale it finds none), sorts by code point and is the same on every
 * machine: no upgrade of the C library can disorder an index. Linguistic order is asked for by ICU collation.
 */
export const INITDB = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--locale=C.UTF-8',
]

/** PostgreSQL's processes get nothing of our environment: neither secrets nor stray PG* variables. */
export const BARE_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }

const run = promisify(execFile)

/**
 * Opens the cluster in `<home>/postgres`.
 *
 * @returns `undefined` when there is none yet.
 * @throws `conflict` when what lies there is not ours, is of another major version, or belongs to another account.
 */
export async function openCluster(home: string, binaries: Binaries): Promise<Cluster | undefined> {
  const dir = join(home, 'postgres')
  if (!existsSync(dir)) return undefined
  const { uid, gid } = await stat(dir)
  if (!isRoot() && uid !== process.geteuid?.()) {
    throw conflict(`The database in ${dir} belongs to uid ${uid}: start as that user, or as root.`)
  }
  if (!existsSync(join(dir, MARKER))) {
    throw conflict(
      `${dir} is not a database of ours (it has no ${MARKER}), so it is left alone. Choose another data ` +
        'directory, or set DATABASE_URL to use the server it belongs to.',
      'foreign-database',
    )
  }
  const account = isRoot() ? { uid, gid } : undefined
  if (account && (uid === 0 || !canEnter(account, dir))) {
    throw conflict(
      `The database in ${dir} belongs to uid ${uid}, which ${uid === 0 ? 'PostgreSQL refuses' : 'cannot enter'}: ` +
        `give it to uid ${NOBODY.uid} (chown -R), in a place where that one can go.`,
    )
  }
  const made = (await readFile(join(dir, 'PG_VERSION'), 'utf8')).trim()
  if (made !== binaries.major) {
    throw conflict(
      `The database in ${dir} was made by PostgreSQL ${made} and cannot be opened by ${binaries.major}: dump it ` +
        'with the former release and restore it.',
    )
  }
  const { passwords } = JSON.parse(await readFile(join(dir, MARKER), 'utf8')) as { passwords: Passwords }
  return { dir, account, passwords }
}

/**
 * Makes the cluster in `<home>/postgres`. It is made aside and put in place by one rename, marker and passwords
 * included: an interrupted attempt is never taken for a cluster, and the next one sweeps it away. The caller
 * holds the home's lock.
 */
export async function makeCluster(home: string, server: string): Promise<Cluster> {
  const account = isRoot() ? NOBODY : undefined
  for (const entry of await readdir(home)) {
    if (entry.startsWith('postgres.new-')) await rm(join(home, entry), { recursive: true, maxRetries: 5 })
  }
  const staging = join(home, `postgres.new-${randomUUID()}`)
  const dir = join(home, 'postgres')
  const passwords = { superuser: newPassword(), owner: newPassword(), app: newPassword() }
  try {
    await mkdir(staging, { mode: 0o700 })
    await writeOwn(join(staging, 'password'), passwords.superuser, account)
    if (account) await chown(staging, account.uid, account.gid)
    const target = ['-D', join(staging, 'data'), `--pwfile=${join(staging, 'password')}`]
    await run(join(server, 'bin/initdb'), [...INITDB, ...target], {
      ...account,
      cwd: '/',
      env: BARE_ENVIRONMENT,
    })
    await writeOwn(join(staging, 'data', MARKER), `${JSON.stringify({ passwords })}\n`, account)
    await rename(join(staging, 'data'), dir)
    await syncFolder(home)
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim() ?? ''
    throw unavailable(`The database could not be made in ${dir}. ${said}`.trim(), cause)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  return { dir, account, passwords }
}

/** A password that needs no quoting, in SQL or in a URL. */
export const newPassword = () => randomBytes(24).toString('base64url')

async function writeOwn(path: string, text: string, account: Account | undefined): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flush: true })
  if (account) await chown(path, account.uid, account.gid)
}

/** Makes a rename last through a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
