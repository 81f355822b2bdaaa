import { requirePermission } from '#core/access/index.ts'
import { formatMinor } from '#core/kernel/index.ts'
import type { Allocation, FundFilter, FundView, Ledger, NewFund, PostingView } from '#core/ledger/index.ts'
import { type Call, created, expectedVersion, ok, page, paging, type Routes } from './kit.ts'

/** Funds and their balances. */
export const fundRoutes = ({ ledger }: { ledger: Ledger }): Routes => {
  const fundOf = async ({ ctx, params }: Call) => {
    const fund = await ledger.balances(ctx, params.code!)
    return ok(present(fund), fund.version)
  }
  return {
    listFunds: async ({ ctx, query }) =>
      page(await ledger.listFunds(ctx, query as FundFilter, paging(query)), present),
    getFund: fundOf,

    updateFund: async call => {
      requirePermission(call.ctx, 'fund:read')
      const { name } = call.body as { name: string }
      await ledger.renameFund(call.ctx, call.params.code!, name, expectedVersion(call))
      return fundOf(call)
    },

    createFund: async ({ ctx, body }) => {
      const fund = await ledger.openFund(ctx, body as NewFund)
      return created(`/api/v1/funds/${fund.code}`, present(fund))
    },

    allocateToFund: async ({ ctx, params, query, body }) => {
      const put = query.dryRun === true ? ledger.previewAllocation : ledger.allocate
      return ok(present(await put(ctx, params.code!, body as Allocation)))
    },

    listFundMovements: async ({ ctx, params, query }) =>
      page(await ledger.postings(ctx, params.code!, paging(query)), presentMovement),
  }
}

const present = ({ code, name, currency, version, ...balances }: FundView) => ({
  code,
  name,
  currency,
  version,
  allocated: formatMinor(balances.allocated, currency),
  available: formatMinor(balances.available, currency),
  committed: formatMinor(balances.committed, currency),
  disbursed: formatMinor(balances.disbursed, currency),
})

const presentMovement = ({ kind, amount, currency, cause, postedAt }: PostingView) => ({
  kind,
  amount: formatMinor(amount, currency),
  currency,
  cause,
  postedAt,
})
