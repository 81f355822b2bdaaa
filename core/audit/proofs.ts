import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { conflict, notFound, sha256 } from '../kernel/index.ts'
import { type Block, headOf } from './blocks.ts'
import { faultOf, type Head, type Keyring } from './heads.ts'
import { merkle, rootOf } from './merkle.ts'
import { leaves } from './seal.ts'
import { entryText } from './text.ts'

/** That one entry is among those of a sealed block: RFC 9162 section 2.1.3, with SHA-256 in hexadecimal. */
export type Proof = {
  entry: string
  /** The canonical text of the entry, of which the leaf is the SHA-256; null for those who may not see all of it. */
  text: string | null
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
    const entry = await db.one<{ xid: string; leaf: Buffer; text: string }>(
      sql`SELECT e.xid::text, e.leaf, ${entryText} AS text FROM audit.entries e WHERE e.id = ${id}`,
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
    return { entry: id, text: entry.text, leaf: entry.leaf.toString('hex'), index: before!.n, path, head }
  }

/** What the text of an entry says, in the order of its elements (`TEXT`). */
export type Told = { id: string; at: string; actor: string; action: string; subject: string }

/** What the canonical text of an entry says; undefined when it is none. */
export const readText = (text: string): Told | undefined => {
  try {
    const [, id, at, , , actor, action, type, subject] = JSON.parse(text) as (string | null)[]
    return {
      id: id!,
      at: `${at}Z`,
      actor: actor!,
      action: action!,
      subject: subject ? `${type} ${subject}` : type!,
    }
  } catch {
    return undefined
  }
}

/**
 * What is wrong with a proof; undefined when it holds: the text is that of the entry which is named, its hash is the
 * leaf, the leaf is in the block, and the block is signed. A proof without a text says nothing of which entry the leaf
 * is. Needs no database.
 */
export const proofFault = (proof: Proof, keyring: Keyring): string | undefined => {
  if (proof.text !== null) {
    if (sha256(proof.text).toString('hex') !== proof.leaf) return 'the text is not the one of the leaf'
    if (readText(proof.text)?.id !== proof.entry) return 'the text is that of another entry'
  }
  const hashes = proof.path.map(hex => Buffer.from(hex, 'hex'))
  const root = rootOf(Buffer.from(proof.leaf, 'hex'), proof.index, proof.head.entries, hashes)
  if (root?.toString('hex') !== proof.head.root) return 'the path does not lead to the root of the block'
  return faultOf(proof.head, keyring)
}
