import sql, { empty } from 'sql-template-tag'
import { andVisible, requirePermission } from '../access/index.ts'
import { type Sortable, type SortKey, sorted } from '../db/index.ts'
import type { Ctx, Page, PageRequest } from '../kernel/index.ts'
import type { InventoryDeps } from './index.ts'

/** What is on hand of one item at one place, in the item's unit. */
export type StockLine = {
  location: { code: string; name: string; kind: string }
  item: { code: string; name: string; unit: string }
  onHand: bigint
}

const STOCK: Sortable = {
  columns: {
    location: { by: sql`l.code`, as: 'code' },
    item: { by: sql`i.code`, as: 'code' },
    onHand: { by: sql`b.quantity`, as: 'number' },
  },
  // Codes hold no blank: the two together say which line it is.
  tie: { by: sql`(l.code || ' ' || i.code)`, as: 'code' },
  otherwise: 'location',
}

/** What is on hand at the places within reach, by place and item unless sorted otherwise. Codes narrow it to one of either. */
export const stock =
  ({ db }: InventoryDeps) =>
  async (
    ctx: Ctx,
    filter: { location?: string; item?: string },
    page: PageRequest,
  ): Promise<Page<StockLine>> => {
    requirePermission(ctx, 'inventory:read')
    const list = sorted(STOCK, page)
    const rows = await db.query<StockLine & { quantity: string } & SortKey>(sql`
      SELECT json_build_object('code', l.code, 'name', l.name, 'kind', l.kind) AS location,
             json_build_object('code', i.code, 'name', i.name, 'unit', i.unit) AS item, b.quantity ${list.key}
      FROM inventory.balances b
      JOIN inventory.locations l ON l.id = b.location_id
      JOIN inventory.items i ON i.id = b.item_id
      WHERE true ${andVisible(ctx, 'inventory:read', { area: sql`l.area_id` })}
        ${filter.location ? sql`AND l.code = ${filter.location}` : empty}
        ${filter.item ? sql`AND i.code = ${filter.item}` : empty}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<StockLine & { quantity: string }>(rows)
    return {
      items: items.map(({ location, item, quantity }) => ({ location, item, onHand: BigInt(quantity) })),
      next,
    }
  }
