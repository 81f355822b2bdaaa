import { serverNow } from '../api/clock.ts'
import { createStore, useStore } from '../store.ts'
import { type Language, languageNow, useLanguage } from './index.ts'
import { isolated } from './say.ts'

/** The calendars that days are shown and entered in. They are stored as ISO 8601 whatever is chosen. */
export const CALENDARS = ['gregory', 'ethiopic', 'islamic-umalqura'] as const
export type Calendar = (typeof CALENDARS)[number]

const KEY = 'annona-calendar'
const kept = (): Calendar => CALENDARS.find(c => c === localStorage.getItem(KEY)) ?? 'gregory'
const calendar = createStore<Calendar>(kept())

/** The chosen calendar. */
export const useCalendar = (): Calendar => useStore(calendar)

/** Chooses a calendar, here and for next time. */
export const chooseCalendar = (next: Calendar): void => {
  localStorage.setItem(KEY, next)
  calendar.set(next)
}

export type Format = ReturnType<typeof formatsOf>

const RELATIVE: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

const formatsOf = (language: Language, inCalendar: Calendar) => {
  const locale = `${language}-u-ca-${inCalendar}`
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const numbers = new Intl.NumberFormat(language)
  const lists = new Intl.ListFormat(language)
  const distances = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  return {
    /** A day, ISO 8601 (`2026-11-22`). */
    day: (iso: string) => days.format(new Date(`${iso}T00:00:00Z`)),
    /** A moment, ISO 8601, in the time zone of the device. */
    instant: (iso: string) => instants.format(new Date(iso)),
    /** How long ago or how far ahead a moment is. `now` in milliseconds: what the server's clock says. */
    relative: (iso: string, now = serverNow()) => {
      const seconds = (Date.parse(iso) - now) / 1000
      const [unit, size] = RELATIVE.find(([, s]) => Math.abs(seconds) >= s) ?? ['second', 1]
      return distances.format(Math.trunc(seconds / size), unit)
    },
    number: (n: number) => numbers.format(n),
    /** A whole number of things. */
    count: (n: number) => numbers.format(n),
    /** An amount as the API gives it, a decimal string: no digit is lost on the way. */
    money: ({ amount, currency }: { amount: string; currency: string }) =>
      new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'code' }).format(
        amount as unknown as number,
      ),
    /** Some names after each other, each in its own direction. */
    list: (items: readonly string[]) => lists.format(items.map(item => isolated(item, language))),
  }
}

let last: { key: string; formats: Format } | undefined
const formatsFor = (language: Language, inCalendar: Calendar): Format => {
  const key = `${language}/${inCalendar}`
  if (last?.key !== key) last = { key, formats: formatsOf(language, inCalendar) }
  return last.formats
}

/** Days, moments, numbers and money as whoever reads is used to them. */
export const useFormat = (): Format => formatsFor(useLanguage(), useCalendar())

/** The same, outside of what is drawn. */
export const formatNow = (): Format => formatsFor(languageNow(), calendar.get())
