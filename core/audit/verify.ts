import { hash } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { DomainError } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { type Block, headOf, headsFrom, NEWEST } from './blocks.ts'
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
  /** The heads kept elsewhere that it was compared with, and from which to which they reach; none when there were none. */
  compared: { heads: number; from?: string; to?: string }
  broken?: Fault
}

export type VerifyOptions = {
  /** Heads that were kept elsewhere: the trail must still have them, and reach the newest. */
  known?: readonly Head[]
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
 *
 * Throws `invalid` when it cannot be checked as asked: a kept head is not sound by itself, none is of the blocks that are
 * looked at, or there is no block as high as `from`.
 */
export const verifyTrail = async (db: Db, keys: Keys, options: VerifyOptions = {}): Promise<Verdict> => {
  const seen = { blocks: 0, entries: 0, retired: 0 }
  const from = options.from ?? 1n
  const keyring = keyringOf(await keys.ownKeys('audit'))
  const known = soundHeads(options.known, from, keyring)
  const broken = await faultIn(async () => {
    const segments = await checkSegments(db, keyring)
    await requireReach(db, from, known)
    let newest: Pick<Head, 'height' | 'to'> = { height: String(from - 1n), to: '0' }
    for await (const slice of slices(checkedHeads(db, keyring, from))) {
      for (const head of slice) requireKnown(head, known)
      await checkEntries(db, slice, segments, seen)
      newest = slice.at(-1)!
      options.onProgress?.(seen)
    }
    requireReached(BigInt(newest.height), known)
    await checkUnsealed(db, newest.to)
  })
  const heights = [...known.keys()].sort((a, b) => (a < b ? -1 : 1))
  const compared = {
    heads: known.size,
    ...(known.size > 0 && { from: String(heights[0]), to: String(heights.at(-1)) }),
  }
  return { ok: !broken, ...seen, unsealed: await unsealed(db), compared, ...(broken && { broken }) }
}

/** The hashes of kept heads, by their heights. */
type Known = ReadonlyMap<bigint, ReadonlySet<string>>

/** Kept heads from a height on, each checked by itself first: what was altered or is not ours compares with nothing. */
const soundHeads = (heads: readonly Head[] | undefined, from: bigint, keyring: Keyring): Known => {
  const known = new Map<bigint, Set<string>>()
  for (const head of heads ?? []) {
    const what = faultOf(head, keyring)
    if (what)
      throw new DomainError(
        'invalid',
        `The kept head ${head.height} is of no use: ${what}. Nothing was checked.`,
      )
    const height = BigInt(head.height)
    if (height >= from) known.set(height, (known.get(height) ?? new Set()).add(head.hash))
  }
  if (heads && known.size === 0)
    throw new DomainError(
      'invalid',
      'There is no kept head of these blocks to compare with. Nothing was checked.',
    )
  return known
}

const requireReached = (newest: bigint, known: Known): void => {
  for (const height of known.keys())
    if (height > newest)
      throw new Broken(`the trail no longer reaches the known head ${height}: its end was cut off`)
}

/** That there is a block to begin with; where heads say that there was one, its end was cut off. */
const requireReach = async (db: Db, from: bigint, known: Known): Promise<void> => {
  const newest = BigInt((await db.one<Block>(NEWEST))?.height ?? 0)
  if (from === 1n || from <= newest) return
  requireReached(newest, known)
  throw new DomainError('invalid', `There is no block ${from}: the newest is ${newest}. Nothing was checked.`)
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

const requireKnown = (head: Head, known: Known) => {
  for (const hash of known.get(BigInt(head.height)) ?? [])
    if (hash !== head.hash)
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
