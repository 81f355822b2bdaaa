import pg from 'pg'
import sql, { type Sql } from 'sql-template-tag'
import { type Ctx, systemCtx } from '#core/kernel/index.ts'
import { superuserUrl, testDatabase } from '#tests/support/database.ts'
import { type Comparison, cpuSeconds } from '../kit/index.ts'

/** Rows of one statement: what the product writes in one transaction. */
const ROWS = 100_000

export type Bulk = {
  /** The connection that both sides use: as the application's, no plan is compiled. */
  client: pg.Client
  ctx: Ctx
  /** Ids that are the same for both sides: `id`, `ref`, `registrant_id`, `amount`. */
  source: Sql
  count: number
  run: (statement: Sql) => Promise<void>
  query: (statement: Sql) => Promise<Record<string, unknown>[]>
  empty: (...tables: string[]) => Promise<void>
  /**
   * The processor time of the one server process that does the work of both sides: what the clock on the wall shows
   * when nobody else is on the machine.
   */
  clock: NonNullable<Comparison['clock']>
}

/** A database of the benchmark's own, one connection to it, and ids to make rows of. */
export const inBulk = async <T>(scale: number, work: (bulk: Bulk) => Promise<T>): Promise<T> => {
  const scratch = await testDatabase()
  const client = new pg.Client({ connectionString: scratch.url, options: '-c jit=off' })
  await client.connect()
  const query = async (statement: Sql) => (await client.query(statement)).rows as Record<string, unknown>[]
  const superuser = new pg.Client({ connectionString: await superuserUrl(scratch.url) })
  await superuser.connect()
  // The audit trail refuses to be emptied; not to who switches its triggers off.
  await superuser.query(`SET session_replication_role = 'replica'`)
  const count = Math.round(ROWS * scale)
  try {
    const [backend] = await query(sql`SELECT pg_backend_pid() AS pid`)
    await query(sql`
      CREATE TEMP TABLE source AS
      SELECT kernel.uuid7() AS id, kernel.random_ref() AS ref, kernel.uuid7() AS registrant_id, g AS amount
      FROM generate_series(1, ${count}) g`)
    await query(sql`ANALYZE source`)
    return await work({
      client,
      query,
      ctx: systemCtx('bench', 'bench'),
      source: sql`source`,
      count,
      run: async statement => void (await query(statement)),
      empty: async (...tables) => {
        await superuser.query(`TRUNCATE ${['audit.entries', ...tables].join(', ')}`)
      },
      clock: () => cpuSeconds(backend!.pid as number)!,
    })
  } finally {
    await superuser.end()
    await client.end()
    await scratch.close()
  }
}
