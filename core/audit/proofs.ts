import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { conflict, notFound } from '../kernel/index.ts'
import { type Block, headOf } from './blocks.ts'
import { faultOf, type Head, type Keyring } from './heads.ts'
import { merkle, rootOf } from './merkle.ts'
import { leaves } from './seal.ts'

/** That one entry is among those of a sealed block: RFC 9162 section 2.1.3, with SHA-256 in hexadecimal. */
export type Proof = {
  entry: string
  leaf: string
  /** Of the leaf among those of the block, from 0. */
  index: number
  /** The hashes beside the way to the root, from the leaf up. */
  path: string[]
  head: Head
}

/** Proves that an entry is in the trail. Throws `not_found`, and `conflict` (`not-sealed`) while no block holds it. */
export const proveEntry =
  (db: Db) =>
  async (id: string): Promise<Proof> => {
    const entry = await db.one<{ xid: string; leaf: Buffer }>(
      sql`SELECT xid::text, leaf FROM audit.entries WHERE id = ${id}`,
    )
    if (!entry) throw notFound('audit entry')
    const block = await db.one<Block>(
      sql`SELECT * FROM audit.blocks WHERE to_xid > ${entry.xid}::xid8 ORDER BY to_xid LIMIT 1`,
    )
    if (!block) throw conflict('The entry is not sealed yet. Ask again in a minute or two.', 'not-sealed')
    const head = headOf(block)
    const before = await db.one<{ n: number }>(sql`
      SELECT count(*)::int AS n FROM audit.entries
      WHERE xid >= ${head.from}::xid8 AND (xid, id) < (${entry.xid}::xid8, ${id}::uuid)`)
    const tree = merkle(before!.n)
    for await (const leaf of leaves(db, head.from, head.to)) tree.add(leaf)
    const path = tree.finish().path.map(hash => hash.toString('hex'))
    return { entry: id, leaf: entry.leaf.toString('hex'), index: before!.n, path, head }
  }

/** What is wrong with a proof; undefined when it holds. Needs no database. */
export const proofFault = (proof: Proof, keyring: Keyring): string | undefined => {
  const hashes = proof.path.map(hex => Buffer.from(hex, 'hex'))
  const root = rootOf(Buffer.from(proof.leaf, 'hex'), proof.index, proof.head.entries, hashes)
  if (root?.toString('hex') !== proof.head.root) return 'the path does not lead to the root of the block'
  return faultOf(proof.head, keyring)
}
