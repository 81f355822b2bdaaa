import { electronicFormatIBAN, ValidationErrorsIBAN, validateIBAN } from 'ibantools'
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import { normalizeHeader } from './mapping.ts'
import { asciiDigits, type Parsed, refused } from './text.ts'

export {
  type DateOrder,
  type DatePrecision,
  type DateSurvey,
  type KnownDate,
  parseDate,
  surveyDates,
} from './dates.ts'
export { type Parsed, parseText } from './text.ts'

const shown = (cell: string) => JSON.stringify(cell.trim().slice(0, 40))

export type Sex = 'female' | 'male' | 'other' | 'unknown'

/** Normalised words and codes for sex: English, French, Spanish, Portuguese, Arabic, and ISO/IEC 5218. */
const SEXES = new Map<string, Sex>(
  (
    [
      [
        'female',
        'f female woman girl w femme feminin fille mujer femenino femenina mulher feminino feminina انثي ا 2',
      ],
      ['male', 'm male man boy h homme masculin garcon hombre masculino varon homem ذكر ذ 1'],
      ['other', 'o x other autre otro outro nonbinary intersex اخر 9'],
      ['unknown', 'u unknown inconnu desconocido desconhecido مجهول 0'],
    ] as const
  ).flatMap(([sex, words]) => words.split(' ').map(word => [word, sex] as const)),
)

/**
 * Whether M stands for *mujer* or *mulher* in a column: where others are H (*hombre*, *homem*) and nobody is F.
 */
export const surveySex = (cells: Iterable<string>): { isSpanish: boolean } => {
  const seen = new Set<string>()
  for (const cell of cells) seen.add(normalizeHeader(cell))
  return { isSpanish: seen.has('h') && seen.has('m') && !seen.has('f') }
}

/** Reads a sex in words or codes of several languages. Refused: sex. */
export const parseSex = (cell: string, isSpanish = false): Parsed<Sex> => {
  const word = normalizeHeader(asciiDigits(cell))
  if (isSpanish && word === 'm') return { value: 'female' }
  const sex = SEXES.get(word)
  return sex === undefined
    ? refused('sex', `${shown(cell)} is not a sex that is known here.`)
    : { value: sex }
}

/**
 * Reads a phone number as E.164 (ITU-T E.164): numbers without a country code are of `defaultCountry` (ISO 3166-1
 * alpha-2). Refused: phone.
 */
export const parsePhone = (cell: string, defaultCountry?: string): Parsed<string> => {
  const text = asciiDigits(cell.trim()).replace(/^00(?=[1-9])/, '+')
  const country =
    defaultCountry !== undefined && isSupportedCountry(defaultCountry)
      ? (defaultCountry as CountryCode)
      : undefined
  const number = parsePhoneNumberFromString(text, {
    ...(country && { defaultCountry: country }),
    extract: false,
  })
  if (number?.isValid()) return { value: number.number }
  const hint = country || text.startsWith('+') ? '' : ' without a country code'
  return refused('phone', `${shown(cell)} is not a phone number${hint}.`)
}

const IBAN_PROBLEMS: Partial<Record<ValidationErrorsIBAN, string>> = {
  [ValidationErrorsIBAN.NoIBANCountry]: 'begins with no country that has IBANs',
  [ValidationErrorsIBAN.WrongBBANLength]: 'has the wrong length for its country',
  [ValidationErrorsIBAN.WrongBBANFormat]: 'does not have the form its country uses',
  [ValidationErrorsIBAN.WrongIBANChecksum]: 'has wrong check digits',
  [ValidationErrorsIBAN.WrongAccountBankBranchChecksum]: 'has a wrong check digit in its account number',
}

/** Reads an IBAN (ISO 13616-1) in its electronic format. Refused: iban, with what is wrong about it. */
export const parseIban = (cell: string): Parsed<string> => {
  const iban = electronicFormatIBAN(cell) ?? ''
  const { valid, errorCodes } = validateIBAN(iban)
  if (valid) return { value: iban }
  const problem = errorCodes.map(code => IBAN_PROBLEMS[code]).find(text => text !== undefined)
  return refused('iban', `${shown(cell)} ${problem ?? 'is not an IBAN'}.`)
}

