import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'

/** One row by its key, by pg alone. */
export const ONE_ROW = 'SELECT id, name FROM people WHERE id = $1'

export const readOne = async (pool: pg.Pool, id: number): Promise<unknown> =>
  (await pool.query(ONE_ROW, [id])).rows[0]

/** COPY from a stream, by pg-copy-streams alone. */
export const copyIn = async (
  pool: pg.Pool,
  copy: string,
  source: AsyncIterable<string | Buffer>,
): Promise<void> => {
  const client = await pool.connect()
  try {
    await pipeline(source, client.query(from(copy)))
  } finally {
    client.release()
  }
}

/** One insert in a transaction, by hand. */
export const insertOne = async (pool: pg.Pool, id: number, name: string): Promise<void> => {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('INSERT INTO people (id, name) VALUES ($1, $2)', [id, name])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}
