import sql from 'sql-template-tag'
import { requireWholeProgram } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, conflict, ruleViolated } from '../kernel/index.ts'
import { failedPayments, type RetryRules, resolveCandidates } from './candidates.sql.ts'
import { checkCandidates } from './check-candidates.ts'
import type { PaymentsDeps } from './index.ts'
import { dayFor, openBatch } from './open-batch.ts'
import { type BatchView, batchView } from './read-batches.ts'
import { EXCEPTIONS, type ExceptionCause, type ExceptionRepair, retryRule } from './rules.ts'
import { type BatchRow, batchByReference } from './store.ts'

/**
 * How to retry. `reviewed`: reason codes (empty text for none given) of failures that a person has looked into and
 * found to be truly unpaid, and curable by another try.
 */
export type RetryOrder = { reviewed?: readonly string[] | undefined; requestedOn?: string | undefined }

/** What a retry would do; amounts in minor units. `left` tells who would have to wait, and for what. */
export type RetryPreview = {
  currency: string
  payments: number
  total: bigint
  byReason: { reasonCode: string; words: string; payments: number; total: bigint }[]
  left: {
    cause: ExceptionCause
    words: string
    repair: ExceptionRepair
    payments: number
    total: bigint
  }[]
}

/** Retries of what failed in a batch. Only what has definitely failed or come back, and has no later attempt, is tried. */
export const retries = (deps: PaymentsDeps) => ({
  /** What a retry would do, without doing it. */
  previewRetry: async (ctx: Ctx, reference: string, order: RetryOrder = {}): Promise<RetryPreview> => {
    const batch = await batchToRetry(deps, ctx, reference)
    return deps.db.transaction(() => preview(deps, batch, order))
  },

  /**
   * Makes a new batch with new attempts for what failed, to the accounts as they are now. It goes the same way as the
   * first one. Throws `rule_violated` (`nothing-to-pay`) when nothing can be tried again.
   */
  retryBatch: async (ctx: Ctx, reference: string, order: RetryOrder = {}): Promise<BatchView> => {
    const batch = await batchToRetry(deps, ctx, reference)
    const id = await deps.db.transaction(async () => {
      const { payments } = await preview(deps, batch, order)
      if (payments === 0)
        throw ruleViolated('nothing-to-pay', 'Nothing that failed in this batch can be tried again as it is.')
      return openBatch(deps, ctx, {
        programId: batch.program_id,
        cycleId: batch.cycle_id,
        fundId: batch.fund_id,
        currency: batch.currency,
        debtor: batch.debtor,
        remittance: batch.remittance,
        requestedOn: dayFor(deps, order.requestedOn),
        retryOf: batch.id,
        reviewed: order.reviewed ?? [],
      })
    })
    return batchView(deps.db, id)
  },
})

const batchToRetry = async ({ db }: PaymentsDeps, ctx: Ctx, reference: string): Promise<BatchRow> => {
  const batch = await batchByReference(db, ctx, 'payment:write', reference)
  requireWholeProgram(ctx, 'payment:write', batch.program_id)
  if (batch.state !== 'sent' && batch.state !== 'reconciled')
    throw conflict(`The batch is ${batch.state}; a retry is of one that was sent.`, 'batch-state')
  return batch
}

/** For each reason of failure in a batch, whether it may be tried again. */
export const retryRules = async (
  { db, reader }: Pick<PaymentsDeps, 'db' | 'reader'>,
  batchId: string,
  reviewed: readonly string[],
): Promise<RetryRules> => {
  const codes = await reasonsIn(db, batchId)
  const rules = codes.map(code => {
    const { cause, repair } = reader.explain(code || undefined)
    return retryRule(cause, repair, reviewed.includes(code))
  })
  return { codes, rules }
}

const reasonsIn = async (db: Db, batchId: string): Promise<string[]> => {
  const rows = await db.query<{ code: string }>(sql`
    SELECT DISTINCT coalesce(reason_code, '') AS code FROM payments.attempts
    WHERE batch_id = ${batchId} AND state IN ('failed', 'returned')`)
  return rows.map(row => row.code)
}

type Line = { cause: ExceptionCause | null; reason_code: string; n: number; sum: string }

/** Resolves the failed payments exactly as the job will, and counts. */
const preview = async (deps: PaymentsDeps, batch: BatchRow, order: RetryOrder): Promise<RetryPreview> => {
  const { db, reader } = deps
  const rules = await retryRules(deps, batch.id, order.reviewed ?? [])
  await db.run(resolveCandidates(failedPayments(batch.id, rules, -1, batch.payments)))
  await checkCandidates(deps, batch)
  const lines = await db.query<Line>(sql`
    SELECT cause, CASE WHEN cause IS NULL THEN reason_code END AS reason_code, count(*)::int AS n, sum(amount)::text AS sum
    FROM candidates GROUP BY 1, 2 ORDER BY 1, 2`)
  await db.run(sql`DROP TABLE candidates`)
  const tried = lines.filter(line => line.cause === null)
  return {
    currency: batch.currency,
    payments: tried.reduce((sum, line) => sum + line.n, 0),
    total: tried.reduce((sum, line) => sum + BigInt(line.sum), 0n),
    byReason: tried.map(({ reason_code, n, sum }) => ({
      reasonCode: reason_code,
      words: reader.explain(reason_code || undefined).words,
      payments: n,
      total: BigInt(sum),
    })),
    left: lines
      .filter(line => line.cause !== null)
      .map(({ cause, n, sum }) => ({
        cause: cause!,
        ...EXCEPTIONS[cause!],
        payments: n,
        total: BigInt(sum),
      })),
  }
}
