import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { type Head, type Keyring, keyringOfJwks } from '#core/audit/index.ts'
import { DomainError } from '#core/kernel/index.ts'

/** The heads of a file with one a line. A line that was cut off by a crash is no head: it is told, and left out. */
export const readHeads = async (path: string): Promise<Head[]> => {
  const heads: Head[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const head = parsed(line)
    if (head) heads.push(head)
    else if (line.trim() !== '')
      process.stderr.write(`${path} has a line that is no head: ${line.slice(0, 80)}\n`)
  }
  return heads
}

const parsed = (line: string): Head | undefined => {
  try {
    const head = JSON.parse(line) as Head
    return /^[1-9]\d{0,17}$/.test(head.height) && /^[0-9a-f]{64}$/.test(head.hash) ? head : undefined
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
