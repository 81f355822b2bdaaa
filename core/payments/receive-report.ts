import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import type { StoredFile } from '../files/index.ts'
import { type Ctx, formatReference } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import { APPLY_JOB } from './kinds.ts'
import type { ReportState } from './rules.ts'

const MAX_FILE = 4 * 1024 ** 3

/** `isNew`: false for a report that was received before, byte for byte; applied once, it changes nothing again. */
export type Received = { report: string; job: string; isNew: boolean }

/**
 * Takes in a report of a bank, as it comes, and starts the job that applies it. Throws `too_large`. What is wrong
 * with the report is found out by the job, and shown with it.
 */
export const receiveReport =
  (deps: PaymentsDeps) =>
  async (ctx: Ctx, bytes: AsyncIterable<Uint8Array>): Promise<Received> => {
    requirePermission(ctx, 'payment:write')
    const file = await deps.files.store(
      ctx,
      { name: 'payment-report.xml', mediaType: 'application/xml', maxBytes: MAX_FILE },
      bytes,
    )
    return deps.db.transaction(async () => (await again(deps, ctx, file)) ?? register(deps, ctx, file))
  }

/**
 * The report with these bytes, when it came before. If it still waits, its job may have been given up, so it gets
 * another one: whichever comes first applies it.
 */
const again = async (
  { db, jobs }: PaymentsDeps,
  ctx: Ctx,
  { sha256 }: StoredFile,
): Promise<Received | undefined> => {
  // Two uploads of one report come here one after the other.
  await db.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`payment-report ${sha256}`}, 0))`)
  const known = await db.one<{ id: string; ref: string; job: string; state: ReportState }>(
    sql`SELECT id, ref, job, state FROM payments.reports WHERE sha256 = ${sha256} AND state <> 'refused'`,
  )
  if (!known) return undefined
  const report = formatReference('report', known.ref)
  if (known.state === 'applied') return { report, job: known.job, isNew: false }
  const job = await jobs.enqueue(ctx, APPLY_JOB, { reportId: known.id }, aboutReport(known))
  await db.run(sql`UPDATE payments.reports SET job = ${job.reference} WHERE id = ${known.id}`)
  return { report, job: job.reference, isNew: false }
}

const aboutReport = ({ id, ref }: { id: string; ref: string }) => ({
  subjectId: id,
  subject: { type: 'payment-report', reference: formatReference('report', ref) },
})

const register = async (deps: PaymentsDeps, ctx: Ctx, file: StoredFile): Promise<Received> => {
  const { db, ids, clock, audit, jobs } = deps
  const id = ids.uuid()
  const ref = ids.ref()
  const job = await jobs.enqueue(ctx, APPLY_JOB, { reportId: id }, aboutReport({ id, ref }))
  await db.run(sql`
    INSERT INTO payments.reports (id, ref, file_id, sha256, job, received_by, received_by_name, received_at)
    VALUES (${id}, ${ref}, ${file.id}, ${file.sha256}, ${job.reference}, ${ctx.actor.id}, ${ctx.actor.name}, ${clock.now()})`)
  await audit.record(ctx, {
    action: 'payment-report.receive',
    subject: { type: 'payment-report', id },
    after: { state: 'received', sha256: file.sha256, bytes: file.size },
  })
  return { report: formatReference('report', ref), job: job.reference, isNew: true }
}
