/*
 * Days in the calendars that people here live by. What a calendar says is asked of Intl, which browsers and Node take
 * from the same tables; the way back from a calendar to a day is worked out by search, so that the two cannot differ.
 */

/** The calendars, by their names in Unicode's data. */
export const CALENDARS = ['gregory', 'ethiopic', 'islamic-umalqura'] as const
export type CalendarName = (typeof CALENDARS)[number]

/** A day as a calendar names it; months and days count from 1. */
export type CalendarDay = { year: number; month: number; day: number }

/** Why three numbers are no day: which of them is wrong, and what it may be at most. */
export type NoSuchDay = { wrong: 'year' } | { wrong: 'month'; last: number } | { wrong: 'day'; last: number }

const DAY_MS = 86_400_000
/** The years whose days are told and read; the tables of Umm al-Qura reach from 1300 to 1600. */
const YEARS: Record<CalendarName, { first: number; last: number }> = {
  gregory: { first: 1800, last: 2199 },
  ethiopic: { first: 1793, last: 2191 },
  'islamic-umalqura': { first: 1300, last: 1600 },
}
/** How many months a year has. The last of the Ethiopic year has five days, or six. */
const MONTHS: Record<CalendarName, number> = { gregory: 12, ethiopic: 13, 'islamic-umalqura': 12 }
/** A day near the first of year 1, and how long its years are on average: where the search begins. */
const EPOCH_DAYS: Record<CalendarName, number> = {
  gregory: -719_162,
  ethiopic: -716_366,
  'islamic-umalqura': -492_148,
}
const YEAR_DAYS: Record<CalendarName, number> = {
  gregory: 365.2425,
  ethiopic: 365.25,
  'islamic-umalqura': 354.36667,
}

const readers = new Map<CalendarName, Intl.DateTimeFormat>()

const readerOf = (calendar: CalendarName): Intl.DateTimeFormat => {
  const known = readers.get(calendar)
  if (known) return known
  const made = new Intl.DateTimeFormat(`en-u-nu-latn-ca-${calendar}`, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    timeZone: 'UTC',
  })
  readers.set(calendar, made)
  return made
}

/** A day counted from 1970-01-01, as a calendar names it. */
const nameOf = (calendar: CalendarName, days: number): CalendarDay => {
  const parts = readerOf(calendar).formatToParts(days * DAY_MS)
  const number = (type: string): number => Number(parts.find(part => part.type === type)?.value)
  return { year: number('year'), month: number('month'), day: number('day') }
}

const isoOf = (days: number): string => new Date(days * DAY_MS).toISOString().slice(0, 10)

/** What a calendar calls an ISO day (`2026-11-22`); undefined when the text is no day of the years it tells. */
export const fromIso = (calendar: CalendarName, iso: string): CalendarDay | undefined => {
  const at = /^\d{4}-\d\d-\d\d$/.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(at) || isoOf(at / DAY_MS) !== iso) return undefined
  const named = nameOf(calendar, at / DAY_MS)
  return isYear(calendar, named.year) ? named : undefined
}

/** The ISO day of what a calendar calls it, or why there is no such day, such as 30 February. */
export const toIso = (calendar: CalendarName, asked: CalendarDay): { iso: string } | NoSuchDay => {
  if (!isYear(calendar, asked.year)) return { wrong: 'year' }
  if (!Number.isInteger(asked.month) || asked.month < 1 || asked.month > MONTHS[calendar])
    return { wrong: 'month', last: MONTHS[calendar] }
  const last = daysInMonth(calendar, asked.year, asked.month)
  if (!Number.isInteger(asked.day) || asked.day < 1 || asked.day > last) return { wrong: 'day', last }
  return { iso: isoOf(firstOfMonth(calendar, asked.year, asked.month) + asked.day - 1) }
}

/** How many days a month has. */
export const daysInMonth = (calendar: CalendarName, year: number, month: number): number => {
  const isLast = month === MONTHS[calendar]
  const next = isLast ? firstOfMonth(calendar, year + 1, 1) : firstOfMonth(calendar, year, month + 1)
  return next - firstOfMonth(calendar, year, month)
}

/** The names of the months, in order, in a language. */
export const monthNames = (calendar: CalendarName, language: string): string[] => {
  const names = new Intl.DateTimeFormat(`${language}-u-ca-${calendar}`, { month: 'long', timeZone: 'UTC' })
  // A year that is in the tables of all three.
  const year = { gregory: 2020, ethiopic: 2012, 'islamic-umalqura': 1441 }[calendar]
  return Array.from({ length: MONTHS[calendar] }, (_, month) =>
    names.format(firstOfMonth(calendar, year, month + 1) * DAY_MS),
  )
}

const isYear = (calendar: CalendarName, year: number): boolean =>
  Number.isInteger(year) && year >= YEARS[calendar].first && year <= YEARS[calendar].last

/** The first day of a month, counted from 1970-01-01: the first day that is called that month or a later one. */
const firstOfMonth = (calendar: CalendarName, year: number, month: number): number => {
  const near =
    EPOCH_DAYS[calendar] + Math.round((year - 1 + (month - 1) / MONTHS[calendar]) * YEAR_DAYS[calendar])
  let before = near - 60
  let after = near + 60
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    const named = nameOf(calendar, middle)
    if (named.year > year || (named.year === year && named.month >= month)) after = middle
    else before = middle
  }
  return after
}
