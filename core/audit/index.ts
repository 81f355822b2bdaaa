import type { Db } from '../db/index.ts'
import type { Clock, Ctx } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { readAudit } from './read.ts'
import { type AuditEntry, insertEntry } from './record.ts'
import { type Head, sealBlock, verifyTrail } from './seal.ts'

export {
  type AuditEntry,
  type Details,
  insertChanges,
  insertEntries,
  insertEntry,
  insertSet,
} from './record.ts'
export type { Head, Verdict } from './seal.ts'
export { entriesTouching } from './touching.ts'

export type Audit = ReturnType<typeof createAudit>

/** The audit trail: append-only, written in the transaction of what it records, sealed in signed blocks. */
export const createAudit = ({ db, keys, clock }: { db: Db; keys: Keys; clock: Clock }) => ({
  /** Adds one entry, in the unit of work of the change it records. */
  record: async (ctx: Ctx, entry: AuditEntry): Promise<void> => {
    await db.run(insertEntry(ctx, entry))
  },
  seal: (): Promise<Head | undefined> => sealBlock(db, keys, clock),
  verify: (known?: Head) => verifyTrail(db, keys, known),
  ...readAudit(db),
})
