import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { formatReference, parseReference } from '#core/kernel/index.ts'

// A date stays as it is written.
pg.types.setTypeParser(pg.types.builtins.DATE, value => value)

/** Who reads, and in the subtrees of which areas. */
export type Caller = { id: string; name: string; areaIds: string[] }

/** What is told of the registrant in `found`, with all that hangs on it. */
export const TOLD = `
  SELECT f.ref, f.kind, f.status, f.name, f.sex, f.birth_date, f.birth_precision, f.group_type, f.phones,
    f.attributes, f.version, a.code AS area_code, a.name AS area_name,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('type', i.type, 'value', i.value) ORDER BY i.type), '[]')
     FROM registry.identifiers i WHERE i.registrant_id = f.id AND i.status = 'live') AS identifiers,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', p.kind, 'value', p.value, 'preferred', p.preferred)
       ORDER BY p.preferred DESC, p.id), '[]')
     FROM registry.payment_accounts p WHERE p.registrant_id = f.id AND p.status = 'live') AS accounts,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('ref', m.ref::text, 'kind', m.kind, 'name', m.name, 'roles', s.roles,
       'relationship', s.relationship) ORDER BY NOT s.roles @> '{head}', m.birth_date, m.id), '[]')
     FROM registry.memberships s JOIN registry.registrants m ON m.id = s.member_id
     WHERE s.group_id = f.id AND s.ended_on IS NULL) AS members,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('ref', g.ref::text, 'name', g.name, 'roles', s.roles) ORDER BY g.id), '[]')
     FROM registry.memberships s JOIN registry.registrants g ON g.id = s.group_id
     WHERE s.member_id = f.id AND s.ended_on IS NULL) AS groups
  FROM found f JOIN areas.areas a ON a.id = f.area_id`

/** $1 reference, $2 kind, $3 areas, $4 and $5 the caller, $6 the request, $7 where it came from. */
export const READ = `
  WITH found AS (
    SELECT r.* FROM registry.registrants r
    WHERE r.ref = $1 AND r.kind = $2
      AND r.area_id = ANY((SELECT array_agg(area_id) FROM areas.closure WHERE ancestor_id = ANY($3::uuid[]))::uuid[])
  ), logged AS (
    INSERT INTO audit.entries
      (actor_kind, actor_id, actor_name, action, subject_type, subject_id, items, item_ids, request_id, address, leaf)
    SELECT 'client', $4::uuid, $5, 'registrant.read', 'registrant', f.id, cardinality(s.ids), s.ids, $6, $7, ''
    FROM found f CROSS JOIN LATERAL (SELECT ARRAY(
      SELECT f.id
      UNION SELECT member_id FROM registry.memberships WHERE group_id = f.id AND ended_on IS NULL
      UNION SELECT group_id FROM registry.memberships WHERE member_id = f.id AND ended_on IS NULL
      ORDER BY 1) AS ids) s
  ) ${TOLD}`

/** The values of `READ`, when the reference is one. */
export const valuesOf = (caller: Caller, address: string, reference: string): unknown[] | undefined => {
  const kind = reference.startsWith('IN') ? 'individual' : 'group'
  const ref = parseReference(kind, reference)
  return ref === undefined
    ? undefined
    : [ref, kind, caller.areaIds, caller.id, caller.name, randomUUID(), address]
}

/** What the API answers for a registrant, in one statement that leaves its entry on the audit trail. */
export const readRegistrant = async (pool: pg.Pool, caller: Caller, address: string, reference: string) => {
  const values = valuesOf(caller, address, reference)
  const row = values && (await pool.query(READ, values)).rows[0]
  return row && presented(row)
}

/** A row of `TOLD` as the API shows it. */
// biome-ignore lint/suspicious/noExplicitAny: a row's shape is that of the statement
export const presented = (row: Record<string, any>) => ({
  reference: formatReference(row.kind, row.ref),
  kind: row.kind,
  status: row.status,
  name: row.name,
  area: { code: row.area_code, name: row.area_name },
  sex: row.sex,
  birthDate: row.birth_date,
  birthPrecision: row.birth_precision,
  groupType: row.group_type,
  phones: row.phones,
  attributes: row.attributes,
  identifiers: row.identifiers,
  accounts: row.accounts,
  members: row.members.map(({ ref, kind, ...m }: Related) => ({
    reference: formatReference(kind, ref),
    ...m,
  })),
  groups: row.groups.map(({ ref, ...g }: Related) => ({
    reference: formatReference('group', ref),
    ...g,
  })),
  masked: [],
  version: row.version,
})

type Related = { ref: string; kind: 'individual' | 'group'; name: string }
