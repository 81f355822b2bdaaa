import sql, { type Sql } from 'sql-template-tag'
import { type Decimal, decimal } from './decimal.ts'
import { TABLES, type TargetKind } from './model.ts'

/**
 * One registrant with everything a rule can ask about it. A field that is absent or null is not recorded.
 * Numbers in `attributes` may be plain numbers or exact decimals; dates are `YYYY-MM-DD`.
 */
export type AreaDocument = {
  code: string
  name: string
  level: number | Decimal /** Codes of it and all above it. */
  within: string[]
}
export type Attributes = Readonly<Record<string, string | number | boolean | Decimal | null>>
type Text = string | null | undefined
export type PersonDocument = {
  id?: string
  name?: Text
  sex?: Text
  birth_date?: Text
  birth_precision?: Text
  death_date?: Text
  area?: AreaDocument | null
  attributes?: Attributes
}
export type MemberDocument = PersonDocument & { is_head: boolean; roles: string[]; relationship?: Text }
export type GroupDocument = {
  id?: string
  type?: Text
  name?: Text
  registered_on?: Text
  area?: AreaDocument | null
  attributes?: Attributes
  /** Active members, individuals or not; `members` holds the individuals. */
  size: number | Decimal
  members: MemberDocument[]
}
export type IndividualDocument = PersonDocument & { groups: GroupDocument[] }
export type Subject = GroupDocument | IndividualDocument

/** What `loadSubject` reads from. */
export type Reads = { query<T extends Record<string, unknown>>(statement: Sql): Promise<T[]> }

const { groups, individuals, memberships, areas, areaClosure } = TABLES

const areaOf = (id: Sql): Sql => sql`(
  SELECT json_build_object('code', a.code, 'name', a.name, 'level', a.level, 'within',
    ARRAY(SELECT up.code FROM ${areaClosure} c JOIN ${areas} up ON up.id = c.ancestor_id WHERE c.area_id = a.id))
  FROM ${areas} a WHERE a.id = ${id})`

const membersOf = (id: Sql): Sql => sql`(
  SELECT COALESCE(json_agg(json_build_object('id', i.id, 'name', i.name, 'sex', i.sex,
    'birth_date', i.birth_date, 'birth_precision', i.birth_precision, 'death_date', i.death_date,
    'area', ${areaOf(sql`i.area_id`)}, 'attributes', i.attributes,
    'is_head', m.roles @> '{head}', 'roles', m.roles, 'relationship', m.relationship) ORDER BY i.id), '[]')
  FROM ${memberships} m JOIN ${individuals} i ON i.id = m.member_id WHERE m.group_id = ${id})`

const groupFrom = (from: Sql): Sql => sql`
  SELECT json_build_object('id', g.id, 'type', g.group_type, 'name', g.name, 'registered_on', g.created_on,
    'area', ${areaOf(sql`g.area_id`)}, 'attributes', g.attributes,
    'size', (SELECT count(*) FROM ${memberships} s WHERE s.group_id = g.id),
    'members', ${membersOf(sql`g.id`)}) AS document
  ${from}`

const individualFrom = (id: string): Sql => sql`
  SELECT json_build_object('id', p.id, 'name', p.name, 'sex', p.sex, 'birth_date', p.birth_date,
    'birth_precision', p.birth_precision, 'death_date', p.death_date,
    'area', ${areaOf(sql`p.area_id`)}, 'attributes', p.attributes,
    'groups', (SELECT COALESCE(json_agg(gs.document), '[]') FROM (${groupFrom(
      sql`FROM ${memberships} pm JOIN ${groups} g ON g.id = pm.group_id WHERE pm.member_id = p.id ORDER BY g.id`,
    )}) gs)) AS document
  FROM ${individuals} p WHERE p.id = ${id}::uuid`

/**
 * Loads one active registrant in one statement; `undefined` when there is none of that kind. Numbers keep
 * all their digits.
 */
export const loadSubject = async (db: Reads, kind: TargetKind, id: string): Promise<Subject | undefined> => {
  const source =
    kind === 'group' ? groupFrom(sql`FROM ${groups} g WHERE g.id = ${id}::uuid`) : individualFrom(id)
  const rows = await db.query<{ document: string }>(sql`SELECT document::text FROM (${source}) loaded`)
  return rows[0] && (parseExact(rows[0].document) as Subject)
}

type Reviver = (key: string, value: unknown, context: { source: string }) => unknown

/** Reads JSON with all numbers as decimals. */
const parseExact = (text: string): unknown => {
  const exact: Reviver = (_key, value, { source }) => (typeof value === 'number' ? decimal(source) : value)
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown)
}
