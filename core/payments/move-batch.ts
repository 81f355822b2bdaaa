import sql from 'sql-template-tag'
import type { Permission } from '../access/index.ts'
import { requirePermission, requireWholeProgram } from '../access/index.ts'
import {
  type Ctx,
  changesOf,
  conflict,
  dayOf,
  type Fields,
  requireVersion,
  ruleViolated,
} from '../kernel/index.ts'
import { release, requireNoReview, submissionOf } from './approval.ts'
import type { PaymentsDeps } from './index.ts'
import { SEND_JOB } from './kinds.ts'
import { type BatchView, batchView } from './read-batches.ts'
import { afterMove, type BatchMove } from './rules.ts'
import { type BatchRow, batchByReference, batchReference } from './store.ts'

/** The steps of a batch that people take. `version`: the one that was read, when the caller says so. */
export const moveBatch = (deps: PaymentsDeps) => {
  const { db, clock, audit, outbox } = deps

  /** Takes a step: `work` writes what belongs to it and gives what changed beside the state. */
  const move =
    (
      step: BatchMove,
      permission: Permission,
      work: (ctx: Ctx, batch: BatchRow, comment?: string) => Promise<{ before?: Fields; after?: Fields }>,
    ) =>
    async (ctx: Ctx, reference: string, version?: number, comment?: string): Promise<BatchView> => {
      const id = await db.transaction(async () => {
        const batch = await batchByReference(db, ctx, permission, reference, true)
        requireWholeProgram(ctx, permission, batch.program_id)
        requireVersion('batch', batch.version, version)
        const state = afterMove(batch.state, step)
        if (!state) throw conflict(`The batch is ${batch.state}: ${step} is not possible.`, 'batch-state')
        const { before, after } = await work(ctx, batch, comment)
        await db.run(
          sql`UPDATE payments.batches SET state = ${state}, version = version + 1 WHERE id = ${batch.id}`,
        )
        const { payments, total } = batch
        await audit.record(ctx, {
          action: `payment-batch.${step}`,
          subject: { type: 'payment-batch', id: batch.id },
          before: { state: batch.state, version: batch.version, ...before },
          after: { state, version: batch.version + 1, payments, total, ...after },
        })
        await outbox.publish(
          `payment-batch.${state}`,
          batch.id,
          { reference },
          { programId: batch.program_id },
        )
        return batch.id
      })
      return batchView(db, id)
    }

  return {
    /**
     * Hands a batch to those who approve, with a comment for them. Throws `conflict` (`batch-being-made`) and `rule_violated`: `nothing-to-pay`,
     * `frozen`, and `control-total` when its payments are not those that were counted.
     */
    submit: move('submit', 'payment:write', async (ctx, batch, comment) => {
      if (batch.filled_at === null)
        throw conflict('The payments are still being put into the batch.', 'batch-being-made')
      if (batch.payments === 0) throw ruleViolated('nothing-to-pay', 'There is no payment in the batch.')
      const { id, name } = ctx.actor
      await db.run(sql`
        UPDATE payments.batches SET submitted_by = ${id}, submitted_by_name = ${name}, submitted_at = ${clock.now()}
        WHERE id = ${batch.id}`)
      await requireControlTotal(deps, batch)
      await deps.approvals.submit(ctx, 'payment-batch', [await submissionOf(deps, batch)], comment)
      return {}
    }),

    /**
     * Approves a batch, as far as it is for the actor to say. Throws `rule_violated`: `maker-is-checker` for whoever made or
     * submitted it (a person, whatever their account), and `payment-under-review`; and `conflict` (`digest-differs`) when
     * it is not what was submitted: then it goes back.
     */
    approve: async (ctx: Ctx, reference: string, version?: number): Promise<BatchView> => {
      const batch = await batchByReference(db, ctx, 'payment:approve', reference)
      requireWholeProgram(ctx, 'payment:approve', batch.program_id)
      requireVersion('batch', batch.version, version)
      if (batch.state !== 'submitted')
        throw conflict(`The batch is ${batch.state}: approve is not possible.`, 'batch-state')
      await deps.approvals.decideOn(ctx, 'payment-batch', batch.id, { verdict: 'approve' })
      return batchView(db, batch.id)
    },

    /**
     * Gives a batch up before it is sent: once it is approved, only who may approve. What it held can be put into another
     * one.
     */
    cancel: move('cancel', 'payment:read', async (ctx, batch) => {
      const permission = batch.state === 'approved' ? 'payment:approve' : 'payment:write'
      requirePermission(ctx, permission)
      requireWholeProgram(ctx, permission, batch.program_id)
      await deps.approvals.withdrawFor(ctx, 'payment-batch', batch.id, 'The batch was cancelled.')
      await release(deps, [batch.id])
      await db.run(
        sql`UPDATE payments.batches SET filled_at = coalesce(filled_at, ${clock.now()}) WHERE id = ${batch.id}`,
      )
      return {}
    }),

    /**
     * Starts the job that writes the file, or another one when that was given up. From here on the cycle cannot be
     * cancelled. A day that is over becomes today. Throws `rule_violated` (`payment-under-review`).
     */
    send: move('send', 'payment:write', async (ctx, batch) => {
      await requireNoReview(deps, [batch.id])
      await deps.programs.startDistributing(ctx, batch.cycle_id)
      const subject = { type: 'payment-batch', reference: batchReference(batch.ref) }
      const more = { subjectId: batch.id, subject, total: batch.payments }
      const job = await deps.jobs.enqueue(ctx, SEND_JOB, { batchId: batch.id }, more)
      const today = dayOf(clock.now())
      const requestedOn = batch.requested_on < today ? today : batch.requested_on
      // What the file says of itself is settled once: whichever job writes it, its bytes are the same.
      await db.run(sql`
        UPDATE payments.batches SET job = ${job.reference}, sending_at = coalesce(sending_at, ${clock.now()}),
          requested_on = CASE WHEN sending_at IS NULL THEN ${requestedOn}::date ELSE requested_on END
        WHERE id = ${batch.id}`)
      return changesOf(
        { requestedOn: batch.requested_on },
        { requestedOn: batch.sending_at ? batch.requested_on : requestedOn },
      )
    }),
  }
}

const requireControlTotal = async ({ db }: PaymentsDeps, batch: BatchRow): Promise<void> => {
  const found = (await db.one<{ n: number; sum: string }>(sql`
    SELECT count(*)::int AS n, coalesce(sum(amount), 0)::text AS sum FROM payments.attempts
    WHERE batch_id = ${batch.id} AND state = 'prepared'`))!
  if (found.n !== batch.payments || found.sum !== batch.total)
    throw ruleViolated(
      'control-total',
      'The payments in the batch are not those that were counted. Cancel it.',
    )
}
