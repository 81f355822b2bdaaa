import sql from 'sql-template-tag'
import type { Permission } from '../access/index.ts'
import { requireWholeProgram } from '../access/index.ts'
import { type Ctx, conflict, dayOf, ruleViolated } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import { SEND_JOB } from './kinds.ts'
import { type BatchView, batchView } from './read-batches.ts'
import { afterMove, type BatchMove } from './rules.ts'
import { type BatchRow, batchByReference, requireVersion } from './store.ts'

/** The steps of a batch that people take. `version`: the one that was read, when the caller says so. */
export const moveBatch = (deps: PaymentsDeps) => {
  const { db, clock, audit, outbox } = deps

  /** Takes a step: `work` writes what belongs to it and gives what changed beside the state. */
  const move =
    (
      step: BatchMove,
      permission: Permission,
      work: (ctx: Ctx, batch: BatchRow) => Promise<Record<string, unknown>>,
    ) =>
    async (ctx: Ctx, reference: string, version?: number): Promise<BatchView> => {
      const id = await db.transaction(async () => {
        const batch = await batchByReference(db, ctx, permission, reference, true)
        requireWholeProgram(ctx, permission, batch.program_id)
        requireVersion(batch, version)
        const state = afterMove(batch.state, step)
        if (!state) throw conflict(`The batch is ${batch.state}: ${step} is not possible.`, 'batch-state')
        const changes = await work(ctx, batch)
        await db.run(
          sql`UPDATE payments.batches SET state = ${state}, version = version + 1 WHERE id = ${batch.id}`,
        )
        const { payments, total } = batch
        await audit.record(ctx, {
          action: `payment-batch.${step}`,
          subject: { type: 'payment-batch', id: batch.id },
          before: { state: batch.state, version: batch.version },
          after: { state, version: batch.version + 1, payments, total, ...changes },
        })
        await outbox.publish(`payment-batch.${state}`, batch.id, { reference })
        return batch.id
      })
      return batchView(db, id)
    }

  return {
    /** Hands a batch to the approver. Throws `conflict` (`batch-being-made`) and `rule_violated` (`nothing-to-pay`). */
    submit: move('submit', 'payment:write', async (ctx, batch) => {
      if (batch.filled_at === null)
        throw conflict('The payments are still being put into the batch.', 'batch-being-made')
      if (batch.payments === 0) throw ruleViolated('nothing-to-pay', 'There is no payment in the batch.')
      const { id, name } = ctx.actor
      await db.run(sql`
        UPDATE payments.batches SET submitted_by = ${id}, submitted_by_name = ${name}, submitted_at = ${clock.now()}
        WHERE id = ${batch.id}`)
      return {}
    }),

    /**
     * Approves a batch. Throws `rule_violated`: `maker-is-checker` for whoever made or submitted it, `control-total` when
     * its payments are not those that were counted, and `payment-under-review`.
     */
    approve: move('approve', 'payment:approve', async (ctx, batch) => {
      const { id, name } = ctx.actor
      if (id === batch.prepared_by || id === batch.submitted_by)
        throw ruleViolated('maker-is-checker', 'Whoever made or submitted a batch does not approve it.')
      await requireControlTotal(deps, batch)
      await requireNoReview(deps, batch)
      await db.run(sql`
        UPDATE payments.batches SET approved_by = ${id}, approved_by_name = ${name}, approved_at = ${clock.now()}
        WHERE id = ${batch.id}`)
      return {}
    }),

    /** Gives a batch up before it is approved. What it held can be put into another one. */
    cancel: move('cancel', 'payment:write', async (_ctx, batch) => {
      await db.run(sql`
        UPDATE payments.payments p SET live = false FROM payments.attempts a
        WHERE a.batch_id = ${batch.id} AND p.id = a.payment_id AND a.number = 1`)
      await db.run(sql`
        UPDATE payments.attempts SET state = 'cancelled', live = false, changed_at = ${clock.now()}
        WHERE batch_id = ${batch.id}`)
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
      await requireNoReview(deps, batch)
      await deps.programs.startDistributing(ctx, batch.cycle_id)
      const more = { subjectId: batch.id, total: batch.payments }
      const job = await deps.jobs.enqueue(ctx, SEND_JOB, { batchId: batch.id }, more)
      const today = dayOf(clock.now())
      const requestedOn = batch.requested_on < today ? today : batch.requested_on
      // What the file says of itself is settled once: whichever job writes it, its bytes are the same.
      await db.run(sql`
        UPDATE payments.batches SET job = ${job.reference}, sending_at = coalesce(sending_at, ${clock.now()}),
          requested_on = CASE WHEN sending_at IS NULL THEN ${requestedOn}::date ELSE requested_on END
        WHERE id = ${batch.id}`)
      return { job: job.reference }
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

/** What was reported about an earlier attempt may mean that it was paid after all. */
const requireNoReview = async ({ db }: PaymentsDeps, batch: BatchRow): Promise<void> => {
  const open = await db.one(sql`
    SELECT 1 FROM payments.review_items i JOIN payments.attempts a ON a.payment_id = i.payment_id
    WHERE i.resolved_at IS NULL AND a.batch_id = ${batch.id} LIMIT 1`)
  if (open)
    throw ruleViolated(
      'payment-under-review',
      'What was reported about an earlier attempt of one of the payments has to be reviewed first.',
    )
}
