import sql from 'sql-template-tag'
import { type Maskable, masksEverywhere, requireEverywhere } from '../access/index.ts'
import type { Proof } from '../audit/index.ts'
import { type Ctx, notFound } from '../kernel/index.ts'
import type { HistoryDeps } from './index.ts'

/** A proof, and what of people its reader sees only in part: then it is without the text. */
export type ProofView = Proof & { masked: Maskable[] }

/**
 * The proof that an entry is in the trail. Its text shows fields of people in full, so only those get it from whom nothing
 * is kept; and that they did is told to the people who are in it.
 */
export const proofOf =
  ({ db, audit, things }: HistoryDeps) =>
  async (ctx: Ctx, id: string): Promise<ProofView> => {
    requireEverywhere(ctx, 'audit:read')
    const proof = await audit.prove(id)
    const masked = [...masksEverywhere(ctx, 'audit:read')]
    if (masked.length > 0) return { ...proof, text: null, masked }
    const row = await db.one<{ ids: string[] }>(
      sql`SELECT array_remove(item_ids || subject_id, NULL) AS ids FROM audit.entries WHERE id = ${id}`,
    )
    if (!row) throw notFound('audit entry')
    const people = await things.peopleAmong(row.ids)
    if (people.length > 0)
      await audit.record(ctx, { action: 'audit.read', subject: { type: 'audit-entry', id }, itemIds: people })
    return { ...proof, masked }
  }
