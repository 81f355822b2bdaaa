import type { History } from '#core/history/index.ts'
import { ok, page, paging, type Routes } from './kit.ts'

export const historyRoutes = ({ history }: { history: History }): Routes => ({
  getHistory: async ({ ctx, params, query }) =>
    ok(await history.at(ctx, params.name!, query.at as string | undefined)),

  listChanges: async ({ ctx, params, query }) => {
    const range = query as { from?: string; to?: string }
    return page(await history.changes(ctx, params.name!, range, paging(query)), change => change)
  },

  listAccesses: async ({ ctx, params, query }) =>
    page(
      await history.accessLog(ctx, params.reference!, query as { from?: string; to?: string }, paging(query)),
      look => look,
    ),
})
