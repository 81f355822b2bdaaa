import { once } from 'node:events'
import pg from 'pg'
import { to } from 'pg-copy-streams'
import { copyIn } from './db.ts'

const TABLES = ['registrants', 'memberships', 'identifiers', 'payment_accounts'] as const

/** What is to be loaded into each table, in COPY's text format, ready in memory. */
export type Load = { table: string; text: Buffer }[]

/** Reads out what an import left. */
export const copyOut = async (url: string): Promise<Load> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const load: Load = []
    for (const table of TABLES) {
      const pieces: Buffer[] = []
      const stream = client.query(to(`COPY registry.${table} TO STDOUT`))
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      await once(stream, 'end')
      load.push({ table, text: Buffer.concat(pieces) })
    }
    return load
  } finally {
    await client.end()
  }
}

const PIECE = 1 << 16

/** COPY of rows that are ready, into the same tables with the same indexes: nothing is read, checked or recorded. */
export const loadPeople = async (pool: pg.Pool, load: Load): Promise<void> => {
  for (const { table, text } of load) await copyIn(pool, `COPY registry.${table} FROM STDIN`, pieces(text))
}

async function* pieces(text: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += PIECE) yield text.subarray(at, at + PIECE)
}
