import { asciiDigits, type Parsed, refused } from './text.ts'

/** How exactly a date is known. */
export type DatePrecision = 'day' | 'month' | 'year' | 'estimated'

/** `day` is ISO 8601; unknown months and days are 01. */
export type KnownDate = { day: string; precision: DatePrecision }

/** In which order a column writes the two numbers of a date such as 03/04/2020. */
export type DateOrder = 'day-first' | 'month-first'

/** What the dates of a column say about their order. `isAsked`: some could be read both ways, and none decides it. */
export type DateSurvey = { order: DateOrder | undefined; isAsked: boolean }

/**
 * Beginnings of the names of the months, after accents are taken off: English, French, Spanish, Portuguese, and the
 * Arabic names of both East and West. Longer beginnings stand where a shorter one would fit two months.
 */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'ene', 'يناير', 'جانفي', 'كانون الثاني'],
  ['feb', 'fev', 'فبراير', 'فيفري', 'شباط'],
  ['mar', 'مارس', 'اذار'],
  ['apr', 'avr', 'abr', 'ابريل', 'افريل', 'نيسان'],
  ['may', 'mai', 'مايو', 'ماي', 'ايار'],
  ['jun', 'juin', 'يونيو', 'جوان', 'حزيران'],
  ['jul', 'juil', 'يوليو', 'جويليه', 'تموز'],
  ['aug', 'aou', 'ago', 'اغسطس', 'اوت', 'اب'],
  ['sep', 'set', 'سبتمبر', 'ايلول'],
  ['oct', 'out', 'اكتوبر', 'تشرين الاول'],
  ['nov', 'نوفمبر', 'تشرين الثاني'],
  ['dec', 'dic', 'dez', 'ديسمبر', 'كانون الاول'],
]

const monthByName = (name: string): number | undefined => {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ة', 'ه')
  const at = MONTHS.findIndex(names => names.some(n => plain.startsWith(n)))
  return at < 0 ? undefined : at + 1
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysIn = (year: number, month: number) => (month === 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1]!)

const EARLIEST_YEAR = 1850
const LATEST_YEAR = 2150

const pad = (n: number) => (n < 10 ? `0${n}` : `${n}`)

const known = (year: number, month: number, day: number, precision: DatePrecision): Parsed<KnownDate> => {
  if (year < EARLIEST_YEAR || year > LATEST_YEAR)
    return refused('date-year', `The year ${year} is not between ${EARLIEST_YEAR} and ${LATEST_YEAR}.`)
  if (month < 1 || month > 12) return refused('date-month', `There is no month ${month}.`)
  if (day < 1 || day > daysIn(year, month))
    return refused('date-day', `There is no day ${day} in ${pad(month)}/${year}.`)
  return { value: { day: `${year}-${pad(month)}-${pad(day)}`, precision } }
}

/** Two numbers and a year, as in 31/01/2020, 31.01.2020 or 1-31-2020. */
const NUMBERS_AND_YEAR = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/

/** With a point the order is settled (no country writes the month first with it). */
const settledOrder = (separator: string): DateOrder | undefined =>
  separator === '.' ? 'day-first' : undefined

/** What spreadsheets add to a date that has no time. */
const MIDNIGHT = /[ T]0?0:00(:00(\.0+)?)?Z?$/

const tidy = (cell: string): string => asciiDigits(cell.trim()).replace(MIDNIGHT, '')

/** Looks through the dates of a column for such as decide the order of day and month: the majority wins. */
export const surveyDates = (cells: Iterable<string>): DateSurvey => {
  let dayFirst = 0
  let monthFirst = 0
  let unsettled = 0
  for (const cell of cells) {
    const match = NUMBERS_AND_YEAR.exec(tidy(cell))
    if (match === null || settledOrder(match[2]!) !== undefined) continue
    const first = Number(match[1])
    const second = Number(match[3])
    if (first > 12 && second <= 12) dayFirst++
    else if (second > 12 && first <= 12) monthFirst++
    else if (first !== second) unsettled++
  }
  if (dayFirst === monthFirst) return { order: undefined, isAsked: dayFirst > 0 || unsettled > 0 }
  return { order: dayFirst > monthFirst ? 'day-first' : 'month-first', isAsked: false }
}

