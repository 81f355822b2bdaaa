import sql from 'sql-template-tag'
import { requirePermission, requireWholeProgram, visible } from '../access/index.ts'
import { type Ctx, conflict, invalidField, notFound, refFromPath } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'

/**
 * Takes an item off the work list, with what was found out about it. The payment stays in the state it is in; as
 * long as an item of it is open, it is neither made anew nor sent. Throws `conflict` (`review-resolved`).
 */
export const resolveReviewItem =
  ({ db, clock, audit }: PaymentsDeps) =>
  async (ctx: Ctx, reference: string, comment: string): Promise<void> => {
    requirePermission(ctx, 'payment:approve')
    const said = comment.trim()
    if (said === '') throw invalidField('/comment', 'required', 'Say what was found out.')
    await db.transaction(async () => {
      const item = await db.one<{ id: string; program_id: string; resolved_at: Date | null }>(sql`
        SELECT i.id, b.program_id, i.resolved_at
        FROM payments.review_items i JOIN payments.batches b ON b.id = i.batch_id
        WHERE i.ref = ${refFromPath('review', reference)}
          AND ${visible(ctx, 'payment:approve', { program: sql`b.program_id` })}
        FOR UPDATE OF i`)
      if (!item) throw notFound('review')
      requireWholeProgram(ctx, 'payment:approve', item.program_id)
      if (item.resolved_at !== null) throw conflict('Somebody has resolved it already.', 'review-resolved')
      const { id, name } = ctx.actor
      await db.run(sql`
        UPDATE payments.review_items SET resolved_at = ${clock.now()}, resolved_by = ${id}, resolved_by_name = ${name},
          comment = ${said}
        WHERE id = ${item.id}`)
      await audit.record(ctx, {
        action: 'payment-review.resolve',
        subject: { type: 'payment-review', id: item.id },
        before: { resolved: false, comment: null },
        after: { resolved: true, comment: said },
      })
    })
  }
