import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'
import sql from 'sql-template-tag'
import { Umzug } from 'umzug'
import type { Db } from './pool.ts'

const CORE = dirname(import.meta.dirname)
/** One migration at a time, however many processes start together. */
const LOCK = 7_205_340_117

/**
 * Brings the schema up to date and gives the application's role what it may do. Safe to call from many
 * processes at once; when all is as it should be, one query tells. `adminUrl` is the owner; `appUrl` names the
 * role that the gateway and worker use. Returns the names of the migrations that were applied.
 */
export const migrate = async ({
  adminUrl,
  appUrl,
}: {
  adminUrl: string
  appUrl: string
}): Promise<string[]> => {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'annona migrate' })
  await client.connect()
  try {
    const appRole = new URL(appUrl).username
    const wanted = await fingerprint(appRole)
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    if ((await recorded(client)) === wanted) return []
    await client.query('CREATE SCHEMA IF NOT EXISTS kernel')
    await client.query(
      'CREATE TABLE IF NOT EXISTS kernel.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    )
    await runMigrations({ connectionString: adminUrl, logger: quiet })
    const applied = await umzug(client).then(u => u.up())
    await recreateViews(client)
    await grant(client, appRole)
    await client.query(`COMMENT ON SCHEMA kernel IS '${wanted}'`)
    return applied.map(m => m.name)
  } finally {
    await client.end()
  }
}

/** What the schema is made from, as one hash: kept in the database as the comment on the schema `kernel`. */
const fingerprint = async (appRole: string): Promise<string> => {
  const hash = createHash('sha256').update(appRole)
  const sources = [import.meta.filename, join(CORE, '..', 'package.json'), ...(await files('views.sql'))]
  for (const path of sources) hash.update(await readFile(path))
  for (const path of await files('migrations')) hash.update(basename(path))
  return hash.digest('hex')
}

const recorded = async (client: pg.Client): Promise<string | null> => {
  const { rows } = await client.query<{ hash: string | null }>(
    "SELECT obj_description(to_regnamespace('kernel')::oid, 'pg_namespace') AS hash",
  )
  return rows[0]!.hash
}

/** The migrations that are in the tree but not in the database. */
export const pendingMigrations = async (db: Db): Promise<string[]> => {
  const rows = await db.query<{ name: string }>(sql`SELECT name FROM kernel.migrations`)
  const done = new Set(rows.map(r => r.name))
  return (await files('migrations')).map(f => basename(f)).filter(name => !done.has(name))
}

/** Every module's files of one kind, in the order of their names: one order over all modules. */
const files = async (kind: 'migrations' | 'views.sql'): Promise<string[]> => {
  const modules = (await readdir(CORE, { withFileTypes: true })).filter(d => d.isDirectory()).map(d => d.name)
  const found = await Promise.all(
    modules.map(async name => {
      const path = join(CORE, name, kind)
      const names = kind === 'migrations' ? await readdir(path).catch(() => []) : null
      if (names) return names.filter(n => n.endsWith('.sql')).map(n => join(path, n))
      return readFile(path).then(
        () => [path],
        () => [],
      )
    }),
  )
  return found.flat().sort((a, b) => (basename(a) + a < basename(b) + b ? -1 : 1))
}

const umzug = async (client: pg.Client) => {
  const paths = await files('migrations')
  return new Umzug({
    logger: undefined,
    migrations: paths.map(path => ({
      name: basename(path),
      up: async () => {
        await client.query('BEGIN')
        try {
          await client.query(await readFile(path, 'utf8'))
          await client.query('INSERT INTO kernel.migrations (name) VALUES ($1)', [basename(path)])
          await client.query('COMMIT')
        } catch (error) {
          await client.query('ROLLBACK')
          throw new Error(`migration ${basename(path)} failed: ${(error as Error).message}`, { cause: error })
        }
      },
    })),
    storage: {
      logMigration: async () => {}, // recorded above, in the migration's own transaction
      unlogMigration: async () => {},
      executed: async () =>
        (await client.query<{ name: string }>('SELECT name FROM kernel.migrations ORDER BY name')).rows.map(
          r => r.name,
        ),
    },
  })
}

/** Published views are code, not history: dropped and made anew from each module's `views.sql`. */
const recreateViews = async (client: pg.Client) => {
  const sources = await Promise.all((await files('views.sql')).map(path => readFile(path, 'utf8')))
  await client.query('BEGIN')
  const views = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, viewname) AS name FROM pg_views
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'graphile_worker', 'public')`,
  )
  for (const { name } of views.rows) await client.query(`DROP VIEW IF EXISTS ${name} CASCADE`)
  for (const source of sources) await client.query(source)
  await client.query('COMMIT')
}

/**
 * The application's role reads and writes rows and owns nothing; of the audit trail it may only add and
 * read. With a single role for both there is nothing to grant, and the triggers alone guard the trail.
 */
const grant = async (client: pg.Client, appRole: string) => {
  const { rows } = await client.query<{ same: boolean }>('SELECT current_user = $1 AS same', [appRole])
  if (rows[0]!.same) return
  await client.query('BEGIN')
  const role = pg.escapeIdentifier(appRole)
  const schemas = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public)'`,
  )
  for (const { name } of schemas.rows) {
    const schema = pg.escapeIdentifier(name)
    const dml =
      name === 'audit' ? 'SELECT, INSERT' : name === 'kernel' ? 'SELECT' : 'SELECT, INSERT, UPDATE, DELETE'
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`)
    await client.query(`GRANT ${dml} ON ALL TABLES IN SCHEMA ${schema} TO ${role}`)
    await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`)
    await client.query(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role}`)
  }
  await openQueueTo(client, role)
  await client.query('COMMIT')
}

/** graphile-worker puts row-level security without policies on its tables: only its owner may use them. */
const openQueueTo = async (client: pg.Client, role: string) => {
  const tables = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relrowsecurity
       AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'annona')`,
  )
  for (const { name } of tables.rows)
    await client.query(`CREATE POLICY annona ON ${name} TO ${role} USING (true) WITH CHECK (true)`)
}

const quiet = new (await import('graphile-worker')).Logger(() => () => {})
