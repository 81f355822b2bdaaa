import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'
import { accountFields, groupFields, memberFields } from './hanging.ts'

/** Accounts and memberships of a registrant `r`. */
const hanging = sql`
  ${accountFields(sql`SELECT * FROM registry.payment_accounts a WHERE a.registrant_id = r.id AND a.status = 'live'`)}
  UNION ALL
  ${memberFields(sql`SELECT * FROM registry.memberships m WHERE m.group_id = r.id AND m.ended_on IS NULL`)}
  UNION ALL
  ${groupFields(sql`SELECT * FROM registry.memberships m WHERE m.member_id = r.id AND m.ended_on IS NULL`)}`

/** People and groups, as the trail and the history know them: by the names of their columns, as imports change them. */
export const registryThings: readonly Thing[] = [
  {
    type: 'registrant',
    named: ['individual', 'group'],
    permission: 'registrant:read',
    born: ['registrant.import'],
    people: sql`SELECT id, id AS registrant_id FROM registry.registrants`,
    all: sql`
      SELECT id, ref, NULL::text AS code, kind, area_id, NULL::uuid AS program_id FROM registry.registrants`,
    state: sql`
      SELECT r.id, jsonb_build_object('kind', r.kind, 'status', r.status, 'area_id', r.area_id, 'name', r.name,
        'given_name', r.given_name, 'family_name', r.family_name, 'sex', r.sex, 'birth_date', r.birth_date,
        'birth_precision', r.birth_precision, 'death_date', r.death_date, 'phones', r.phones,
        'group_type', r.group_type, 'attributes', r.attributes) || (
        SELECT coalesce(jsonb_object_agg('identifier.' || i.type, i.value), '{}') FROM registry.identifiers i
        WHERE i.registrant_id = r.id AND i.status = 'live') || coalesce(h.fields, '{}') AS state
      FROM registry.registrants r
      LEFT JOIN LATERAL (SELECT jsonb_object_agg(f.field, f.value) AS fields FROM (${hanging}) f) h ON true`,
  },
]
