import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** Handovers, as the trail and the history know them. One that was made is never changed. */
export const distributionThings: readonly Thing[] = [
  {
    type: 'redemption',
    named: ['redemption'],
    permission: 'redemption:read',
    born: ['redemption.make'],
    people: sql`SELECT id, registrant_id FROM distribution.redemptions`,
    all: sql`
      SELECT r.id, r.ref, NULL::text AS code, 'redemption' AS kind, p.area_id, r.program_id
      FROM distribution.redemptions r JOIN inventory.points p ON p.id = r.point_id`,
    state: sql`
      SELECT r.id, jsonb_build_object('entitlement', kernel.reference('EN', e.ref), 'point', p.code, 'item', i.code,
        'quantity', r.quantity::text, 'note', r.note, 'receipt', r.receipt) AS state
      FROM distribution.redemptions r
      JOIN programs.entitlements_view e ON e.id = r.entitlement_id
      JOIN inventory.points p ON p.id = r.point_id
      JOIN inventory.catalogue i ON i.id = r.item_id`,
  },
]
