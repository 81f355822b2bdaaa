import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Db } from '../db/index.ts'
import { Broken } from './broken.ts'
import { checkBlock } from './check-block.ts'
import { readEntries, uuidText } from './entries.ts'
import { breakBetween, faultOf, type Head, type Keyring } from './heads.ts'

/**
 * The lines of a segment file: for each block its head, a JSON object, then its entries in order, each the canonical
 * text that its leaf is the hash of, a JSON array. Throws `Broken` when the entries are not what was sealed.
 */
async function* linesOf(db: Db, heads: readonly Head[]): AsyncIterable<string | Buffer> {
  for (const head of heads) {
    yield `${JSON.stringify(head)}\n`
    const block = checkBlock(head)
    for await (const entries of readEntries(db, head.from, head.to))
      for (const e of entries) {
        block.add(e.text, e.leaf, () => uuidText(e.id))
        yield e.text
        yield '\n'
      }
    block.finish()
  }
}

/** Bytes that pass through, and their SHA-256. */
const hashing = () => {
  const hash = createHash('sha256')
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  return { through, digest: () => hash.digest('hex') }
}

/** Makes a file, or a folder's list of files, outlive a loss of power. */
const settle = async (path: string) => {
  const handle = await open(path)
  await handle.sync()
  await handle.close()
}

/** Writes a file so that under its name there is all of it or nothing. */
const writeWhole = async (dir: string, name: string, write: (path: string) => Promise<void>) => {
  const partial = join(dir, `${name}.partial`)
  await write(partial)
  await settle(partial)
  await rename(partial, join(dir, name))
  await settle(dir)
}

/** Writes the entries of some blocks as `name` into a folder, compressed. Returns the SHA-256 of the file. */
export const writeSegmentFile = async (
  db: Db,
  heads: readonly Head[],
  dir: string,
  name: string,
): Promise<string> => {
  const { through, digest } = hashing()
  await writeWhole(dir, name, path =>
    pipeline(Readable.from(linesOf(db, heads)), createGzip(), through, createWriteStream(path)),
  )
  return digest()
}

export const writeManifest = (dir: string, name: string, content: object): Promise<void> =>
  writeWhole(dir, name, async path => {
    await pipeline([`${JSON.stringify(content, null, 2)}\n`], createWriteStream(path))
  })

/** The lines of a text, without their ends. */
async function* linesIn(text: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let begun: Buffer[] = []
  for await (const piece of text) {
    let from = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      yield Buffer.concat([...begun, piece.subarray(from, end)])
      begun = []
      from = end + 1
    }
    begun.push(piece.subarray(from))
  }
  const last = Buffer.concat(begun)
  if (last.length > 0) yield last
}

/** What the line of an entry begins with: `[`. */
const ENTRY = 0x5b

/** What a segment file was found to hold. */
export type SegmentFile = { sha256: string; heads: Head[]; entries: number }

/**
 * Reads a segment file, and checks every entry against the root of its block, and the blocks against each other and
 * their signatures. Throws `Broken`; also when the file is cut off, or is none.
 */
export const checkSegmentFile = async (path: string, keyring: Keyring): Promise<SegmentFile> => {
  const { through, digest } = hashing()
  const heads: Head[] = []
  let entries = 0
  let block: ReturnType<typeof checkBlock> | undefined
  const take = (line: Buffer) => {
    if (line[0] === ENTRY) {
      if (!block) throw new Broken('the file does not begin with a block')
      block.add(line)
      return
    }
    entries += block?.finish() ?? 0
    const head = JSON.parse(line.toString()) as Head
    const before = heads.at(-1)
    const what = faultOf(head, keyring) ?? (before && breakBetween(before, head))
    if (what) throw new Broken(what, { block: head.height })
    heads.push(head)
    block = checkBlock(head)
  }
  try {
    await pipeline(createReadStream(path), through, createGunzip(), async (text: AsyncIterable<Buffer>) => {
      for await (const line of linesIn(text)) take(line)
    })
  } catch (error) {
    // A file that is not there, or may not be read, is not broken.
    if (error instanceof Broken || (error as NodeJS.ErrnoException).syscall) throw error
    throw new Broken(`the file is not a segment: ${(error as Error).message}`)
  }
  if (!block) throw new Broken('the file holds no block')
  entries += block.finish()
  return { sha256: digest(), heads, entries }
}
