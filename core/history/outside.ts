import { type Fields, formatMinor } from '../kernel/index.ts'
import type { MoneyOf, SubjectOf, Things } from '../things/index.ts'

/** How a field of the trail is called outside, and of which type of thing the ids in it are. */
const FIELDS: Readonly<Record<string, { as: string; of?: string }>> = {
  areaId: { as: 'area', of: 'area' },
  areaIds: { as: 'areas', of: 'area' },
  area_id: { as: 'area', of: 'area' },
  programId: { as: 'program', of: 'program' },
  programIds: { as: 'programs', of: 'program' },
  personId: { as: 'person', of: 'user' },
  supervisorId: { as: 'supervisor', of: 'user' },
  ownerId: { as: 'owner', of: 'user' },
  fundId: { as: 'fund', of: 'fund' },
  cycleId: { as: 'cycle', of: 'cycle' },
  given_name: { as: 'givenName' },
  family_name: { as: 'familyName' },
  birth_date: { as: 'birthDate' },
  birth_precision: { as: 'birthPrecision' },
  death_date: { as: 'deathDate' },
  group_type: { as: 'groupType' },
}
/** Ids of what has no name outside: they say nothing to anybody. */
const INTERNAL = new Set(['id', 'registrantsAfter', 'registrantsUpTo'])
/** What people have defined, by names of their own. */
const OTHERS = new Set(['attributes'])

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value)
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Fields of a thing, by its id (null: of none, or of many). */
export type Told = { id: string | null; record: Fields | null }

/** The things that the ids in a value name. */
const namedIn = (value: unknown): SubjectOf[] => {
  if (Array.isArray(value)) return value.flatMap(namedIn)
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, v]) => {
    const of = FIELDS[name]?.of
    if (!of) return OTHERS.has(name) ? [] : namedIn(v)
    return [v].flat().flatMap(id => (isId(id) ? [{ type: of, id }] : []))
  })
}

type Words = { names: ReadonlyMap<string, string>; money: MoneyOf | undefined }

const named = (value: unknown, names: Words['names']): unknown => {
  if (Array.isArray(value)) return value.map(v => named(v, names))
  if (!isId(value)) return value
  const name = names.get(value)
  return name === undefined ? 'no longer known' : name.slice(name.indexOf(':') + 1)
}

const amount = (value: unknown, currency: string): unknown =>
  /^-?\d+$/.test(String(value)) ? `${formatMinor(String(value), currency)} ${currency}` : value

const render = (value: unknown, words: Words): unknown => {
  if (Array.isArray(value)) return value.map(v => render(v, words))
  return isRecord(value) ? renderRecord(value, words) : value
}

const renderRecord = (record: Fields, words: Words): Fields =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([name, value]) => !(INTERNAL.has(name) && isId(value)))
      .map(([name, value]) => [FIELDS[name]?.as ?? name, renderField(name, value, record, words)]),
  )

const renderField = (name: string, value: unknown, { kind }: Fields, { names, money }: Words): unknown => {
  if (OTHERS.has(name)) return value
  if (FIELDS[name]?.of) return named(value, names)
  // What is given in kind is counted in units of the item.
  if (money?.fields.includes(name) && kind !== 'in_kind') return amount(value, money.currency)
  return render(value, { names, money })
}

/**
 * How records of the trail are shown outside, where nothing has internal ids, minor units and names of columns: codes,
 * references and usernames, amounts as decimal text with their currency where the thing has one, and the API's names of
 * fields. `told`: all that is to be shown, looked up together. The entry as it is stored, and hashed, stays as it is.
 */
export const outside = async (things: Things, told: readonly Told[]): Promise<(t: Told) => Fields | null> => {
  const names = await things.names(told.flatMap(t => namedIn(t.record)))
  const money = await things.moneyOf(told.flatMap(t => (t.id === null ? [] : [t.id])))
  return ({ id, record }) =>
    record && renderRecord(record, { names, money: id === null ? undefined : money.get(id) })
}
