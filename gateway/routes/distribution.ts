import type {
  Benefit,
  Distribution,
  Handover,
  Redemption,
  RedemptionFilter,
} from '#core/distribution/index.ts'
import { formatMinor } from '#core/kernel/index.ts'
import { created, filterOf, ok, page, paging, type Routes } from './kit.ts'

/** Goods in whole numbers of their unit; money as a decimal text. */
const presentBenefit = ({ amount, remaining, ...benefit }: Benefit) =>
  benefit.kind === 'cash'
    ? {
        ...benefit,
        amount: formatMinor(amount, benefit.currency),
        remaining: formatMinor(remaining, benefit.currency),
      }
    : { ...benefit, quantity: Number(amount), remaining: Number(remaining) }

const presentRedemption = <R extends Redemption>(redemption: R) => ({
  ...redemption,
  quantity: Number(redemption.quantity),
})

export const distributionRoutes = ({ distribution }: { distribution: Distribution }): Routes => ({
  verifyCredential: async ({ ctx, body }) => {
    const { due, ...answer } = await distribution.verify(ctx, body as { qr: string; point?: string })
    return ok(due ? { ...answer, due: { ...due, benefit: presentBenefit(due.benefit) } } : answer)
  },

  redeemEntitlement: async ({ ctx, body }) => {
    const { quantity, ...handover } = body as Omit<Handover, 'quantity'> & { quantity?: number }
    const outcome = await distribution.redeem(ctx, {
      ...handover,
      ...(quantity === undefined ? {} : { quantity: BigInt(quantity) }),
    })
    if (outcome.verdict !== 'valid') return { status: 409, body: outcome }
    const { redemption, remaining } = outcome
    return created('/api/v1/redemptions', {
      redemption: presentRedemption(redemption),
      remaining: Number(remaining),
    })
  },

  listRedemptions: async ({ ctx, query }) => {
    const filter = filterOf<RedemptionFilter>(query)
    return page(await distribution.listRedemptions(ctx, filter, paging(query)), presentRedemption)
  },
})
