import { formatMinor } from '#core/kernel/index.ts'
import type { Allocation, FundView, Ledger, NewFund } from '#core/ledger/index.ts'
import { created, ok, page, paging, type Routes } from './kit.ts'

/** Funds and their balances. */
export const fundRoutes = ({ ledger }: { ledger: Ledger }): Routes => ({
  listFunds: async ({ ctx, query }) => page(await ledger.listFunds(ctx, paging(query)), present),
  getFund: async ({ ctx, params }) => ok(present(await ledger.balances(ctx, params.code!))),

  createFund: async ({ ctx, body }) => {
    const fund = await ledger.openFund(ctx, body as NewFund)
    return created(`/api/v1/funds/${fund.code}`, present(fund))
  },

  allocateToFund: async ({ ctx, params, body }) =>
    ok(present(await ledger.allocate(ctx, params.code!, body as Allocation))),
})

const present = ({ code, name, currency, ...balances }: FundView) => ({
  code,
  name,
  currency,
  allocated: formatMinor(balances.allocated, currency),
  available: formatMinor(balances.available, currency),
  committed: formatMinor(balances.committed, currency),
  disbursed: formatMinor(balances.disbursed, currency),
})
