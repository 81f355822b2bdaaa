import { AsyncLocalStorage } from 'node:async_hooks'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { type Options, Sequelize, Transaction } from 'sequelize'
import type { Sql } from 'sql-template-tag'
import { DomainError, unavailable } from '../kernel/index.ts'

/** A row as it comes from the driver: `bigint` and `numeric` as text, `date` as `YYYY-MM-DD`, instants as Date. */
// biome-ignore lint/suspicious/noExplicitAny: a row's shape is stated by the caller of `query`
export type Row = Record<string, any>

/** The one way to PostgreSQL. A query runs in the unit of work it is called in, or on its own outside one. */
export type Db = {
  query<T extends Row = Row>(sql: Sql): Promise<T[]>
  /** The first row, if there is one. */
  one<T extends Row = Row>(sql: Sql): Promise<T | undefined>
  /** Runs a statement and tells how many rows it touched. */
  run(sql: Sql): Promise<number>
  /** COPY … FROM STDIN: `source` yields text in COPY's text format. Tells how many rows went in. */
  copyIn(copy: string, source: AsyncIterable<string | Buffer>): Promise<number>
  /** COPY … TO STDOUT: its bytes as they come, on a connection of its own, whatever the unit of work. */
  copyOut(copy: string): AsyncIterable<Buffer>
  /**
   * A unit of work: everything inside `work` commits together or not at all. A call inside another joins it.
   * The outermost one is run again, from the start, when the database reports a serialisation failure or a
   * deadlock, so `work` must have no effects but on the database. Network calls inside are refused by the
   * guarded client. It commits also when `work` refuses with an error that `keeps` what was done.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** For models (`Model.init(…, { sequelize })`), which work inside a unit of work only. */
  sequelize: Sequelize
  close: () => Promise<void>
}

type Scope = { client: pg.PoolClient; transaction: Transaction }

const units = new AsyncLocalStorage<Scope>()

/** Whether the caller is inside a unit of work: the guarded HTTP client asks, and refuses. */
export const inTransaction = (): boolean => units.getStore() !== undefined

const RETRIED = new Set(['40001', '40P01'])
const ATTEMPTS = 6

const types = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === pg.types.builtins.DATE
      ? (value: string) => value
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

export type DbOptions = {
  url: string
  /** Connections of this process, at most. */
  poolSize?: number
  applicationName?: string
  /** Longest time of one statement; 0 for none. */
  statementTimeoutMs?: number
  /** Longest wait for a free connection before the call is answered with `unavailable`. */
  acquireTimeoutMs?: number
  onError?: (error: Error) => void
}

/**
 * PostgreSQL compiles a plan when its estimated cost is high, which takes it up to a second, every time. Estimates are
 * high here where fresh rows have no statistics yet: an import took twelve times as long.
 */
const NO_COMPILING = '-c jit=off'

/** Opens the pool. Nothing is connected until the first query. */
export const connect = (options: DbOptions): Db => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    application_name: options.applicationName ?? 'annona',
    statement_timeout: options.statementTimeoutMs || false,
    options: NO_COMPILING,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    types,
  })
  pool.on('error', error => options.onError?.(error))
  const sequelize = modelsOnly()

  const send = async (sql: Sql): Promise<pg.QueryResult> => {
    const unit = units.getStore()
    try {
      return await (unit?.client ?? pool).query({ text: sql.text, values: sql.values as unknown[] })
    } catch (error) {
      throw reachable(error)
    }
  }

  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const unit = units.getStore()
    if (unit) return work(unit.client)
    const client = await acquire(pool)
    try {
      return await work(client)
    } finally {
      client.release()
    }
  }

  return {
    sequelize,
    query: async <T extends Row>(sql: Sql) => (await send(sql)).rows as T[],
    one: async <T extends Row>(sql: Sql) => (await send(sql)).rows[0] as T | undefined,
    run: async sql => (await send(sql)).rowCount ?? 0,
    copyIn: (copy, source) =>
      withClient(async client => {
        const sink = client.query(copyFrom(copy))
        await pipeline(source, sink)
        return sink.rowCount
      }),
    copyOut: async function* (copy) {
      const client = await acquire(pool)
      let isWhole = false
      try {
        yield* client.query(copyTo(copy))
        isWhole = true
      } finally {
        // Left in the middle, the connection is full of what nobody wants.
        client.release(!isWhole)
      }
    },
    transaction: work => (units.getStore() ? work() : retried(() => transact(pool, sequelize, work))),
    close: async () => {
      await pool.end()
    },
  }
}

