import sql from 'sql-template-tag'
import { andVisible, requireWholeProgram } from '../access/index.ts'
import { insertChanges } from '../audit/index.ts'
import type { JobHandler, JobRun } from '../jobs/index.ts'
import { type Ctx, changesOf, DomainError, ruleViolated } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import {
  addOutcomesOfGroups,
  applyOutcomes,
  countKept,
  createChanged,
  createOutcomes,
  indexOutcomes,
  reviewContradictions,
  reviewNotDue,
  reviewUnmatched,
} from './outcomes.sql.ts'
import { type StagedReport, stageReport } from './stage-report.ts'
import { type BatchRow, batchReference } from './store.ts'

/**
 * What a report did. `lines` are what it says of single payments, the others the payments that became so, by such a
 * line or by what it says of their group. `pending`: nothing is decided yet, or by a status that nobody here knows;
 * `unchanged`: known before; `review`: new items for the work list, also of money settled that was no longer due. When
 * each payment is named once and was due, no group is spoken of and nothing comes again for review, the others add up
 * to `lines`.
 */
export type ReportCounts = {
  lines: number
  accepted: number
  settled: number
  failed: number
  pending: number
  unchanged: number
  review: number
}

type ReportRow = { id: string; ref: string; file_id: string; state: string }

/**
 * Applies a report: it is read to its end first, then all of it takes effect in one transaction or nothing does. A
 * report that cannot be applied is refused with the reason, and may come again.
 */
export const applyReportJob =
  (deps: PaymentsDeps): JobHandler =>
  async (run, payload) => {
    const reportId = payload.reportId as string
    try {
      return await deps.db.transaction(() => apply(deps, run, reportId))
    } catch (error) {
      if (error instanceof DomainError && error.code !== 'unavailable')
        await deps.db.transaction(() => refuse(deps, run.ctx, reportId, error))
      throw error
    }
  }

const apply = async (
  deps: PaymentsDeps,
  run: JobRun,
  reportId: string,
): Promise<(ReportCounts & { batch: string }) | undefined> => {
  const { db, clock, audit, outbox } = deps
  const report = await db.one<ReportRow>(
    sql`SELECT id, ref, file_id, state FROM payments.reports WHERE id = ${reportId} FOR UPDATE`,
  )
  if (report?.state !== 'received') return undefined
  const staged = await stageReport(deps, report.file_id)
  const batch = await batchFor(deps, run.ctx, staged.messageId)
  const counts = await change(deps, run.ctx, batch, report, staged)
  counts.review += await settle(deps, run.ctx, batch, report)
  await reconcile(deps, run.ctx, batch)
  await db.run(sql`
    UPDATE payments.reports SET state = 'applied', provider_id = ${staged.reportId}, batch_id = ${batch.id},
      counts = ${JSON.stringify(counts)}, finished_at = ${clock.now()}
    WHERE id = ${reportId}`)
  await audit.record(run.ctx, {
    action: 'payment-report.apply',
    subject: { type: 'payment-report', id: reportId },
    ...changesOf(
      { state: 'received', batch: null, providerId: null, counts: null },
      { state: 'applied', batch: batchReference(batch.ref), providerId: staged.reportId, counts },
    ),
  })
  await outbox.publish(
    'payment-report.applied',
    reportId,
    { batchId: batch.id, ...counts },
    { programId: batch.program_id },
  )
  return { ...counts, batch: batchReference(batch.ref) }
}

/** The batch whose file a report is about, locked: reports on one batch are applied one after the other. */
const batchFor = async ({ db }: PaymentsDeps, ctx: Ctx, messageId: string): Promise<BatchRow> => {
  const batch = await db.one<BatchRow>(sql`
    SELECT * FROM payments.batches WHERE message_id = ${messageId} AND state IN ('sent', 'reconciled')
      ${andVisible(ctx, 'payment:write', { program: sql`program_id` })}
    FOR UPDATE`)
  if (!batch) throw ruleViolated('unknown-file', 'The report is about a file that was not sent from here.')
  requireWholeProgram(ctx, 'payment:write', batch.program_id)
  return batch
}

