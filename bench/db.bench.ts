import sql from 'sql-template-tag'
import { connect, type Db } from '#core/db/index.ts'
import { copyIn, insertOne, ONE_ROW, readOne } from './baselines/db.ts'
import { withDatabase } from './kit/database.ts'
import type { Metrics } from './kit/index.ts'

const IN_FLIGHT = 8
const COPY = 'COPY people (id, name) FROM STDIN'

/** What the way to PostgreSQL that every module takes costs, beside the driver alone. */
export const metrics: Metrics = bench =>
  withDatabase(async ({ url, pool }) => {
    await pool.query('CREATE UNLOGGED TABLE people (id int PRIMARY KEY, name text NOT NULL)')
    const db = connect({ url, poolSize: IN_FLIGHT })
    const empty = async () => void (await pool.query('TRUNCATE people'))
    const rows = async () => (await pool.query('SELECT * FROM people ORDER BY id')).rows
    const many = Math.round(200_000 * bench.scale)
    const calls = Math.round(5_000 * bench.scale)
    try {
      const load = await bench.compare({
        name: 'load by COPY',
        prepare: empty,
        ours: () => db.copyIn(COPY, people(many)),
        baseline: () => copyIn(pool, COPY, people(many)),
        rows,
        work: { count: many, unit: 'rows' },
        goal: { atLeast: 0.7 },
      })
      await bench.plan('one row by its key', pool, ONE_ROW, [1])
      const read = await bench.compare({
        name: 'one row by its key',
        ours: () => inFlight(calls, n => db.one(sql`SELECT id, name FROM people WHERE id = ${n}`)),
        baseline: () => inFlight(calls, n => readOne(pool, n)),
        work: { count: calls, unit: 'reads' },
        goal: { atLeast: 0.7 },
      })
      const write = await bench.compare({
        name: 'one insert in a unit of work',
        prepare: empty,
        ours: () => inFlight(calls, n => insert(db, n)),
        baseline: () => inFlight(calls, n => insertOne(pool, n, `Person ${n}`)),
        rows,
        work: { count: calls, unit: 'inserts' },
        goal: { atLeast: 0.5 },
      })
      return [load, read, write]
    } finally {
      await db.close()
    }
  })

const insert = (db: Db, n: number) =>
  db.transaction(() => db.run(sql`INSERT INTO people (id, name) VALUES (${n}, ${`Person ${n}`})`))

/** Rows in COPY's text format, in pieces of about 64 kB. */
async function* people(count: number): AsyncGenerator<string> {
  let piece = ''
  for (let n = 1; n <= count; n++) {
    piece += `${n}\tPerson ${n}\n`
    if (piece.length > 65_536) {
      yield piece
      piece = ''
    }
  }
  yield piece
}

/** Calls `work` with 1 … `count`, a few at a time, and gives the results in order. */
const inFlight = async (count: number, work: (n: number) => Promise<unknown>): Promise<unknown[]> => {
  const results: unknown[] = []
  let next = 1
  const worker = async () => {
    for (let n = next++; n <= count; n = next++) results[n - 1] = await work(n)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  return results
}
