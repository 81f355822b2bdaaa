import sql, { empty, type Sql } from 'sql-template-tag'
import { partOf, type Sortable, sorted } from '../db/index.ts'
import type { Clock, Ctx, Page, PageRequest } from '../kernel/index.ts'
import { type ClientStore, type ClientView, isLive } from './client-store.ts'
import { requireEverywhere } from './scope.ts'

/** `q` is part of the id or the name; `expiringDays`: those whose last secret ends within so many days. */
export type ClientFilter = { q?: string; status?: string; expiringDays?: number }

const clientId = { by: sql`c.client_id`, as: 'code' } as const
const CLIENTS: Sortable = {
  columns: {
    clientId,
    name: { by: sql`c.name`, as: 'name' },
    createdAt: { by: sql`c.created_at`, as: 'instant' },
  },
  tie: clientId,
  otherwise: 'clientId',
}

/** API clients, as those who administer them see them. */
export const readClients = ({ clock }: { clock: Clock }, store: ClientStore) => ({
  listClients: async (ctx: Ctx, filter: ClientFilter, page: PageRequest): Promise<Page<ClientView>> => {
    requireEverywhere(ctx, 'client:read')
    const list = sorted(CLIENTS, page)
    const like = filter.q && partOf(filter.q)
    return list.page(
      await store.load(
        sql`
        WHERE true
          ${like ? sql`AND (c.client_id ILIKE ${like} OR c.name ILIKE ${like})` : empty}
          ${filter.status ? sql`AND c.status = ${filter.status}` : empty}
          ${filter.expiringDays === undefined ? empty : endsWithin(clock.now(), filter.expiringDays)}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`,
        list.key,
      ),
    )
  },

  getClient: async (ctx: Ctx, clientId: string): Promise<ClientView> => {
    requireEverywhere(ctx, 'client:read')
    return store.get(clientId)
  },
})

/** Of `access.clients c`: those that have secrets, none of which lasts longer than so many days. */
const endsWithin = (now: Date, days: number): Sql => {
  const live = sql`SELECT max(coalesce(s.expires_at, 'infinity')) FROM access.client_secrets s
    WHERE s.client_id = c.id AND ${isLive(now)}`
  return sql`AND (${live}) <= ${new Date(now.getTime() + days * 86_400_000)}`
}
