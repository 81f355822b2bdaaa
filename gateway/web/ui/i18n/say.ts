import { directionOf, languageOf } from './languages.ts'

/** The texts of a namespace: by keys, in as many levels as its file has. */
export type Texts = { readonly [key: string]: string | Texts }
export type Values = Readonly<Record<string, string | number>>

const rules = new Map<string, Intl.PluralRules>()
const numbers = new Map<string, Intl.NumberFormat>()
const kept = <T>(all: Map<string, T>, language: string, make: () => T): T => {
  const known = all.get(language) ?? make()
  all.set(language, known)
  return known
}

const find = (texts: Texts, key: string): string | undefined => {
  let at: string | Texts | undefined = texts
  for (const part of key.split('.')) {
    if (typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined
    at = at[part]
  }
  return typeof at === 'string' ? at : undefined
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/
const LEFT_TO_RIGHT = /(?![\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff])\p{L}/u

/**
 * A value for a text: one with letters that run against it, a Latin name in Arabic, is kept together in its own
 * direction (Unicode isolates, UAX #9). Otherwise what stands around it would be torn apart.
 */
export const isolated = (value: string, language: string): string => {
  const against = directionOf(languageOf(language) ?? 'en') === 'rtl' ? LEFT_TO_RIGHT : RIGHT_TO_LEFT
  return against.test(value) ? `\u2068${value}\u2069` : value
}

/** What people go on with, such as the first value of a field: without the isolates. */
export const withoutIsolates = (text: string): string => text.replace(/[\u2068\u2069]/g, '')

/**
 * The text under a key with dots, with values put in at `{{name}}`; undefined when there is none. A `count` chooses
 * among `key_one`, `key_other` and what other forms the language has (CLDR plural rules); numbers are written as the
 * language writes them. The form of the files is that of i18next (JSON v4), which translators' tools know.
 */
export const say = (texts: Texts, language: string, key: string, values: Values = {}): string | undefined => {
  const { count } = values
  const form =
    typeof count === 'number' &&
    (find(texts, `${key}_${kept(rules, language, () => new Intl.PluralRules(language)).select(count)}`) ??
      find(texts, `${key}_other`))
  const text = form || find(texts, key)
  return text?.replace(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name]! : placeholder
    if (typeof value === 'string') return isolated(value, language)
    return kept(numbers, language, () => new Intl.NumberFormat(language)).format(value)
  })
}
