import sql from 'sql-template-tag'
import { andVisible } from '../access/index.ts'
import type { Ctx } from '../kernel/index.ts'
import type { FailureCause, Repair } from '../ports/payments.ts'
import type { PaymentsDeps } from './index.ts'
import { EXCEPTIONS, type ExceptionCause, type ExceptionRepair } from './rules.ts'
import { batchByReference } from './store.ts'

type Sum = { payments: number; total: bigint }

/** Failed payments that are cured the same way; `reasons` are the bank's, in words. */
export type FailureGroup = Sum & {
  cause: FailureCause
  repair: Repair
  reasons: (Sum & { code: string | null; words: string })[]
}

/** Why payments of a batch failed, and why others never got into it. Amounts in minor units. */
export type FailuresView = {
  currency: string
  failed: FailureGroup[]
  exceptions: (Sum & { cause: ExceptionCause; words: string; repair: ExceptionRepair })[]
}

/** Failures of a batch as far as the actor may see them, grouped by what causes and cures them; the largest first. */
export const failures =
  ({ db, reader }: PaymentsDeps) =>
  async (ctx: Ctx, reference: string): Promise<FailuresView> => {
    const batch = await batchByReference(db, ctx, 'payment:read', reference)
    const inReach = andVisible(ctx, 'payment:read', {
      area: sql`area_id`,
      program: sql`${batch.program_id}::uuid`,
    })
    const reasons = await db.query<{ code: string | null; n: number; sum: string }>(sql`
      SELECT reason_code AS code, count(*)::int AS n, sum(amount)::text AS sum FROM payments.attempts
      WHERE batch_id = ${batch.id} AND state IN ('failed', 'returned') ${inReach} GROUP BY 1 ORDER BY 2 DESC, 1`)
    const exceptions = await db.query<{ cause: ExceptionCause; n: number; sum: string }>(sql`
      SELECT cause, count(*)::int AS n, sum(amount)::text AS sum FROM payments.exceptions
      WHERE batch_id = ${batch.id} ${inReach} GROUP BY 1 ORDER BY 2 DESC, 1`)

    const groups = new Map<FailureCause, FailureGroup>()
    for (const { code, n, sum } of reasons) {
      const { words, cause, repair } = reader.explain(code ?? undefined)
      const group = groups.get(cause) ?? { cause, repair, payments: 0, total: 0n, reasons: [] }
      group.payments += n
      group.total += BigInt(sum)
      group.reasons.push({ code, words, payments: n, total: BigInt(sum) })
      groups.set(cause, group)
    }
    return {
      currency: batch.currency,
      failed: [...groups.values()].sort((a, b) => b.payments - a.payments),
      exceptions: exceptions.map(({ cause, n, sum }) => ({
        cause,
        ...EXCEPTIONS[cause],
        payments: n,
        total: BigInt(sum),
      })),
    }
  }
