import type { Search } from '#core/search/index.ts'
import { ok, type Routes } from './kit.ts'

/** One box for everything. */
export const searchRoutes = ({ search }: { search: Search }): Routes => ({
  searchEverything: async ({ ctx, query }) => ok({ items: await search(ctx, query.q as string) }),
})
