import { checkedRoot } from './check.ts'
import { isDay } from './days.ts'
import { type Decimal, decimal } from './decimal.ts'
import { evaluate, type Outcome, outcomeOf } from './interpret.ts'
import type { EntityRow, Ir } from './ir.ts'
import type { Entity, FactType, FactTypes } from './model.ts'

/** A condition over a flat record that may be used: its source, what it can name, and its checked form. */
export type CheckedRecord = { source: string; facts: FactTypes; subject: EntityRow; root: Ir }

/** What a record says: numbers as `bigint`, decimal text or `number`, days as `YYYY-MM-DD`. */
export type FactValues = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>

/**
 * Parses and type-checks a condition over a record of typed facts, as `check` does a rule about a registrant:
 * throws `invalid` with an issue per problem at `pointer` (RFC 6901), each with line, column and hint.
 */
export const checkRecord = (source: string, facts: FactTypes, pointer = ''): CheckedRecord => {
  const record: Entity = { called: 'this record', fields: {}, facts }
  const subject: EntityRow = { via: 'subject', entity: record }
  return { source, facts, subject, root: checkedRoot(source, subject, NO_ATTRIBUTES, 'bool', pointer) }
}

const NO_ATTRIBUTES = { group: {}, individual: {} }

/**
 * Whether a condition holds for a record: only `true` does. A fact that is missing or null is unknown, and so is
 * what depends on the day when `today` (`YYYY-MM-DD`) is not given. A value that is not of its type is a fault of
 * the caller and throws: were it unknown, a mistake could switch a condition off.
 */
export const decideRecord = (checked: CheckedRecord, values: FactValues, today?: string): Outcome => {
  const facts = Object.entries(checked.facts).map(([name, type]) => [
    name,
    factOf(name, type, own(values, name)),
  ])
  const subject = { attributes: Object.fromEntries(facts) as Record<string, unknown> }
  return outcomeOf(evaluate(checked.root, { today, rows: new Map([[checked.subject, subject]]) }))
}

const own = (values: FactValues, name: string): FactValues[string] =>
  Object.hasOwn(values, name) ? values[name] : undefined

const factOf = (name: string, type: FactType, value: FactValues[string]): unknown => {
  if (value === undefined || value === null) return undefined
  const fact = READ[type](value)
  if (fact === undefined) throw new TypeError(`the fact "${name}" is given as something else than ${type}`)
  return fact
}

type Given = NonNullable<FactValues[string]>

const number = (value: Given): Decimal | undefined =>
  typeof value === 'boolean' ? undefined : decimal(String(value))

const whole = (value: Given): Decimal | undefined => {
  const read = number(value)
  return read && read.units % 10n ** BigInt(read.scale) === 0n ? read : undefined
}

const READ: Record<FactType, (value: Given) => unknown> = {
  bool: value => (typeof value === 'boolean' ? value : undefined),
  int: whole,
  decimal: number,
  string: value => (typeof value === 'string' ? value : undefined),
  date: value => (typeof value === 'string' && isDay(value) ? value : undefined),
}
