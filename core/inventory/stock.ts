import sql, { empty } from 'sql-template-tag'
import { andVisible, requirePermission } from '../access/index.ts'
import { type Ctx, decodeCursor, type Page, type PageRequest, pageOf } from '../kernel/index.ts'
import type { InventoryDeps } from './index.ts'

/** What is on hand of one item at one place, in the item's unit. */
export type StockLine = {
  location: { code: string; name: string; kind: string }
  item: { code: string; name: string; unit: string }
  onHand: bigint
}

/** What is on hand at the places within reach, by place and item. Codes narrow it to one of either. */
export const stock =
  ({ db }: InventoryDeps) =>
  async (
    ctx: Ctx,
    filter: { location?: string; item?: string },
    page: PageRequest,
  ): Promise<Page<StockLine>> => {
    requirePermission(ctx, 'inventory:read')
    const after = page.cursor ? decodeCursor(page.cursor, 2) : undefined
    const rows = await db.query<StockLine & { quantity: string }>(sql`
      SELECT json_build_object('code', l.code, 'name', l.name, 'kind', l.kind) AS location,
             json_build_object('code', i.code, 'name', i.name, 'unit', i.unit) AS item, b.quantity
      FROM inventory.balances b
      JOIN inventory.locations l ON l.id = b.location_id
      JOIN inventory.items i ON i.id = b.item_id
      WHERE true ${andVisible(ctx, 'inventory:read', { area: sql`l.area_id` })}
        ${filter.location ? sql`AND l.code = ${filter.location}` : empty}
        ${filter.item ? sql`AND i.code = ${filter.item}` : empty}
        ${after ? sql`AND (l.code, i.code) > (${after[0]}, ${after[1]})` : empty}
      ORDER BY l.code, i.code LIMIT ${page.limit + 1}`)
    const { items, next } = pageOf(rows, page.limit, r => [r.location.code, r.item.code])
    return {
      items: items.map(({ location, item, quantity }) => ({ location, item, onHand: BigInt(quantity) })),
      next,
    }
  }
