import { hash } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'
import { type Block, headOf, headsFrom } from './blocks.ts'
import { Broken, type Fault, faultIn } from './broken.ts'
import { checkBlock } from './check-block.ts'
import { readEntries, uuidText } from './entries.ts'
import { breakBetween, faultOf, type Head, type Keyring, keyringOf } from './heads.ts'
import { GENESIS } from './seal.ts'
import { checkSegments, type Segment } from './segments.ts'
import { type Unsealed, unsealed } from './unsealed.ts'

/** What `verifyTrail` found: how much was checked, and the first thing that is broken, if any. */
export type Verdict = {
  ok: boolean
  blocks: number
  entries: number
  /** Entries that were taken out into segment files, whose blocks were checked. */
  retired: number
  unsealed: Unsealed
  broken?: Fault
}

export type VerifyOptions = {
  /** Heads that were kept elsewhere: the trail must still have them, and reach the newest. */
  known?: readonly Pick<Head, 'height' | 'hash'>[]
  /** The first block to look at; the one before it is taken as it is. */
  from?: bigint
  onProgress?: (checked: { blocks: number; entries: number }) => void
}

/** Entries that are read by one statement, about: a longer one would keep the database from cleaning up. */
const SLICE = 1_000_000
/** Blocks that are in memory at once. */
const HEADS = 10_000
/** Beyond any transaction. */
const END = 2n ** 63n

/**
 * Checks the trail: every entry against its leaf, sealed or not, every block's root, link and signature, segments that
 * were taken out, and that the trail has the heads that were kept elsewhere. Names the first broken block and entry.
 *
 * It hashes by itself, and takes no key that the master key does not open: what stands in the database is believed for
 * nothing. Entries are read in constant memory.
 */
export const verifyTrail = async (db: Db, keys: Keys, options: VerifyOptions = {}): Promise<Verdict> => {
  const seen = { blocks: 0, entries: 0, retired: 0 }
  const broken = await faultIn(async () => {
    const keyring = keyringOf(await keys.ownKeys('audit'))
    const segments = await checkSegments(db, keyring)
    const known = new Map(options.known?.map(head => [BigInt(head.height), head]))
    const from = options.from ?? 1n
    let newest: Pick<Head, 'height' | 'to'> = { height: String(from - 1n), to: '0' }
    for await (const slice of slices(checkedHeads(db, keyring, from))) {
      for (const head of slice) requireKnown(head, known.get(BigInt(head.height)))
      await checkEntries(db, slice, segments, seen)
      newest = slice.at(-1)!
      options.onProgress?.(seen)
    }
    for (const height of known.keys())
      if (height > BigInt(newest.height))
        throw new Broken(`the trail no longer reaches the known head ${height}: its end was cut off`)
    await checkUnsealed(db, newest.to)
  })
  return { ok: broken === undefined, ...seen, unsealed: await unsealed(db), ...(broken && { broken }) }
}

/** Heads from a height on, each sound by itself and as what comes after the one before. */
async function* checkedHeads(db: Db, keyring: Keyring, from: bigint): AsyncIterable<Head> {
  let before: Pick<Head, 'height' | 'hash' | 'to'> = GENESIS
  if (from > 1n) {
    const block = await db.one<Block>(sql`SELECT * FROM audit.blocks WHERE height = ${from - 1n}`)
    if (!block) throw new Broken('there is no block before the first to check', { block: String(from) })
    before = headOf(block)
  }
  for await (const head of headsFrom(db, from)) {
    const what = breakBetween(before, head) ?? faultOf(head, keyring)
    if (what) throw new Broken(what, { block: head.height })
    yield head
    before = head
  }
}

const requireKnown = (head: Head, known: { hash: string } | undefined) => {
  if (known && known.hash !== head.hash)
    throw new Broken('the block is not the one whose head was kept elsewhere', { block: head.height })
}

/** Runs of blocks that hold about so many entries together. */
async function* slices(heads: AsyncIterable<Head>): AsyncIterable<Head[]> {
  let slice: Head[] = []
  let entries = 0
  for await (const head of heads) {
    slice.push(head)
    entries += head.entries
    if (entries < SLICE && slice.length < HEADS) continue
    yield slice
    slice = []
    entries = 0
  }
  if (slice.length > 0) yield slice
}

type Seen = { blocks: number; entries: number; retired: number }

/** Checks the entries of a run of blocks, read by one statement. */
const checkEntries = async (
  db: Db,
  heads: readonly Head[],
  segments: readonly Segment[],
  seen: Seen,
): Promise<void> => {
  let n = 0
  let block = openBlock(heads[0]!, segments)
  const close = () => {
    block.close(seen)
    n++
    const next = heads[n]
    if (next) block = openBlock(next, segments)
  }
  for await (const entries of readEntries(db, heads[0]!.from, heads.at(-1)!.to))
    for (const e of entries) {
      while (e.xid >= block.to) close()
      block.add(e.text, e.leaf, () => uuidText(e.id))
    }
  while (n < heads.length) close()
}

/** Entries that no block holds yet have only their leaves. */
const checkUnsealed = async (db: Db, from: string): Promise<void> => {
  for await (const entries of readEntries(db, from, END))
    for (const e of entries)
      if (!hash('sha256', e.text, 'buffer').equals(e.leaf))
        throw new Broken('the entry was altered', { entry: uuidText(e.id) })
}

/** A block whose entries are checked; when it is in a segment, there must be none. */
const openBlock = (head: Head, segments: readonly Segment[]) => {
  const height = BigInt(head.height)
  const segment = segments.find(s => BigInt(s.fromHeight) <= height && height <= BigInt(s.toHeight))
  const to = BigInt(head.to)
  if (!segment) {
    const check = checkBlock(head)
    const close = (seen: Seen) => {
      seen.entries += check.finish()
      seen.blocks++
    }
    const add = (text: Buffer, leaf: Buffer, id: () => string) => check.add(text, leaf, id)
    return { to, add, close }
  }
  return {
    to,
    add: (_text: Buffer, _leaf: Buffer, id: () => string) => {
      throw new Broken(`the entry was retired with segment ${segment.number} and is there again`, {
        block: head.height,
        entry: id(),
      })
    },
    close: (seen: Seen) => {
      seen.retired += head.entries
      seen.blocks++
    },
  }
}
