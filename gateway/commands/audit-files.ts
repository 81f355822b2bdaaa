import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { type Head, isHead, type Keyring, keyringOfJwks } from '#core/audit/index.ts'
import { DomainError } from '#core/kernel/index.ts'

/**
 * The heads of a file with one a line. The end that a crash cut off is told, and left out. Throws `invalid` for any other
 * line that is no head, and when there is none: who compares with nothing must not believe to have compared.
 */
export const readHeads = async (path: string): Promise<Head[]> => {
  const { heads, odd, lines } = await linesOf(path)
  const isCut = odd.length === 1 && odd[0]!.at === lines && !(await endsWithLine(path))
  if (odd.length > 0 && !isCut)
    throw new DomainError(
      'invalid',
      `${path} has a line that is no head, line ${odd[0]!.at}: ${odd[0]!.line}`,
    )
  if (heads.length === 0) throw new DomainError('invalid', `${path} holds no head.`)
  tell(path, odd)
  return heads
}

/** The heads that a worker wrote down here, if it did: what it was stopped in the middle of is told, and left out. */
export const readOwnHeads = async (path: string): Promise<Head[]> => {
  const { heads, odd } = await linesOf(path)
  tell(path, odd)
  return heads
}

type Odd = { at: number; line: string }

const tell = (path: string, odd: readonly Odd[]) => {
  for (const { line } of odd) process.stderr.write(`${path} has a line that is no head: ${line}\n`)
}

const linesOf = async (path: string) => {
  const heads: Head[] = []
  const odd: Odd[] = []
  let lines = 0
  for await (const line of createInterface({ input: createReadStream(path) })) {
    lines++
    const head = parsed(line)
    if (isHead(head)) heads.push(head)
    else if (line.trim() !== '') odd.push({ at: lines, line: line.slice(0, 80) })
  }
  return { heads, odd, lines }
}

const endsWithLine = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0))
    return buffer.toString() === '\n'
  } finally {
    await file.close()
  }
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The public keys in a file, a JSON Web Key Set. */
export const readKeys = async (path: string): Promise<Keyring> => {
  const text = await readFile(path, 'utf8')
  try {
    return keyringOfJwks(text)
  } catch (error) {
    throw new DomainError('invalid', `${path} is not a JSON Web Key Set: ${(error as Error).message}`)
  }
}

/** The height of a block, as it was written on the command line. */
export const height = (option: string, text: string): bigint => {
  if (!/^[1-9]\d{0,17}$/.test(text))
    throw new DomainError('invalid', `${option} is the height of a block, from 1 on; it was ${text}.`)
  return BigInt(text)
}