const BOOLEANS = new Map<string, boolean>([
  ...'true yes y 1 x vrai oui o si s verdadero sim verdadeiro v نعم'.split(' ').map(w => [w, true] as const),
  ...'false no n 0 faux non falso nao f لا'.split(' ').map(w => [w, false] as const),
])

/** Reads yes and no in several languages. Refused: boolean. */
export const parseBoolean = (cell: string): Parsed<boolean> => {
  const value = BOOLEANS.get(normalizeHeader(asciiDigits(cell)))
  return value === undefined ? refused('boolean', `${shown(cell)} is neither yes nor no.`) : { value }
}

/** What separates decimals. */
export type DecimalMark = '.' | ','

const NUMBER = /^([+-]?)(\d{1,3}(?:([ ,.'\u00a0\u202f])\d{3}(?:\3\d{3})*)?|\d+)(?:([.,])(\d+))?$/

/** One mark before exactly three digits. */
const LONE_MARK = /^([+-]?\d{1,3})([.,])(\d{3})$/
const ZERO = /^[+-]?0$/

const tidyNumber = (cell: string): string =>
  asciiDigits(cell.trim()).replace('\u066b', '.').replace('\u2212', '-')

/** The mark that a number shows to separate decimals; `undefined` when it shows nothing of it. */
const markIn = (text: string): DecimalMark | undefined => {
  const match = NUMBER.exec(text)
  if (match?.[4]) return match[4] as DecimalMark
  if (match?.[3] === '.') return ','
  return match?.[3] === ',' ? '.' : undefined
}

/**
 * What the numbers of a table say about their decimals: they decide when they agree. `isAsked`: some could be read
 * both ways, and none decides it.
 */
export const surveyNumbers = (
  cells: Iterable<string>,
): { decimal: DecimalMark | undefined; isAsked: boolean } => {
  const seen = new Set<DecimalMark>()
  let unsettled = false
  for (const cell of cells) {
    const text = tidyNumber(cell)
    const lone = LONE_MARK.exec(text)
    const mark = lone ? (ZERO.test(lone[1]!) ? (lone[2] as DecimalMark) : undefined) : markIn(text)
    if (mark) seen.add(mark)
    else if (lone) unsettled = true
  }
  const [decimal] = seen
  return seen.size === 1 ? { decimal, isAsked: false } : { decimal: undefined, isAsked: unsettled }
}

/**
 * Reads a number as plain decimal text (`1 234,50` → `1234.50`), so that nothing is lost to floating point. One point
 * or comma before exactly three digits can be read both ways and is refused (number-ambiguous) unless `decimal`
 * says which of them separates the decimals. Refused otherwise: number.
 */
export const parseNumber = (cell: string, decimal?: DecimalMark): Parsed<string> => {
  const text = tidyNumber(cell)
  const lone = LONE_MARK.exec(text)
  if (lone) {
    if (decimal === undefined && !ZERO.test(lone[1]!))
      return refused(
        'number-ambiguous',
        `${shown(cell)} can be read as a fraction or as thousands: say what separates decimals (decimal).`,
      )
    const isFraction = (decimal ?? lone[2]) === lone[2]
    return { value: plain(lone[1]!.replace('+', ''), isFraction ? '' : lone[3]!, isFraction ? lone[3]! : '') }
  }
  const match = NUMBER.exec(text)
  if (
    !match ||
    (match[3] === match[4] && match[3] !== undefined) ||
    (decimal && match[4] && match[4] !== decimal)
  )
    return refused('number', `${shown(cell)} is not a number.`)
  return { value: plain(match[1]!.replace('+', '') + match[2]!.replace(/\D/g, ''), '', match[5] ?? '') }
}

const plain = (whole: string, thousands: string, fraction: string): string =>
  `${whole}${thousands}${fraction === '' ? '' : `.${fraction}`}`
