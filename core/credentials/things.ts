import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** Credentials, as the trail and the history know them. */
export const credentialThings: readonly Thing[] = [
  {
    type: 'credential',
    named: ['credential'],
    permission: 'credential:read',
    born: ['credential.issue'],
    people: sql`SELECT id, registrant_id FROM credentials.credentials`,
    all: sql`
      SELECT id, ref, NULL::text AS code, 'credential' AS kind, area_id, program_id FROM credentials.credentials`,
    state: sql`
      SELECT c.id, jsonb_build_object('entitlement', kernel.reference('EN', e.ref), 'holder_name', c.holder_name,
        'state', c.state, 'stateReason', c.state_reason) AS state
      FROM credentials.credentials c JOIN programs.entitlements_view e ON e.id = c.entitlement_id`,
  },
]
