import sql from 'sql-template-tag'
import { requireEverywhere } from '../access/index.ts'
import type { Row } from '../db/index.ts'
import { type Ctx, invalidField, notFound, parseAmount } from '../kernel/index.ts'
import type { LedgerDeps } from './index.ts'
import type { Poster } from './post.ts'
import { type FundView, present } from './read.ts'

/** `amount`: a decimal text in the fund's currency. */
export type Allocation = { amount: string }

const allocatedIn = (fund: Row) => (-BigInt(fund.source)).toString()

/** What a fund would be after an allocation, which is not made. */
export const previewAllocation =
  ({ db }: LedgerDeps) =>
  async (ctx: Ctx, fundCode: string, { amount }: Allocation): Promise<FundView> => {
    requireEverywhere(ctx, 'fund:write')
    const row = await db.one(sql`SELECT * FROM ledger.funds WHERE code = ${fundCode}`)
    if (!row) throw notFound('fund')
    const fund = present(row)
    const more = amountOf(amount, fund.currency)
    return { ...fund, allocated: fund.allocated + more, available: fund.available + more }
  }

const amountOf = (amount: string, currency: string): bigint => {
  const minor = parseAmount(amount, currency, '/amount')
  if (minor === 0n) throw invalidField('/amount', 'amount', 'An allocation is of more than nothing.')
  return minor
}

/** Puts money into a fund. Every call allocates anew; a caller that retries does so under an idempotency key. */
export const allocate =
  ({ db, ids, audit }: LedgerDeps, post: Poster) =>
  async (ctx: Ctx, fundCode: string, { amount }: Allocation): Promise<FundView> => {
    requireEverywhere(ctx, 'fund:write')
    return db.transaction(async () => {
      const before = await db.one(sql`SELECT * FROM ledger.funds WHERE code = ${fundCode} FOR UPDATE`)
      if (!before) throw notFound('fund')
      const minor = amountOf(amount, before.currency)
      await post('allocation')({ type: 'allocation', id: ids.uuid() }, before.id, minor)
      const after = (await db.one(sql`SELECT * FROM ledger.funds WHERE id = ${before.id}`))!
      await audit.record(ctx, {
        action: 'fund.allocate',
        subject: { type: 'fund', id: before.id },
        before: { allocated: allocatedIn(before) },
        after: { allocated: allocatedIn(after) },
      })
      return present(after)
    })
  }
