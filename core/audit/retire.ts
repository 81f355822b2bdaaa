import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, invalidField, ruleViolated } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { type Block, headOf, headsFrom } from './blocks.ts'
import { Broken, type Fault, faultIn } from './broken.ts'
import { type Head, keyringOf } from './heads.ts'
import { checkSegmentFile, type SegmentFile, writeManifest, writeSegmentFile } from './segment-file.ts'
import { checkSegments, NO_SEGMENT, readSegments, type Segment, signSegment, takeOut } from './segments.ts'

type Deps = { db: Db; keys: Keys; clock: Clock }

export type RetireOptions = {
  /** The trail's owner, who alone may take entries out. */
  owner: Db
  /** Blocks that were sealed before this moment. */
  before: Date
  /** Where the files go. */
  dir: string
  /** Days that entries are kept in the database at least. */
  keepDays: number
  /** Entries of one file, about. */
  most?: number
  onSegment?: (segment: Segment) => void
}

const DAY = 86_400_000
const MOST = 1_000_000

/**
 * Takes the entries of old blocks out of the trail, into files of about a million. Each is written, made durable and
 * described by a signed manifest first; then one transaction of the owner writes the segment down and removes the
 * entries. Stopped anywhere, it has lost nothing, and the next run goes on. Returns the segments that it made.
 *
 * Throws `invalid` when `before` is within the days that are kept, and `rule_violated` (`trail-broken`) when the
 * entries are not those that were sealed: they stay where they are.
 */
export const retireTrail = async (deps: Deps, options: RetireOptions): Promise<Segment[]> => {
  const { db, clock } = deps
  if (options.before.getTime() > clock.now().getTime() - options.keepDays * DAY)
    throw invalidField(
      '/before',
      'too-recent',
      `Entries are kept for ${options.keepDays} days; give a date before that.`,
    )
  await mkdir(options.dir, { recursive: true })
  const made: Segment[] = []
  for (;;) {
    const before = (await readSegments(db)).at(-1) ?? NO_SEGMENT
    const heads = await oldest(db, BigInt(before.toHeight) + 1n, options)
    if (heads.length === 0) return made
    const segment = await exported(deps, before, heads, options.dir)
    await takeOut(options.owner, segment)
    options.onSegment?.(segment)
    made.push(segment)
  }
}

/** The oldest blocks that are still in the trail and old enough, as many as one file takes. */
const oldest = async (db: Db, from: bigint, { before, most = MOST }: RetireOptions): Promise<Head[]> => {
  const heads: Head[] = []
  let entries = 0
  for await (const head of headsFrom(db, from)) {
    if (new Date(head.sealedAt) >= before || (entries > 0 && entries + head.entries > most)) break
    heads.push(head)
    entries += head.entries
  }
  return heads
}

/** Writes the file and its manifest, and reads the file again before anybody relies on it. */
const exported = async (
  { db, keys, clock }: Deps,
  before: Pick<Segment, 'number' | 'hash'>,
  heads: readonly Head[],
  dir: string,
): Promise<Segment> => {
  const key = await keys.signingKey('audit')
  const [first, last] = [heads[0]!, heads.at(-1)!]
  const number = (BigInt(before.number) + 1n).toString()
  const name = `audit-segment-${number.padStart(6, '0')}-blocks-${first.height}-${last.height}`
  const file = `${name}.jsonl.gz`
  const written = await sound(async () => {
    const sha256 = await writeSegmentFile(db, heads, dir, file)
    const read = await checkSegmentFile(join(dir, file), keyringOf(await keys.ownKeys('audit')))
    if (read.sha256 !== sha256) throw new Broken('the file is not what was written')
    return read
  })
  const segment = signSegment(
    {
      number,
      fromHeight: first.height,
      toHeight: last.height,
      from: first.from,
      to: last.to,
      entries: written.entries.toString(),
      file,
      sha256: written.sha256,
      previous: before.hash,
      keyId: key.kid,
      retiredAt: clock.now().toISOString(),
    },
    key,
  )
  await writeManifest(dir, `${name}.manifest.json`, segment)
  return segment
}

const sound = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    throw ruleViolated('trail-broken', `Nothing more is retired: ${error.message}. Run annona audit verify.`)
  }
}

/**
 * Checks a segment file: its entries against the roots of their blocks, the blocks against those in the trail, and the
 * file against the segment that the trail has of it.
 */
export const verifySegmentFile = async (
  { db, keys }: Deps,
  path: string,
): Promise<{ found?: SegmentFile; broken?: Fault }> => {
  let found: SegmentFile | undefined
  const broken = await faultIn(async () => {
    const keyring = keyringOf(await keys.ownKeys('audit'))
    found = await checkSegmentFile(path, keyring)
    const segments = await checkSegments(db, keyring)
    const { heads, sha256 } = found
    const [first, last] = [heads[0]!.height, heads.at(-1)!.height]
    for (const head of heads) await requireBlock(db, head)
    const segment = segments.find(s => s.fromHeight === first && s.toHeight === last)
    if (!segment) throw new Broken('the trail has no segment of these blocks')
    if (segment.sha256 !== sha256)
      throw new Broken('the file is not the one that was written', { segment: segment.number })
  })
  return { ...(found && { found }), ...(broken && { broken }) }
}

const requireBlock = async (db: Db, head: Head) => {
  const block = await db.one<Block>(sql`SELECT * FROM audit.blocks WHERE height = ${head.height}`)
  if (!block || headOf(block).hash !== head.hash)
    throw new Broken('the trail has another block at this height', { block: head.height })
}
