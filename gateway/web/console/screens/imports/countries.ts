import type { Language } from '../../../ui/i18n/index.ts'

/** Regions of ISO 3166-1 and private codes that are no countries with telephones. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])
const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at))
const CODES = LETTERS.flatMap(one => LETTERS.map(other => one + other))

/** The countries by their names in a language, in its order; values are codes of ISO 3166-1. */
export const countriesIn = (language: Language): { value: string; label: string }[] => {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' })
  const { compare } = new Intl.Collator(language)
  return CODES.flatMap(value => {
    const label = NO_COUNTRIES.has(value) ? undefined : names.of(value)
    return label === undefined ? [] : [{ value, label }]
  }).sort((a, b) => compare(a.label, b.label))
}
