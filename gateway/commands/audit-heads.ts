import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import {
  faultOf,
  type Head,
  isHead,
  type Keyring,
  type Proof,
  proofFault,
  readText,
  verifyHeads,
} from '#core/audit/index.ts'
import { DomainError } from '#core/kernel/index.ts'
import type { AuditCall } from './audit.ts'
import { height, readHeads, readKeys } from './audit-files.ts'

const say = async (line: string) => {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
}

/** Prints the signed heads from a height on, one a line. */
export const heads = async ({ services, options }: AuditCall): Promise<number> => {
  const from = options.since === undefined ? 1n : height('--since', options.since)
  for await (const head of services.audit.headsFrom(from)) await say(JSON.stringify(head))
  return 0
}

/** Prints the public keys, a JSON Web Key Set. */
export const keys = async ({ services }: AuditCall): Promise<number> => {
  await say(JSON.stringify(await services.audit.publicKeys(), null, 2))
  return 0
}

/** Checks heads that were kept. */
export const verifyHeadsFile = async (file: string, keysFile: string): Promise<number> => {
  const verdict = verifyHeads(await readHeads(file), await readKeys(keysFile))
  if ('broken' in verdict) {
    await say(`BROKEN: ${verdict.broken}${verdict.height ? `, in block ${verdict.height}` : ''}`)
    return 1
  }
  await say(
    `The heads are whole: ${verdict.heads} from block ${verdict.from} to ${verdict.to}, each signed and linked.`,
  )
  return 0
}

/** Checks the proof that an entry is in the trail; with `headsFile`, also that its block is the one that was kept. */
export const verifyProofFile = async (
  file: string,
  keysFile: string,
  headsFile?: string,
): Promise<number> => {
  const proof = await readProof(file)
  const keyring = await readKeys(keysFile)
  const kept = headsFile === undefined ? undefined : await keptHead(headsFile, proof.head.height, keyring)
  const fault =
    proofFault(proof, keyring) ??
    (kept && kept.hash !== proof.head.hash
      ? 'the block is not the one whose head was kept elsewhere'
      : undefined)
  if (fault) {
    await say(`BROKEN: ${fault}`)
    return 1
  }
  const compared = kept ? `, and is the one whose head was kept: block ${kept.height}` : ''
  if (proof.text === null) {
    await say(
      `The leaf ${proof.leaf} is in the block, and the block is signed${compared}. Of which entry it is the file says nothing: it was made for somebody who may not see the whole of the entry.`,
    )
    return 2
  }
  const { id, action, actor, subject, at } = readText(proof.text)!
  await say(
    `The proof holds: the entry is in the block, and the block is signed${compared}.\n  entry    ${id}\n  action   ${action}\n  actor    ${actor}\n  subject  ${subject}\n  time     ${at}`,
  )
  return 0
}

/** The head that was kept of a block, checked by itself first. */
const keptHead = async (path: string, height: string, keyring: Keyring): Promise<Head> => {
  const head = (await readHeads(path)).find(h => h.height === height)
  if (!head)
    throw new DomainError('invalid', `${path} has no head of block ${height}, which the entry is in.`)
  const fault = faultOf(head, keyring)
  if (fault) throw new DomainError('invalid', `The kept head ${height} is of no use: ${fault}.`)
  return head
}

const readProof = async (path: string): Promise<Proof> => {
  const text = await readFile(path, 'utf8')
  try {
    const proof = JSON.parse(text) as Proof
    const isText = typeof proof.text === 'string' || proof.text === null
    if (isText && typeof proof.leaf === 'string' && Array.isArray(proof.path) && isHead(proof.head))
      return proof
  } catch {}
  throw new DomainError('invalid', `${path} is not the proof of an audit entry.`)
}