/** Models share the unit of work's connection; Sequelize itself never opens one. */
const modelsOnly = (): Sequelize => {
  Sequelize.useCLS({
    get: () => units.getStore()?.transaction,
    set: () => {},
    run: (work: () => void) => work(),
    bind: (work: () => void) => work,
  } as object)
  const options: Options & { databaseVersion: string } = {
    dialect: 'postgres',
    logging: false,
    databaseVersion: '15.0.0',
  }
  const sequelize = new Sequelize(options)
  const manager = (
    sequelize as unknown as {
      connectionManager: { getConnection: () => never; releaseConnection: () => void }
    }
  ).connectionManager
  manager.getConnection = () => {
    throw new Error('models are used inside a unit of work only (db.transaction)')
  }
  manager.releaseConnection = () => {}
  return sequelize
}

const transact = async <T>(pool: pg.Pool, sequelize: Sequelize, work: () => Promise<T>): Promise<T> => {
  const client = await acquire(pool)
  const transaction = new Transaction(sequelize, {})
  Object.assign(transaction, { connection: client })
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await units.run({ client, transaction }, work)
    await client.query('COMMIT')
    return result
  } catch (error) {
    if (error instanceof DomainError && error.keeps) {
      await client.query('COMMIT')
      throw error
    }
    await client.query('ROLLBACK').catch((e: Error) => {
      broken = e
    })
    throw reachable(error)
  } finally {
    client.release(broken)
  }
}

const retried = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      if (n >= ATTEMPTS || !RETRIED.has(pgCode(error) ?? '')) throw error
      await new Promise(resolve => setTimeout(resolve, Math.random() * 2 ** n * 5))
    }
  }
}

/** A connection lost between two statements fails the next one; unheard, its error event would end the process. */
const ignoreLoss = () => {}

const acquire = async (pool: pg.Pool): Promise<pg.PoolClient> => {
  try {
    const client = await pool.connect()
    if (!client.listeners('error').includes(ignoreLoss)) client.on('error', ignoreLoss)
    return client
  } catch (error) {
    throw reachable(error)
  }
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', '57P01', '57P02', '57P03', '53300'])

/** A database that cannot be reached is `unavailable`, not an unknown error. */
const reachable = (error: unknown): unknown =>
  UNREACHABLE.has(pgCode(error) ?? '') ||
  /timeout exceeded when trying to connect|Connection terminated/.test(String(error))
    ? error instanceof DomainError
      ? error
      : unavailable('The database does not answer at the moment. Nothing was changed; try again.', error)
    : error

/** The SQLSTATE or system code of an error, wherever the driver or Sequelize put it. */
export const pgCode = (error: unknown): string | undefined => {
  const e = error as { code?: unknown; original?: { code?: unknown } } | undefined
  const code = e?.original?.code ?? e?.code
  return typeof code === 'string' ? code : undefined
}

/** The constraint that a statement violated, when it violated one: unique (23505), check (23514), … */
export const violated = (error: unknown): string | undefined => {
  const e = error as { constraint?: string; original?: { constraint?: string }; cause?: unknown } | undefined
  return pgCode(error)?.startsWith('23') ? (e?.original?.constraint ?? e?.constraint) : undefined
}
