import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** Items and places, as the trail and the history know them. The stock of an item at a place is its field `stock.ITEM`. */
export const inventoryThings: readonly Thing[] = [
  {
    type: 'item',
    named: 'code',
    permission: 'inventory:read',
    born: ['item.create'],
    all: sql`
      SELECT id, NULL::bigint AS ref, code, NULL AS kind, NULL::uuid AS area_id, NULL::uuid AS program_id
      FROM inventory.items`,
    state: sql`
      SELECT id, jsonb_build_object('code', code, 'name', name, 'unit', unit) AS state FROM inventory.items`,
  },
  {
    type: 'location',
    named: 'code',
    permission: 'inventory:read',
    born: ['location.create'],
    all: sql`
      SELECT id, NULL::bigint AS ref, code, NULL AS kind, area_id, NULL::uuid AS program_id
      FROM inventory.locations WHERE kind <> 'virtual'`,
    state: sql`
      SELECT l.id, jsonb_build_object('code', l.code, 'name', l.name, 'kind', l.kind, 'area', a.code) || (
        SELECT coalesce(jsonb_object_agg('stock.' || i.code, b.quantity::text), '{}')
        FROM inventory.balances b JOIN inventory.items i ON i.id = b.item_id WHERE b.location_id = l.id AND b.quantity > 0) AS state
      FROM inventory.locations l JOIN areas.areas a ON a.id = l.area_id`,
  },
]
