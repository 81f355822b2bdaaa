import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { connect, type Db, migrate } from '#core/db/index.ts'

/** A database of a test file's own: cloned from a migrated template, dropped when the file is done. */
export type TestDatabase = Db & { url: string; adminUrl: string }

const OWNER = 'annona_test_owner'
const APP = 'annona_test_app'
/** One process makes the template while others wait. */
const LOCK = 7_205_340_118

/**
 * Makes a database for the calling test file. Call it in `before`, and `close()` in `after`.
 * The server is the one of the test run (`TEST_DATABASE_ADMIN_URL`, a superuser), or one started for this
 * process alone.
 */
export const testDatabase = async (options: { poolSize?: number } = {}): Promise<TestDatabase> => {
  const server = await serverUrl()
  const name = `t_${randomBytes(6).toString('hex')}`
  await asSuperuser(server, async client => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    const template = await ensureTemplate(client, server)
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${OWNER}`)
  })
  const url = withDatabase(server, name, APP)
  const db = connect({ url, poolSize: options.poolSize ?? 8, applicationName: 'test' })
  return {
    ...db,
    url,
    adminUrl: withDatabase(server, name, OWNER),
    close: closing(
      () => db.close(),
      () => asSuperuser(server, client => drop(client, name)),
    ),
  }
}

/** Pools that were ended may still be hanging up; a connection cut off then is an error that nobody hears. */
const drop = async (client: pg.Client, name: string) => {
  for (let waited = 0; waited < 2_000; waited += 20) {
    const { rowCount } = await client.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name])
    if (!rowCount) break
    await pause(20)
  }
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

const closing = (close: () => Promise<void>, drop: () => Promise<unknown>) => async () => {
  await close()
  await drop()
}

/** Superuser's URL of the same database: for tests that tamper as only a superuser can. */
export const superuserUrl = async (url: string): Promise<string> => {
  const server = new URL(await serverUrl())
  server.pathname = new URL(url).pathname
  return server.href
}

let started: Promise<string> | undefined
const serverUrl = (): Promise<string> => {
  started ??= process.env.TEST_DATABASE_ADMIN_URL
    ? Promise.resolve(process.env.TEST_DATABASE_ADMIN_URL)
    : import('#core/db/embedded/scratch.ts').then(async m => (await m.startScratch()).adminUrl)
  return started
}

const asSuperuser = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const withDatabase = (server: string, name: string, role: string) => {
  const url = new URL(server)
  url.pathname = `/${name}`
  url.username = role
  url.password = role
  return url.href
}

/** The template is named after what would be migrated, so a changed migration makes a new one. */
const ensureTemplate = async (client: pg.Client, server: string): Promise<string> => {
  const name = `annona_template_${await schemaFingerprint()}`
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [
    name,
  ])
  if (rowCount) return name
  for (const role of [OWNER, APP]) {
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
    if (!known.rowCount) await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`)
  }
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await client.query(`CREATE DATABASE ${name} OWNER ${OWNER}`)
  await migrate({ adminUrl: withDatabase(server, name, OWNER), appUrl: withDatabase(server, name, APP) })
  await client.query(`ALTER DATABASE ${name} IS_TEMPLATE true`)
  return name
}

const schemaFingerprint = async (): Promise<string> => {
  const { glob, readFile } = await import('node:fs/promises')
  const { createHash } = await import('node:crypto')
  const paths: string[] = []
  for await (const path of glob('core/*/{migrations/*.sql,views.sql}')) paths.push(path)
  paths.push('core/db/migrate.ts')
  const hash = createHash('sha256')
  for (const path of paths.sort()) hash.update(path).update(await readFile(path))
  return hash.digest('hex').slice(0, 12)
}
