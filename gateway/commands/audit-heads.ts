import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type Proof, proofFault, verifyHeads } from '#core/audit/index.ts'
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

/** Checks the proof that an entry is in the trail. */
export const verifyProofFile = async (file: string, keysFile: string): Promise<number> => {
  const fault = proofFault(await readProof(file), await readKeys(keysFile))
  await say(
    fault ? `BROKEN: ${fault}` : 'The proof holds: the entry is in the block, and the block is signed.',
  )
  return fault ? 1 : 0
}

const readProof = async (path: string): Promise<Proof> => {
  const text = await readFile(path, 'utf8')
  try {
    const proof = JSON.parse(text) as Proof
    if (typeof proof.leaf === 'string' && Array.isArray(proof.path) && typeof proof.head === 'object')
      return proof
  } catch {}
  throw new DomainError('invalid', `${path} is not the proof of an audit entry.`)
}
