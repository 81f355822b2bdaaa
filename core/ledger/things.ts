import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** Funds, as the trail and the history know them. What was done with the money stands in their postings, for ever. */
export const ledgerThings: readonly Thing[] = [
  {
    type: 'fund',
    named: 'code',
    permission: 'fund:read',
    born: ['fund.open'],
    money: { fields: ['allocated'], currency: sql`SELECT id, currency FROM ledger.funds` },
    all: sql`
      SELECT id, NULL::bigint AS ref, code, NULL AS kind, NULL::uuid AS area_id, NULL::uuid AS program_id
      FROM ledger.funds`,
    state: sql`
      SELECT id, jsonb_build_object('code', code, 'name', name, 'currency', currency, 'allocated', (-source)::text) AS state
      FROM ledger.funds`,
  },
]
