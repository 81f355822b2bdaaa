import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { violated } from '../db/index.ts'
import type { StoredFile } from '../files/index.ts'
import { type Ctx, formatReference } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import { APPLY_JOB } from './kinds.ts'

const MAX_FILE = 4 * 1024 ** 3

/** `isNew`: false for a report that was received before, byte for byte; then nothing is done again. */
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
    const known = await knownReport(deps, file)
    if (known) return known
    try {
      return await deps.db.transaction(() => register(deps, ctx, file))
    } catch (error) {
      if (violated(error) !== 'reports_once') throw error
      return (await knownReport(deps, file))!
    }
  }

const knownReport = async ({ db }: PaymentsDeps, { sha256 }: StoredFile): Promise<Received | undefined> => {
  const row = await db.one<{ ref: string; job: string }>(
    sql`SELECT ref, job FROM payments.reports WHERE sha256 = ${sha256} AND state <> 'refused'`,
  )
  return row && { report: formatReference('report', row.ref), job: row.job, isNew: false }
}

const register = async (deps: PaymentsDeps, ctx: Ctx, file: StoredFile): Promise<Received> => {
  const { db, ids, clock, audit, jobs } = deps
  const id = ids.uuid()
  const ref = ids.ref()
  const job = await jobs.enqueue(ctx, APPLY_JOB, { reportId: id }, { subjectId: id })
  await db.run(sql`
    INSERT INTO payments.reports (id, ref, file_id, sha256, job, received_by, received_by_name, received_at)
    VALUES (${id}, ${ref}, ${file.id}, ${file.sha256}, ${job.reference}, ${ctx.actor.id}, ${ctx.actor.name}, ${clock.now()})`)
  await audit.record(ctx, {
    action: 'payment-report.receive',
    subject: { type: 'payment-report', id },
    after: { sha256: file.sha256, bytes: file.size },
  })
  return { report: formatReference('report', ref), job: job.reference, isNew: true }
}
