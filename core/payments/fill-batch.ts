import sql from 'sql-template-tag'
import { requireWholeProgram } from '../access/index.ts'
import { insertSet } from '../audit/index.ts'
import type { JobHandler, JobRun } from '../jobs/index.ts'
import { changesOf, conflict, formatMinor } from '../kernel/index.ts'
import {
  failedPayments,
  insertAttempts,
  insertExceptions,
  insertPayments,
  newPayments,
  resolveCandidates,
  uncovered,
} from './candidates.sql.ts'
import { checkCandidates } from './check-candidates.ts'
import type { PaymentsDeps } from './index.ts'
import { retryRules } from './retry.ts'
import { type BatchRow, batchById } from './store.ts'

/** Payments of one unit of work. */
const CHUNK = 25_000
const FIRST_UUID = '00000000-0000-0000-0000-000000000000'
const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** What the job says when it is done; `total` as a decimal text in the batch's currency. */
type Filled = { payments: number; total: string; exceptions: number }

/**
 * Puts payments into a batch, a chunk at a time. Each chunk is one transaction with its audit entry and with how far
 * it came, so a job that died goes on where it was. A batch that was cancelled meanwhile stays as it is.
 */
export const fillBatchJob =
  (deps: PaymentsDeps): JobHandler =>
  async (run, payload) => {
    const batchId = payload.batchId as string
    for (;;) {
      await run.checkpoint()
      const filled = await deps.db.transaction(() => fillChunk(deps, run, batchId))
      if (filled) return filled
    }
  }

/** Fills a chunk; tells what the batch holds once there is no further one. */
const fillChunk = async (deps: PaymentsDeps, run: JobRun, batchId: string): Promise<Filled | undefined> => {
  const { db, clock, audit, outbox } = deps
  const batch = await batchById(db, batchId, true)
  requireWholeProgram(run.ctx, 'payment:write', batch.program_id)
  if (batch.filled_at !== null) return filledOf(batch)
  await requirePayableCycle(deps, batch)

  const { due, upTo, isLast } = await nextChunk(deps, batch)
  await db.run(resolveCandidates(due))
  await checkCandidates(deps, batch)
  await db.run(insertPayments(batch.currency))
  const made = await db.run(insertAttempts(batch.id, batch.payments, clock.now()))
  const failed = await db.run(insertExceptions(batch.id))
  await db.run(
    insertSet(
      run.ctx,
      { action: 'payment.prepare', subject: { type: 'payment-batch', id: batch.id } },
      sql`SELECT payment_id AS id FROM candidates WHERE cause IS NULL`,
    ),
  )
  const after = (await db.one<BatchRow>(sql`
    UPDATE payments.batches SET payments = payments + ${made}, exceptions = exceptions + ${failed},
      total = total + (SELECT coalesce(sum(amount), 0) FROM candidates WHERE cause IS NULL),
      filled_up_to = ${upTo}, filled_at = ${isLast ? clock.now() : null},
      version = version + ${isLast ? 1 : 0}
    WHERE id = ${batch.id} RETURNING *`))!
  await db.run(sql`DROP TABLE candidates`)
  await audit.record(run.ctx, {
    action: 'payment-batch.fill',
    subject: { type: 'payment-batch', id: batch.id },
    ...changesOf(countedIn(batch), countedIn(after)),
  })
  await run.progress(after.payments + after.exceptions)
  if (!isLast) return undefined
  await outbox.publish('payment-batch.filled', batch.id, filledOf(after), { programId: batch.program_id })
  return filledOf(after)
}

/** What filling changes of a batch. */
const countedIn = ({ payments, total, exceptions, version }: BatchRow) => ({
  payments,
  total,
  exceptions,
  version,
})

const filledOf = ({ payments, total, exceptions, currency }: BatchRow): Filled => ({
  payments,
  total: formatMinor(total, currency),
  exceptions,
})

/** Holds the cycle as it is until the chunk is in: it is either paid or cancelled, not both. */
const requirePayableCycle = async ({ db }: PaymentsDeps, batch: BatchRow): Promise<void> => {
  const cycle = await db.one<{ state: string }>(
    sql`SELECT state FROM programs.cycle_codes WHERE id = ${batch.cycle_id} FOR SHARE`,
  )
  if (!cycle || !['approved', 'distributing'].includes(cycle.state))
    throw conflict(`The cycle is ${cycle?.state ?? 'gone'}; only an approved one is paid.`, 'cycle-state')
}

/** What comes next in a batch, where that ends, and whether it is the last. */
const nextChunk = async (deps: PaymentsDeps, batch: BatchRow) => {
  if (batch.retry_of === null) {
    const after = batch.filled_up_to ?? FIRST_UUID
    const end = await deps.db.one<{ id: string }>(sql`
      SELECT registrant_id AS id FROM (${uncovered(batch.cycle_id)}) due WHERE registrant_id > ${after}::uuid
      ORDER BY registrant_id OFFSET ${CHUNK - 1} LIMIT 1`)
    const upTo = end?.id ?? LAST_UUID
    return { due: newPayments(batch.cycle_id, after, upTo), upTo, isLast: end === undefined }
  }
  // Locked so that no report changes what is known about the failed payments meanwhile.
  const source = await batchById(deps.db, batch.retry_of, true)
  const after = Number(batch.filled_up_to ?? -1)
  const upTo = after + CHUNK
  const rules = await retryRules(deps, source.id, batch.reviewed)
  const due = failedPayments(source.id, rules, after, upTo)
  return { due, upTo: String(upTo), isLast: upTo >= source.payments - 1 }
}
