import { sign, verify } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { digestOf, sha256 } from '../kernel/index.ts'
import type { SigningKey } from '../keys/index.ts'
import { Broken } from './broken.ts'
import type { Keyring } from './heads.ts'

/** A run of blocks whose entries were taken out of the trail into a file. What is signed of it, and how. */
export type SegmentContent = {
  number: string
  fromHeight: string
  toHeight: string
  /** Transactions from `from` up to but not with `to`. */
  from: string
  to: string
  entries: string
  file: string
  /** Of the file's bytes; hexadecimal, like every hash here. */
  sha256: string
  /** The hash of the segment before. */
  previous: string
  keyId: string
  retiredAt: string
}
export type Segment = SegmentContent & { hash: string; signature: string }

/** What the first segment continues. */
export const NO_SEGMENT = {
  number: '0',
  toHeight: '0',
  hash: sha256('annona audit segments').toString('hex'),
}

export const signSegment = (content: SegmentContent, key: SigningKey): Segment => {
  const hash = digestOf(content)
  const signature = sign(null, hash, key.privateKey).toString('hex')
  return { ...content, hash: hash.toString('hex'), signature }
}

/** What is wrong with a segment's row or manifest by itself; undefined when nothing is. */
export const segmentFault = (
  { hash, signature, ...content }: Segment,
  keyring: Keyring,
): string | undefined => {
  if (digestOf(content).toString('hex') !== hash) return 'the segment was altered'
  const key = keyring.get(content.keyId)
  return key && verify(null, Buffer.from(hash, 'hex'), key, Buffer.from(signature, 'hex'))
    ? undefined
    : 'the signature of the segment is not ours'
}

type Row = {
  number: string
  from_height: string
  to_height: string
  from_xid: string
  to_xid: string
  entries: string
  file: string
  sha256: Buffer
  previous: Buffer
  hash: Buffer
  key_id: string
  signature: Buffer
  retired_at: Date
}

const segmentOf = (r: Row): Segment => ({
  number: r.number,
  fromHeight: r.from_height,
  toHeight: r.to_height,
  from: r.from_xid,
  to: r.to_xid,
  entries: r.entries,
  file: r.file,
  sha256: r.sha256.toString('hex'),
  previous: r.previous.toString('hex'),
  keyId: r.key_id,
  retiredAt: r.retired_at.toISOString(),
  hash: r.hash.toString('hex'),
  signature: r.signature.toString('hex'),
})

export const readSegments = async (db: Db): Promise<Segment[]> =>
  (await db.query<Row>(sql`SELECT * FROM audit.segments ORDER BY number`)).map(segmentOf)

/**
 * All segments, each signed by us, continuing the one before, and holding the whole of its blocks. Throws `Broken`. The
 * blocks themselves are for the caller to check.
 */
export const checkSegments = async (db: Db, keyring: Keyring): Promise<Segment[]> => {
  const segments = await readSegments(db)
  const covered = await db.query<{ whole: boolean }>(sql`
    SELECT count(b.height) = s.to_height - s.from_height + 1 AND min(b.from_xid::text::numeric) = s.from_xid::text::numeric
      AND max(b.to_xid::text::numeric) = s.to_xid::text::numeric AND sum(b.entries) = s.entries AS whole
    FROM audit.segments s LEFT JOIN audit.blocks b ON b.height BETWEEN s.from_height AND s.to_height
    GROUP BY s.number ORDER BY s.number`)
  let before: Pick<Segment, 'number' | 'toHeight' | 'hash'> = NO_SEGMENT
  for (const [n, segment] of segments.entries()) {
    const isNext =
      BigInt(segment.number) === BigInt(before.number) + 1n &&
      BigInt(segment.fromHeight) === BigInt(before.toHeight) + 1n &&
      segment.previous === before.hash
    const what = isNext
      ? (segmentFault(segment, keyring) ??
        (covered[n]!.whole ? undefined : 'the segment is not the whole of its blocks'))
      : 'the segment does not continue the one before it'
    if (what) throw new Broken(what, { segment: segment.number })
    before = segment
  }
  return segments
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')

/** Writes a segment down and takes its entries out of the trail, in one unit of work of the trail's owner. */
export const takeOut = (owner: Db, s: Segment): Promise<void> =>
  owner.transaction(async () => {
    await owner.run(sql`
      INSERT INTO audit.segments (number, from_height, to_height, from_xid, to_xid, entries, file, sha256, previous, hash,
        key_id, signature, retired_at)
      VALUES (${s.number}, ${s.fromHeight}, ${s.toHeight}, ${s.from}::xid8, ${s.to}::xid8, ${s.entries}, ${s.file},
        ${bytes(s.sha256)}, ${bytes(s.previous)}, ${bytes(s.hash)}, ${s.keyId}, ${bytes(s.signature)}, ${s.retiredAt})`)
    await owner.query(sql`SELECT audit.retire(${s.number})`)
  })
