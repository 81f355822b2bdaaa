import { type Maskable, type Masks, maskedValue } from '../access/index.ts'
import type { Fields } from '../kernel/index.ts'

/** Which field of people stands under a name, as audit entries write names: `birth_date` and `birthDate` alike. */
const FIELDS: Readonly<Record<string, Maskable>> = {
  identifier: 'identifier',
  identifiers: 'identifier',
  phone: 'contact',
  phones: 'contact',
  email: 'contact',
  address: 'contact',
  account: 'account',
  accounts: 'account',
  iban: 'account',
  birthdate: 'birth',
  name: 'name',
  givenname: 'name',
  familyname: 'name',
  holdername: 'name',
  payee: 'name',
  payeename: 'name',
  remittance: 'name',
}
/** Those who work here are known to each other: what is masked is the data of the people they work for. */
const STAFF = /^(user|client|role|session|identity-provider|approval)(-|\.|$)/
/** Things that have names and are no people. */
const NAMED_THINGS =
  /^(program|cycle|fund|item|location|stock|area|attribute|file|import|job|payment-batch)(-|\.|$)/

const fieldOf = (name: string): Maskable | undefined =>
  FIELDS[name.split('.')[0]!.replaceAll('_', '').toLowerCase()]

const hide = (value: unknown, field: Maskable): unknown => {
  if (typeof value === 'string') return maskedValue(field, value)
  if (Array.isArray(value)) return value.map(v => hide(v, field))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, hide(v, field)]))
}

const mask = (value: unknown, masks: Masks): unknown => {
  if (Array.isArray(value)) return value.map(v => mask(v, masks))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, v]) => {
      const field = fieldOf(name)
      return [name, field && masks.has(field) ? hide(v, field) : mask(v, masks)]
    }),
  )
}

/**
 * Fields of a thing as somebody sees them from whom some fields of people are kept (`masks`), at whatever depth.
 * `about` is the action of the entry, or the type of the thing: it tells people's names from those of programs.
 */
export const maskRecord = <R extends Fields | null>(record: R, masks: Masks, about: string): R => {
  if (masks.size === 0 || record === null || STAFF.test(about)) return record
  const kept = NAMED_THINGS.test(about) ? new Set([...masks].filter(field => field !== 'name')) : masks
  return mask(record, kept) as R
}
