import type { Db } from '../db/index.ts'
import type { Clock, Ctx } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { headsFrom, listHeads } from './blocks.ts'
import { type Head, jwksOf } from './heads.ts'
import { proveEntry } from './proofs.ts'
import { readAudit } from './read.ts'
import { type AuditEntry, insertEntry } from './record.ts'
import { type RetireOptions, retireTrail, verifySegmentFile } from './retire.ts'
import { sealBlock } from './seal.ts'
import { unsealed } from './unsealed.ts'
import { type VerifyOptions, verifyTrail } from './verify.ts'

export type { Fault } from './broken.ts'
export { faultOf, type Head, isHead, type Keyring, keyringOfJwks } from './heads.ts'
export { type HeadsVerdict, verifyHeads } from './heads-file.ts'
export { type Proof, proofFault, readText } from './proofs.ts'
export {
  type AuditEntry,
  type Details,
  insertChanges,
  insertEach,
  insertEntries,
  insertEntry,
  insertSet,
} from './record.ts'
export type { Segment } from './segments.ts'
export { entryText } from './text.ts'
export { entriesTouching } from './touching.ts'
export { type Unsealed, whyUnsealed } from './unsealed.ts'
export type { Verdict, VerifyOptions } from './verify.ts'

export type Audit = ReturnType<typeof createAudit>

/** The audit trail: append-only, written in the transaction of what it records, sealed in signed blocks. */
export const createAudit = ({ db, keys, clock }: { db: Db; keys: Keys; clock: Clock }) => ({
  /** Adds one entry, in the unit of work of the change it records. */
  record: async (ctx: Ctx, entry: AuditEntry): Promise<void> => {
    await db.run(insertEntry(ctx, entry))
  },
  seal: (): Promise<Head | undefined> => sealBlock(db, keys, clock),
  /** What is not sealed yet, and why. */
  unsealed: () => unsealed(db),
  verify: (options?: VerifyOptions) => verifyTrail(db, keys, options),
  /** Signed heads: a page of them newest first, or all from a height on, oldest first. */
  heads: listHeads(db),
  headsFrom: (height: bigint) => headsFrom(db, height),
  /** The public keys that heads are signed with, as a JSON Web Key Set. */
  publicKeys: async () => jwksOf(await keys.publicKeys('audit')),
  prove: proveEntry(db),
  retire: (options: RetireOptions) => retireTrail({ db, keys, clock }, options),
  verifySegment: (path: string) => verifySegmentFile({ db, keys, clock }, path),
  ...readAudit(db),
})