const numbersAndYear = (match: RegExpExecArray, columnOrder: DateOrder | undefined): Parsed<KnownDate> => {
  const [first, second, year] = [Number(match[1]), Number(match[3]), Number(match[4])]
  const order = settledOrder(match[2]!) ?? columnOrder
  if (order === 'day-first') return known(year, second, first, 'day')
  if (order === 'month-first' || second > 12) return known(year, first, second, 'day')
  if (first > 12 || first === second) return known(year, second, first, 'day')
  return refused(
    'date-order',
    `Is ${match[0]} day/month/year or month/day/year? Nothing in the column tells.`,
  )
}

/** Days since 1899-12-30, which is how spreadsheets count from 1 March 1900 on (ECMA-376 part 1, 18.17.4.1). */
const serial = (n: number): Parsed<KnownDate> => {
  const at = new Date(Date.UTC(1899, 11, 30) + n * 86_400_000)
  return known(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), 'day')
}

const bareNumber = (n: number, digits: number): Parsed<KnownDate> | undefined => {
  if (digits === 4 && n >= EARLIEST_YEAR && n <= LATEST_YEAR) return known(n, 1, 1, 'year')
  return digits <= 5 && n > 60 ? serial(n) : undefined
}

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const YEAR_MONTH = /^(\d{4})[-/.](\d{1,2})$/
const MONTH_YEAR = /^(\d{1,2})[-/.](\d{4})$/
const NAMED =
  /^(?:(\d{1,2})(?:er|st|nd|rd|th)?[-/. ]+)?(?:de )?([\p{L}\p{M} ]{2,20}?)\.?[-/., ]+(?:de )?(\d{4})$/iu
const ESTIMATED = /^(?:~|ca?\.|est\.?|env\.|circa)\s*(?=\d)/i

const parsePlain = (text: string, order: DateOrder | undefined): Parsed<KnownDate> => {
  const iso = ISO.exec(text)
  if (iso) return known(Number(iso[1]), Number(iso[2]), Number(iso[3]), 'day')
  const numbers = NUMBERS_AND_YEAR.exec(text)
  if (numbers) return numbersAndYear(numbers, order)
  if (/^\d{1,6}(\.0+)?$/.test(text)) {
    const whole = text.split('.')[0]!
    const read = bareNumber(Number(whole), whole.length)
    if (read) return read
  }
  const yearMonth = YEAR_MONTH.exec(text)
  if (yearMonth) return known(Number(yearMonth[1]), Number(yearMonth[2]), 1, 'month')
  const monthYear = MONTH_YEAR.exec(text)
  if (monthYear) return known(Number(monthYear[2]), Number(monthYear[1]), 1, 'month')
  const named = NAMED.exec(text)
  const month = named ? monthByName(named[2]!) : undefined
  if (named && month !== undefined)
    return known(Number(named[3]), month, Number(named[1] ?? 1), named[1] === undefined ? 'month' : 'day')
  return refused(
    'date',
    `${JSON.stringify(text.slice(0, 40))} is not a date such as 2020-01-31 or 31-Jan-2020.`,
  )
}

/**
 * Reads a date as people and spreadsheets write it: 2020-01-31, 31/01/2020 or 01/31/2020 (by `order`), 31.01.2020,
 * 31-Jan-2020 in five languages, the day number of a spreadsheet, a month with its year, a year alone, and any of
 * them after `~` or `est.` (precision `estimated`). Years have four digits.
 *
 * Refused: date, date-day (30 February), date-month, date-year, and date-order when the order of day and
 * month is not known and matters.
 */
export const parseDate = (cell: string, order?: DateOrder): Parsed<KnownDate> => {
  const text = tidy(cell)
  const estimated = ESTIMATED.exec(text)
  if (!estimated) return parsePlain(text, order)
  const read = parsePlain(text.slice(estimated[0].length), order)
  return 'value' in read ? { value: { ...read.value, precision: 'estimated' } } : read
}
