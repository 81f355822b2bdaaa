import fc from 'fast-check'
import sql, { type Sql } from 'sql-template-tag'
import { uuid7 } from '#core/kernel/index.ts'
import type { AttributeTypes } from '../index.ts'

/** Custom attributes of the random registry. */
export const attributes: AttributeTypes = {
  group: { roof: 'string', score: 'number', urban: 'bool', visited: 'date' },
  individual: { job: 'string', income: 'number', enrolled: 'bool', seen: 'date' },
}

export const TODAY = '2026-02-28'

const AREAS = [
  ['KX', null, 0, 'Kesh'],
  ['KX01', 'KX', 1, 'North'],
  ['KX02', 'KX', 1, 'South'],
  ['KX0101', 'KX01', 2, 'River'],
  ['KX0102', 'KX01', 2, 'Hill'],
  ['KX0201', 'KX02', 2, 'Plain'],
] as const

/** Texts that trip those who quote, fold case or count characters carelessly. */
export const TEXTS = [
  'tin',
  'Tin',
  "O'Neil",
  'Ália',
  'a%_b',
  'እናት',
  '😀b',
  'line\nbreak',
  '',
  'b\\d',
  '$1',
  '5',
] as const
export const DAYS = [
  '2026-02-28',
  '2026-03-01',
  '2021-02-28',
  '2020-02-29',
  '2008-02-29',
  '2008-03-01',
  '1960-07-15',
] as const

const text = fc.constantFrom(...TEXTS)
const day = fc.constantFrom(...DAYS)
const number = fc.oneof(
  fc.integer({ min: -5, max: 40 }),
  fc.constantFrom(0, 0.1, 29.5, 30, 1e17, 1e21, 1e-7, 0.1234567891, -0.1234567895),
)
/** A value of its type, absent, null, or of another type altogether. */
const recorded = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 6, arbitrary: value as fc.Arbitrary<unknown> },
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(
        null,
        'tin',
        7,
        true,
        ['tin'],
        { a: 1 },
        '2021-02-29',
        '2020-13-01',
      ),
    },
  )
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 })

const area = fc.constantFrom(...AREAS.map(([code]) => code))
const name = text.map(t => t || 'Nameless')
const person = fc.record({
  name,
  area,
  sex: maybe(fc.constantFrom('female', 'male', 'other', 'unknown')),
  birth: maybe(day),
  death: fc.option(day, { nil: null, freq: 1 }),
  attributes: fc.record({
    job: recorded(text),
    income: recorded(number),
    enrolled: recorded(fc.boolean()),
    seen: recorded(day),
  }),
})
const group = fc.record({
  name,
  area,
  type: fc.constantFrom('household', 'family', 'community'),
  since: day,
  attributes: fc.record({
    roof: recorded(text),
    score: recorded(number),
    urban: recorded(fc.boolean()),
    visited: recorded(day),
  }),
  head: fc.option(fc.nat(40), { nil: null, freq: 4 }),
  members: fc.uniqueArray(
    fc.record({
      person: fc.nat(40),
      roles: fc.subarray(['guardian', 'dependent']),
      relationship: maybe(fc.constantFrom('spouse', 'child')),
    }),
    { selector: m => m.person, maxLength: 5 },
  ),
})

/** A random registry: individuals, some in several groups or none; groups without members or head. */
export const population = fc.record({
  people: fc.array(person, { minLength: 41, maxLength: 41 }),
  groups: fc.array(group, { minLength: 40, maxLength: 40 }),
})
export type Population = typeof population extends fc.Arbitrary<infer P> ? P : never

type Runs = { run(statement: Sql): Promise<unknown> }

/** Stores a population; gives the ids of what it made. */
export const store = async (db: Runs, { people, groups }: Population) => {
  const areaIds = await storeAreas(db)
  const individualIds = people.map(() => uuid7())
  const groupIds = groups.map(() => uuid7())
  const rows = [
    ...people.map((p, i) => ({
      id: individualIds[i], kind: 'individual', area_id: areaIds.get(p.area), name: p.name, sex: p.sex,
      birth_date: p.birth, birth_precision: p.birth && 'day', death_date: p.death, group_type: null,
      attributes: p.attributes, since: '2020-01-01',
    })), // biome-ignore format: a table
    ...groups.map((g, i) => ({
      id: groupIds[i], kind: 'group', area_id: areaIds.get(g.area), name: g.name, group_type: g.type,
      attributes: g.attributes, since: g.since,
    })), // biome-ignore format: a table
  ]
  await db.run(sql`INSERT INTO registry.registrants
      (id, ref, kind, area_id, name, sex, birth_date, birth_precision, death_date, group_type, attributes, source, created_at)
    SELECT id, kernel.random_ref(), kind, area_id, name, sex, birth_date, birth_precision, death_date, group_type,
      attributes, 'test', since::timestamp
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, kind text, area_id uuid, name text, sex text,
      birth_date date, birth_precision text, death_date date, group_type text, attributes jsonb, since text)`)
  const memberships = groups.flatMap((g, i) => [
    ...g.members.map(m => ({
      group_id: groupIds[i], member_id: individualIds[m.person],
      roles: m.person === g.head ? [...m.roles, 'head'] : m.roles, relationship: m.relationship,
    })), // biome-ignore format: a table
    // Every fifth group holds the next one: a member that is no individual.
    ...(i % 5 === 0
      ? [{ group_id: groupIds[i], member_id: groupIds[i + 1], roles: [], relationship: null }]
      : []),
  ])
  await db.run(sql`INSERT INTO registry.memberships (group_id, member_id, started_on, roles, relationship)
    SELECT group_id, member_id, date '2020-01-01', roles, relationship FROM jsonb_to_recordset(${JSON.stringify(memberships)}::jsonb)
      AS m(group_id uuid, member_id uuid, roles text[], relationship text)`)
  return { groupIds, individualIds }
}

const storeAreas = async (db: Runs): Promise<Map<string, string>> => {
  const ids = new Map<string, string>(AREAS.map(([code]) => [code, uuid7()]))
  for (const [code, parent, level, called] of AREAS) {
    const [id, above] = [ids.get(code), parent && ids.get(parent)]
    await db.run(sql`INSERT INTO areas.areas (id, code, parent_id, level, name)
      VALUES (${id}, ${code}, ${above}, ${level}, ${called})`)
    await db.run(sql`INSERT INTO areas.closure (ancestor_id, area_id)
      SELECT ancestor_id, ${id}::uuid FROM areas.closure WHERE area_id = ${above}::uuid
      UNION ALL SELECT ${id}::uuid, ${id}::uuid`)
  }
  return ids
}
