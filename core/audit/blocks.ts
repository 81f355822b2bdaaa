import sql, { empty, type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { decodeCursor, type Page, type PageRequest, pageOf } from '../kernel/index.ts'
import type { Head } from './heads.ts'

/** A block as it is stored. */
export type Block = {
  height: string
  from_xid: string
  to_xid: string
  entries: number
  root: Buffer
  previous: Buffer
  hash: Buffer
  key_id: string
  signature: Buffer
  sealed_at: Date
}

export const NEWEST: Sql = sql`SELECT * FROM audit.blocks ORDER BY height DESC LIMIT 1`

export const headOf = (b: Block): Head => ({
  height: b.height,
  from: b.from_xid,
  to: b.to_xid,
  entries: b.entries,
  root: b.root.toString('hex'),
  previous: b.previous.toString('hex'),
  hash: b.hash.toString('hex'),
  keyId: b.key_id,
  signature: b.signature.toString('hex'),
  sealedAt: b.sealed_at.toISOString(),
})

const PAGE = 1_000

/** Heads from a height on, oldest first, in constant memory. */
export async function* headsFrom(db: Db, height: bigint): AsyncIterable<Head> {
  for (let from = height; ; ) {
    const page = await db.query<Block>(
      sql`SELECT * FROM audit.blocks WHERE height >= ${from} ORDER BY height LIMIT ${PAGE}`,
    )
    yield* page.map(headOf)
    if (page.length < PAGE) return
    from = BigInt(page.at(-1)!.height) + 1n
  }
}

/** Heads as they are listed: newest first. */
export const listHeads =
  (db: Db) =>
  async (page: PageRequest): Promise<Page<Head>> => {
    const [below] = page.cursor ? decodeCursor(page.cursor, 1) : []
    const rows = await db.query<Block>(sql`
      SELECT * FROM audit.blocks ${below === undefined ? empty : sql`WHERE height < ${below}`}
      ORDER BY height DESC LIMIT ${page.limit + 1}`)
    const { items, next } = pageOf(rows, page.limit, b => [b.height])
    return { items: items.map(headOf), next }
  }
