import sql from 'sql-template-tag'
import { andVisible, type Masks, masking, requirePermission, shownAs } from '../access/index.ts'
import { insertSet } from '../audit/index.ts'
import type { Row } from '../db/index.ts'
import { type Ctx, formatReference, notFound, parseReference } from '../kernel/index.ts'
import type { RegistryDeps } from './index.ts'

/** A registrant with what hangs on it. Fields that do not apply to its kind are null. */
export type Registrant = {
  reference: string
  kind: 'individual' | 'group'
  status: 'active' | 'disabled'
  name: string
  area: { code: string; name: string }
  sex: string | null
  birthDate: string | null
  birthPrecision: string | null
  groupType: string | null
  phones: string[]
  attributes: Record<string, unknown>
  identifiers: { type: string; value: string }[]
  accounts: { kind: string; value: string; preferred: boolean }[]
  members: { reference: string; name: string; roles: string[]; relationship: string | null }[]
  groups: { reference: string; name: string; roles: string[] }[]
  /** What is shown only in part, because the reader's role needs no more. */
  masked: string[]
  version: number
}

/**
 * One registrant by its public reference, within the actor's reach. That it was read is on the audit trail:
 * the entry is written by the very statement that reads, and names also the members and groups that were shown.
 */
export const getRegistrant =
  ({ db }: RegistryDeps) =>
  async (ctx: Ctx, reference: string): Promise<Registrant> => {
    requirePermission(ctx, 'registrant:read')
    const kind = reference.trim().toUpperCase().startsWith('IN') ? 'individual' : 'group'
    const ref = parseReference(kind, reference)
    if (ref === undefined) throw notFound('registrant')
    const mask = masking(ctx, 'registrant:read', { area: sql`f.area_id` })
    const row = await db.one(sql`
      WITH found AS (
        SELECT r.* FROM registry.registrants r
        WHERE r.ref = ${ref} AND r.kind = ${kind} ${andVisible(ctx, 'registrant:read', { area: sql`r.area_id` })}
      ), logged AS (${insertSet(ctx, READ, shown)})
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
         WHERE s.member_id = f.id AND s.ended_on IS NULL) AS groups ${mask.select}
      FROM found f JOIN areas.areas a ON a.id = f.area_id`)
    if (!row) throw notFound('registrant')
    return present(row, mask.of(row))
  }

const READ = { action: 'registrant.read', subject: { type: 'registrant', id: sql`(SELECT id FROM found)` } }

/** Whose data one read shows. */
const shown = sql`
  SELECT id FROM found
  UNION SELECT s.member_id FROM registry.memberships s JOIN found f ON f.id = s.group_id WHERE s.ended_on IS NULL
  UNION SELECT s.group_id FROM registry.memberships s JOIN found f ON f.id = s.member_id WHERE s.ended_on IS NULL`

type MemberRow = {
  ref: string
  kind: 'individual' | 'group'
  name: string
  roles: string[]
  relationship: string | null
}

const present = (row: Row, masks: Masks): Registrant => {
  const name = (text: string) => shownAs(masks, 'name', text)
  return {
    reference: formatReference(row.kind, row.ref),
    kind: row.kind,
    status: row.status,
    name: name(row.name),
    area: { code: row.area_code, name: row.area_name },
    sex: row.sex,
    birthDate: shownAs(masks, 'birth', row.birth_date),
    birthPrecision: row.birth_date !== null && masks.has('birth') ? 'year' : row.birth_precision,
    groupType: row.group_type,
    phones: row.phones.map((phone: string) => shownAs(masks, 'contact', phone)),
    attributes: row.attributes,
    identifiers: row.identifiers.map((i: { type: string; value: string }) => ({
      ...i,
      value: shownAs(masks, 'identifier', i.value),
    })),
    accounts: row.accounts.map((a: { kind: string; value: string; preferred: boolean }) => ({
      ...a,
      value: shownAs(masks, 'account', a.value),
    })),
    members: row.members.map(({ ref, kind, ...m }: MemberRow) => ({
      reference: formatReference(kind, ref),
      ...m,
      name: name(m.name),
    })),
    groups: row.groups.map(({ ref, ...g }: MemberRow) => ({
      reference: formatReference('group', ref),
      ...g,
      name: name(g.name),
    })),
    masked: [...masks],
    version: row.version,
  }
}
