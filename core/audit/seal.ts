import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, sha256 } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { type Block, headOf, NEWEST } from './blocks.ts'
import { type Head, type Sealed, signHead } from './heads.ts'
import { merkle } from './merkle.ts'

/** What the first block continues. */
export const GENESIS = { height: '0', to: '0', hash: sha256('annona audit trail').toString('hex') }

const PAGE = 5_000
/** One sealer at a time; another that comes meanwhile has nothing to do. */
const LOCK = 7_205_340_119

/**
 * Seals every entry whose transaction has ended, and all before it have, into one signed block. Returns the
 * new head, or nothing when there was nothing to seal or another process is sealing.
 */
export const sealBlock = async (db: Db, keys: Keys, clock: Clock): Promise<Head | undefined> => {
  const key = await keys.signingKey('audit')
  return db.transaction(async () => {
    const lock = await db.one(sql`SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`)
    if (!lock?.mine) return undefined
    const last = await db.one<Block>(NEWEST)
    const before = last ? headOf(last) : GENESIS
    const horizon = await db.one<{ to: string }>(
      sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS to`,
    )
    const tree = merkle()
    for await (const leaf of leaves(db, before.to, horizon!.to)) tree.add(leaf)
    if (tree.count === 0) return undefined
    const sealed: Sealed = {
      height: (BigInt(before.height) + 1n).toString(),
      from: before.to,
      to: horizon!.to,
      entries: tree.count,
      root: tree.finish().root.toString('hex'),
      previous: before.hash,
      keyId: key.kid,
      sealedAt: clock.now().toISOString(),
    }
    const head = signHead(sealed, key)
    await insertBlock(db, head)
    return head
  })
}

/** Leaves of a range of transactions, in order, a page at a time. */
export async function* leaves(db: Db, from: string, to: string): AsyncIterable<Buffer> {
  let after = { xid: from, id: '00000000-0000-0000-0000-000000000000' }
  for (;;) {
    const page = await db.query<{ xid: string; id: string; leaf: Buffer }>(sql`
      SELECT e.xid::text AS xid, e.id, e.leaf FROM audit.entries e
      WHERE (e.xid, e.id) > (${after.xid}::xid8, ${after.id}::uuid) AND e.xid < ${to}::xid8
      ORDER BY e.xid, e.id LIMIT ${PAGE}`)
    for (const { leaf } of page) yield leaf
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last
  }
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')

const insertBlock = (db: Db, h: Head) =>
  db.run(sql`
    INSERT INTO audit.blocks (height, from_xid, to_xid, entries, root, previous, hash, key_id, signature, sealed_at)
    VALUES (${h.height}, ${h.from}::xid8, ${h.to}::xid8, ${h.entries}, ${bytes(h.root)}, ${bytes(h.previous)},
            ${bytes(h.hash)}, ${h.keyId}, ${bytes(h.signature)}, ${h.sealedAt})`)
