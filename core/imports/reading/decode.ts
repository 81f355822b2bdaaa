import { Buffer, isUtf8 } from 'node:buffer'
import { unreadable } from './issue.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** Text of a file, and the encoding it was found to be in (to be shown to whoever sent it). */
export type DecodedText = { encoding: Encoding; text: AsyncGenerator<string, void, undefined> }

/** How much of the file decides its encoding. */
const SAMPLE_BYTES = 64 * 1024

/** `decode` is given whole characters only: `unfinished` tells how many bytes to keep for the next block. */
type Codec = {
  unfinished(bytes: Buffer): number
  decode(bytes: Buffer): string
  isSound(bytes: Buffer, text: string): boolean
}

/** Bytes at the end that begin a UTF-8 sequence and do not complete it (RFC 3629 section 3). */
const unfinishedUtf8 = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}

const utf16 = (toLittleEndian: (bytes: Buffer) => Buffer): Codec => ({
  unfinished: bytes => {
    const odd = bytes.length % 2
    const even = toLittleEndian(bytes.subarray(0, bytes.length - odd))
    const last = even.length >= 2 ? even.readUInt16LE(even.length - 2) : 0
    return odd + (last >= 0xd800 && last < 0xdc00 ? 2 : 0)
  },
  decode: bytes => toLittleEndian(bytes).toString('utf16le'),
  isSound: (bytes, text) => bytes.length % 2 === 0 && text.isWellFormed(),
})

const windows1252 = new TextDecoder('windows-1252')

const CODECS: Record<Encoding, Codec> = {
  'utf-8': { unfinished: unfinishedUtf8, decode: b => b.toString('utf8'), isSound: isUtf8 },
  'utf-16le': utf16(bytes => bytes),
  'utf-16be': utf16(bytes => Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()),
  'windows-1252': { unfinished: () => 0, decode: b => windows1252.decode(b), isSound: () => true },
}

/** The encoding by byte-order mark, else by whether the sample is UTF-8; and how long the mark is. */
const detect = (sample: Buffer, isWhole: boolean): { encoding: Encoding; mark: number } => {
  if (sample.length >= 3 && sample.readUIntBE(0, 3) === 0xefbbbf) return { encoding: 'utf-8', mark: 3 }
  if (sample.length >= 2 && sample.readUInt16BE(0) === 0xfffe) return { encoding: 'utf-16le', mark: 2 }
  if (sample.length >= 2 && sample.readUInt16BE(0) === 0xfeff) return { encoding: 'utf-16be', mark: 2 }
  const end = isWhole ? sample.length : sample.length - unfinishedUtf8(sample)
  return { encoding: isUtf8(sample.subarray(0, end)) ? 'utf-8' : 'windows-1252', mark: 0 }
}

/** Complete line breaks in a text; CR LF is one, also when `text` begins between the two. */
const countBreaks = (text: string, afterCarriageReturn: boolean): number => {
  let count = 0
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) count++
  if (text.includes('\r')) count += (text.match(/\r(?!\n)/g) ?? []).length
  if (text.endsWith('\r')) count--
  return count + (afterCarriageReturn && !text.startsWith('\n') ? 1 : 0)
}

/** The longest beginning of a block that is sound: what comes after it is the place to name. */
const soundPart = (codec: Codec, bytes: Buffer): string => {
  let sound = 0
  let broken = bytes.length
  while (sound < broken) {
    const middle = (sound + broken + 1) >> 1
    const whole = bytes.subarray(0, middle - codec.unfinished(bytes.subarray(0, middle)))
    if (codec.isSound(whole, codec.decode(whole))) sound = middle
    else broken = middle - 1
  }
  return codec.decode(bytes.subarray(0, sound - codec.unfinished(bytes.subarray(0, sound))))
}

const refuseContainers = (sample: Buffer) => {
  if (sample.length >= 4 && sample.readUInt32BE(0) === 0x504b0304)
    throw unreadable(1, null, 'not-text', 'This is a spreadsheet or ZIP archive: save it as CSV first.')
}

async function* decodeBlocks(
  encoding: Encoding,
  blocks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<string, void, undefined> {
  const codec = CODECS[encoding]
  let line = 1
  let carry: Buffer = Buffer.alloc(0)
  let endedWithReturn = false

  const take = (bytes: Buffer): string => {
    const text = codec.decode(bytes)
    const lineAfter = (part: string) => line + countBreaks(part, endedWithReturn)
    if (!codec.isSound(bytes, text))
      throw unreadable(
        lineAfter(soundPart(codec, bytes)),
        null,
        'encoding',
        `There are bytes that are not ${encoding.toUpperCase()}: save the file as UTF-8, or name its encoding.`,
      )
    const nul = text.indexOf('\0')
    if (nul >= 0) {
      const at = lineAfter(text.slice(0, nul))
      throw unreadable(at, null, 'nul-byte', `There is a NUL byte in line ${at}: this is not a text file.`)
    }
    line = lineAfter(text)
    endedWithReturn = text.endsWith('\r')
    return text
  }

  for await (const block of blocks) {
    const bytes = carry.length > 0 ? Buffer.concat([carry, block]) : block
    const end = bytes.length - codec.unfinished(bytes)
    carry = bytes.subarray(end)
    if (end > 0) yield take(bytes.subarray(0, end))
  }
  if (carry.length > 0) yield take(carry)
}

/**
 * Turns the bytes of a file into text, block by block, in memory bounded by the size of the blocks it is given.
 *
 * The encoding is the one of the byte-order mark; without one it is UTF-8 when the first 64 kB are valid UTF-8, else
 * Windows-1252, unless `encoding` says it. Bytes that do not fit later on, and NUL bytes, are an error with their
 * line (`UnreadableTable`), never replacement characters.
 */
export const decodeText = async (
  bytes: AsyncIterable<Uint8Array>,
  options: { encoding?: Encoding | undefined } = {},
): Promise<DecodedText> => {
  const source = bytes[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let size = 0
  let isWhole = false
  while (size < SAMPLE_BYTES && !isWhole) {
    const next = await source.next()
    isWhole = next.done === true
    if (next.done) break
    first.push(asBuffer(next.value))
    size += next.value.byteLength
  }
  const head = Buffer.concat(first)
  refuseContainers(head)
  const found = detect(head.subarray(0, SAMPLE_BYTES), isWhole && head.length <= SAMPLE_BYTES)
  const encoding = options.encoding ?? found.encoding
  const start = found.encoding === encoding ? found.mark : 0

  async function* blocks() {
    try {
      yield head.subarray(start)
      for (let next = await source.next(); !next.done; next = await source.next()) yield asBuffer(next.value)
    } finally {
      await source.return?.()
    }
  }
  return { encoding, text: decodeBlocks(encoding, blocks()) }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