/** Takes the attempts on, and puts what must not be believed on the work list. */
const change = async (
  { db, clock }: PaymentsDeps,
  ctx: Ctx,
  batch: BatchRow,
  report: ReportRow,
  { lines, isGeneral }: StagedReport,
): Promise<ReportCounts> => {
  const at = clock.now()
  await db.run(sql`ANALYZE staged`)
  await db.run(createOutcomes(batch))
  await db.run(indexOutcomes)
  if (isGeneral) await db.run(addOutcomesOfGroups(batch))
  await db.run(sql`ANALYZE outcomes`)
  const review =
    (await db.run(reviewContradictions(batch, report.id, at))) +
    (await db.run(reviewUnmatched(batch, report.id, at)))
  await db.run(createChanged)
  await db.run(applyOutcomes(batch, report.id, at))
  for (const state of ['accepted', 'settled', 'failed'])
    await db.run(
      insertChanges(
        ctx,
        { action: `payment.${state}`, subject: { type: 'payment-report', id: report.id } },
        sql`SELECT payment_id AS id, json_build_object('answer', was) AS before, json_build_object('answer', state) AS after
            FROM changed WHERE state = ${state}`,
      ),
    )
  const sums = await db.one<Omit<ReportCounts, 'lines' | 'review'>>(sql`
    SELECT count(*) FILTER (WHERE state = 'accepted')::int AS accepted,
      count(*) FILTER (WHERE state = 'settled')::int AS settled, count(*) FILTER (WHERE state = 'failed')::int AS failed,
      kept.*
    FROM changed RIGHT JOIN (${countKept}) kept ON true
    GROUP BY kept.pending, kept.unchanged`)
  return { lines, ...sums!, review }
}

/**
 * What was settled is given, and has left the fund. Where an entitlement is no longer due, its commitment was
 * released: the money is gone all the same, so it is committed again to be disbursed, and a person is told. Tells how
 * many that were.
 */
const settle = async (deps: PaymentsDeps, ctx: Ctx, batch: BatchRow, report: ReportRow): Promise<number> => {
  const { db, clock, ledger, programs } = deps
  const settled = (await db.one<{ n: number; sum: string }>(sql`
    SELECT count(*)::int AS n, coalesce(sum(amount), 0)::text AS sum FROM changed WHERE state = 'settled'`))!
  if (settled.n === 0) return 0
  const cause = { type: 'payment_report', id: report.id }
  const booked = await programs.fulfil(
    ctx,
    sql`SELECT entitlement_id, amount FROM changed WHERE state = 'settled'`,
  )
  let review = 0
  if (booked.length < settled.n) {
    review = await db.run(reviewNotDue(batch, report.id, clock.now(), booked))
    const loose = (await db.one<{ sum: string }>(sql`
      SELECT coalesce(sum(amount), 0)::text AS sum FROM changed
      WHERE state = 'settled' AND entitlement_id <> ALL(${booked}::uuid[])`))!
    if (loose.sum !== '0') await ledger.commit(cause, batch.fund_id, BigInt(loose.sum))
  }
  await ledger.disburse(cause, batch.fund_id, BigInt(settled.sum))
  return review
}

/** A batch of which everything has a final answer is reconciled. */
const reconcile = async ({ db, audit, outbox }: PaymentsDeps, ctx: Ctx, batch: BatchRow): Promise<void> => {
  const done = await db.run(sql`
    UPDATE payments.batches SET state = 'reconciled', version = version + 1
    WHERE id = ${batch.id} AND state = 'sent' AND NOT EXISTS (
      SELECT FROM payments.attempts WHERE batch_id = ${batch.id} AND state IN ('sent', 'accepted', 'unknown'))`)
  if (done === 0) return
  await audit.record(ctx, {
    action: 'payment-batch.reconcile',
    subject: { type: 'payment-batch', id: batch.id },
    before: { state: 'sent', version: batch.version },
    after: { state: 'reconciled', version: batch.version + 1 },
  })
  await outbox.publish('payment-batch.reconciled', batch.id, {}, { programId: batch.program_id })
}

const refuse = async (
  { db, clock, audit }: PaymentsDeps,
  ctx: Ctx,
  reportId: string,
  { message: error, rule, issues }: DomainError,
) => {
  const refused = await db.run(sql`
    UPDATE payments.reports SET state = 'refused', error = ${error}, error_rule = ${rule ?? issues[0]?.code ?? null},
      finished_at = ${clock.now()}
    WHERE id = ${reportId} AND state = 'received'`)
  if (refused === 0) return
  await audit.record(ctx, {
    action: 'payment-report.refuse',
    subject: { type: 'payment-report', id: reportId },
    before: { state: 'received', error: null },
    after: { state: 'refused', error },
  })
}
