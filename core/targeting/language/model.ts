import sql, { raw, type Sql } from 'sql-template-tag'

/**
 * What rules can speak of, and the tables it comes from. Everything a rule may name stands here: the
 * checker refuses every other name, and no identifier in compiled SQL comes from anywhere else.
 */

/** A rule is about groups or about individuals. */
export type TargetKind = 'group' | 'individual'

/** `int` and `decimal` are exact and mix freely; `string` is text; `date` is a calendar day. */
export type ScalarType = 'bool' | 'int' | 'decimal' | 'string' | 'date' | 'null'

export type AttributeType = 'string' | 'number' | 'bool' | 'date'

/** Types of the custom attributes, by registrant kind and code. */
export type AttributeTypes = Record<TargetKind, Readonly<Record<string, AttributeType>>>

export type FactType = Exclude<ScalarType, 'null'>

/** Types of what a flat record says, by name. */
export type FactTypes = Readonly<Record<string, FactType>>

/** Published views, by what they hold. */
export const TABLES = {
  groups: raw('registry.active_groups'),
  individuals: raw('registry.active_individuals'),
  memberships: raw('registry.active_memberships'),
  areas: raw('areas.areas'),
  areaClosure: raw('areas.closure'),
} as const

/** Where a row stands in a statement: alias of its own table, and of the membership that led to it. */
export type Place = { main: Sql; link?: Sql | undefined }

export type Field = {
  type: FactType
  /** The column. */
  sql: (at: Place) => Sql
  /** The same in a subject document. */
  key: string
  /** Whether every row has it. */
  always?: true
  /** All values there are, when the list is closed: others in a rule are refused as misspelt. */
  values?: readonly string[]
}

/** What one kind of thing offers to rules besides its plain fields. */
export type Entity = {
  /** In messages: "a group has no field …". */
  called: string
  fields: Readonly<Record<string, Field>>
  /** Things it leads to. */
  area?: true
  head?: true
  size?: true
  members?: true
  groups?: true
  roles?: true
  attributes?: TargetKind
  /** Of a flat record: the type of each thing it says. */
  facts?: FactTypes
}

const column = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => {
  const plain = raw(name)
  return { type, key: name, sql: at => sql`${at.main}.${plain}`, ...more }
}

const person = {
  name: column('name', 'string'),
  sex: column('sex', 'string', { values: ['female', 'male', 'other', 'unknown'] }),
  birth_date: column('birth_date', 'date'),
  birth_precision: column('birth_precision', 'string', { values: ['day', 'month', 'year', 'estimated'] }),
  death_date: column('death_date', 'date'),
}

const membership = {
  is_head: {
    type: 'bool',
    key: 'is_head',
    always: true,
    // Written as the unique index on the head is, so that it can serve.
    sql: at => sql`(${at.link!}.roles @> '{head}')`,
  },
  relationship: { type: 'string', key: 'relationship', sql: at => sql`${at.link!}.relationship` },
} satisfies Record<string, Field>

const group = {
  type: column('group_type', 'string', {
    key: 'type',
    values: ['household', 'family', 'community', 'cooperative', 'shelter', 'custom'],
  }),
  name: column('name', 'string'),
  registered_on: column('created_on', 'date', { key: 'registered_on' }),
}

export const ENTITIES = {
  group: {
    called: 'a group',
    fields: group,
    area: true,
    head: true,
    size: true,
    members: true,
    attributes: 'group',
  },
  individual: { called: 'an individual', fields: person, area: true, groups: true, attributes: 'individual' },
  member: {
    called: 'a member',
    fields: { ...person, ...membership },
    area: true,
    roles: true,
    attributes: 'individual',
  },
  head: { called: 'the head of a group', fields: person, area: true, attributes: 'individual' },
  area: {
    called: 'an area',
    fields: { code: column('code', 'string'), name: column('name', 'string'), level: column('level', 'int') },
  },
} as const satisfies Record<string, Entity>

export type EntityName = keyof typeof ENTITIES

/** What something offers, by its name; what is not of the registry brings it along. */
export const entity = (it: EntityName | Entity): Entity => (typeof it === 'string' ? ENTITIES[it] : it)

/** Everything that can be named directly on such a thing, for hints. */
export const namesOf = (of: EntityName | Entity): string[] => {
  const it = entity(of)
  const leads = (['area', 'head', 'size', 'members', 'groups', 'roles', 'attributes'] as const).filter(
    k => it[k],
  )
  return [...Object.keys(it.fields), ...Object.keys(it.facts ?? {}), ...leads]
}
