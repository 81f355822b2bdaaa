import { sign, verify as verifySignature } from 'node:crypto'
import sql, { type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, digestOf, sha256 } from '../kernel/index.ts'
import type { Keys, SigningKey } from '../keys/index.ts'
import { merkle } from './merkle.ts'

/** The newest sealed block: enough, kept elsewhere, to notice that the end of the trail was cut off. */
export type Head = { height: string; hash: string; keyId: string; signature: string; sealedAt: string }

type Block = {
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

const GENESIS = sha256('annona audit trail')
const PAGE = 5_000
/** One sealer at a time; another that comes meanwhile has nothing to do. */
const LOCK = 7_205_340_119

const blockHash = (b: Omit<Block, 'hash' | 'signature'>): Buffer =>
  digestOf({
    height: b.height,
    from: b.from_xid,
    to: b.to_xid,
    entries: b.entries,
    root: b.root.toString('hex'),
    previous: b.previous.toString('hex'),
    keyId: b.key_id,
    sealedAt: b.sealed_at.toISOString(),
  })

/** The canonical text of an entry (the same as `audit.leaf`), hashed here and not by the database under test. */
const TEXT = sql`(jsonb_build_array(
    e.xid::text, e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_kind, e.actor_id,
    e.actor_name, e.action, e.subject_type, e.subject_id, e.items, array_to_string(e.item_ids, ','), e.before, e.after,
    e.reason, e.request_id, e.address) || CASE WHEN num_nonnulls(e.behalf_id, e.behalf_name, e.details) = 0 THEN '[]'
    ELSE jsonb_build_array(e.behalf_id, e.behalf_name, e.details) END)::text`

/** Entries of a range of transactions, in order, a page at a time. */
async function* leaves(db: Db, from: string, to: string, columns: Sql) {
  let after = { xid: from, id: '00000000-0000-0000-0000-000000000000' }
  for (;;) {
    const page = await db.query<{ xid: string; id: string; leaf: Buffer; text?: string }>(sql`
      SELECT e.xid::text AS xid, e.id, e.leaf, ${columns} FROM audit.entries e
      WHERE (e.xid, e.id) > (${after.xid}::xid8, ${after.id}::uuid) AND e.xid < ${to}::xid8
      ORDER BY e.xid, e.id LIMIT ${PAGE}`)
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last
  }
}

/**
 * Seals every entry whose transaction has ended, and all before it have, into one signed block. Returns the
 * new head, or nothing when there was nothing to seal or another process is sealing.
 */
export const sealBlock = async (db: Db, keys: Keys, clock: Clock): Promise<Head | undefined> => {
  const key = await keys.signingKey('audit')
  return db.transaction(async () => {
    const lock = await db.one(sql`SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`)
    if (!lock?.mine) return undefined
    const last = await db.one<Block>(sql`SELECT * FROM audit.blocks ORDER BY height DESC LIMIT 1`)
    const from = last?.to_xid ?? '0'
    const horizon = await db.one<{ to: string }>(
      sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS to`,
    )
    const tree = merkle()
    for await (const { leaf } of leaves(db, from, horizon!.to, sql`NULL::text AS text`)) tree.add(leaf)
    if (tree.count === 0) return undefined
    const block = {
      height: (BigInt(last?.height ?? 0) + 1n).toString(),
      from_xid: from,
      to_xid: horizon!.to,
      entries: tree.count,
      root: tree.root(),
      previous: last?.hash ?? GENESIS,
      key_id: key.kid,
      sealed_at: clock.now(),
    }
    return insertBlock(db, block, key)
  })
}

const insertBlock = async (db: Db, b: Omit<Block, 'hash' | 'signature'>, key: SigningKey): Promise<Head> => {
  const hash = blockHash(b)
  const signature = sign(null, hash, key.privateKey)
  await db.run(sql`
    INSERT INTO audit.blocks (height, from_xid, to_xid, entries, root, previous, hash, key_id, signature, sealed_at)
    VALUES (${b.height}, ${b.from_xid}::xid8, ${b.to_xid}::xid8, ${b.entries}, ${b.root}, ${b.previous}, ${hash},
            ${b.key_id}, ${signature}, ${b.sealed_at})`)
  return {
    height: b.height,
    hash: hash.toString('hex'),
    keyId: b.key_id,
    signature: signature.toString('hex'),
    sealedAt: b.sealed_at.toISOString(),
  }
}

/** What `verifyTrail` found: how much was checked, and the first thing that is broken, if any. */
export type Verdict = {
  ok: boolean
  blocks: number
  entries: number
  unsealed: number
  broken?: { block?: string; entry?: string; what: string }
}

/**
 * Checks the whole trail: every entry against its leaf, every block's root, link and signature, and, when a
 * head kept elsewhere is given, that the trail still reaches it. Names the first broken block and entry.
 */
export const verifyTrail = async (db: Db, keys: Keys, known?: Head): Promise<Verdict> => {
  const publicKeys = new Map((await keys.publicKeys('audit')).map(k => [k.kid, k.jwk]))
  const blocks = await db.query<Block>(sql`SELECT * FROM audit.blocks ORDER BY height`)
  const seen = { blocks: 0, entries: 0, unsealed: 0 }
  let previous: Pick<Block, 'hash' | 'to_xid' | 'height'> = { hash: GENESIS, to_xid: '0', height: '0' }
  const broken = (what: string, block?: string, entry?: string): Verdict => ({
    ok: false,
    ...seen,
    broken: { what, ...(block === undefined ? {} : { block }), ...(entry === undefined ? {} : { entry }) },
  })
  for (const b of blocks) {
    if (BigInt(b.height) !== BigInt(previous.height) + 1n)
      return broken('a block before this one is missing', b.height)
    if (!b.previous.equals(previous.hash) || b.from_xid !== previous.to_xid)
      return broken('the block does not continue the one before it', b.height)
    const jwk = publicKeys.get(b.key_id)
    if (!b.hash.equals(blockHash(b))) return broken('the block was altered', b.height)
    if (!jwk || !verifySignature(null, b.hash, { key: jwk, format: 'jwk' }, b.signature))
      return broken('the signature of the block is not ours', b.height)
    const tree = merkle()
    for await (const e of leaves(db, b.from_xid, b.to_xid, sql`${TEXT} AS text`)) {
      const leaf = sha256(e.text!)
      if (!leaf.equals(e.leaf)) return broken('the entry was altered', b.height, e.id)
      tree.add(leaf)
    }
    if (tree.count !== b.entries)
      return broken(`the block was sealed with ${b.entries} entries and holds ${tree.count}`, b.height)
    if (!tree.root().equals(b.root)) return broken('an entry of the block was replaced', b.height)
    seen.blocks++
    seen.entries += tree.count
    previous = b
  }
  if (known && !blocks.some(b => b.hash.toString('hex') === known.hash))
    return broken(`the trail no longer reaches the known head ${known.height}: its end was cut off`)
  const tail = await db.one<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM audit.entries WHERE xid >= ${previous.to_xid}::xid8`,
  )
  return { ok: true, ...seen, unsealed: tail!.n }
}
