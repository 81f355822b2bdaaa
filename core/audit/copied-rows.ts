/** Signature, flags and the length of an extension, which PostgreSQL has never had. */
const HEADER = 19
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')

/** Where reading stopped: the rows so far, where the rest begins, and how many bytes there must be to go on. */
type Taken = { rows: (Buffer | null)[][]; at: number; wanted: number }

/**
 * The rows of COPY's binary format (PostgreSQL, "COPY", File Formats), field by field as bytes, null for NULL; as many
 * at a time as there are. Throws when it ends in the middle.
 */
export async function* copiedRows(source: AsyncIterable<Buffer>): AsyncIterable<(Buffer | null)[][]> {
  let pieces: Buffer[] = []
  let size = 0
  let wanted = HEADER
  let isBegun = false
  for await (const piece of source) {
    pieces.push(piece)
    size += piece.length
    if (size < wanted) continue
    const bytes = pieces.length === 1 ? piece : Buffer.concat(pieces)
    if (!isBegun && !bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE))
      throw new Error('this is not binary COPY')
    const taken = takeRows(bytes, isBegun ? 0 : HEADER)
    isBegun = true
    pieces = [bytes.subarray(taken.at)]
    size = bytes.length - taken.at
    wanted = taken.wanted
    if (taken.rows.length > 0) yield taken.rows
  }
  if (wanted !== END) throw new Error('the copied rows end in the middle')
}

const END = Number.POSITIVE_INFINITY

const takeRows = (bytes: Buffer, from: number): Taken => {
  const rows: (Buffer | null)[][] = []
  let start = from
  for (;;) {
    const row = takeRow(bytes, start)
    if (row === 'end') return { rows, at: bytes.length, wanted: END }
    if (typeof row === 'number') return { rows, at: start, wanted: row - start }
    rows.push(row.fields)
    start = row.at
  }
}

/** A row and where it ends; the trailer; or up to where bytes are needed. */
const takeRow = (
  bytes: Buffer,
  start: number,
): { fields: (Buffer | null)[]; at: number } | 'end' | number => {
  if (start + 2 > bytes.length) return start + 2
  const count = bytes.readInt16BE(start)
  if (count === -1) return 'end'
  const fields: (Buffer | null)[] = []
  let at = start + 2
  for (let n = 0; n < count; n++) {
    if (at + 4 > bytes.length) return at + 4
    const length = bytes.readInt32BE(at)
    at += 4
    if (length >= 0 && at + length > bytes.length) return at + length
    fields.push(length < 0 ? null : bytes.subarray(at, at + length))
    at += Math.max(length, 0)
  }
  return { fields, at }
}
