import { invalidField } from '../kernel/index.ts'

export const EARLIEST = '1970-01-01T00:00:00Z'
export const LATEST = '9999-12-31T00:00:00Z'

const DAY = /^\d{4}-\d\d-\d\d$/
const DAY_MS = 86_400_000

/** The instant of a text, in milliseconds; throws `invalid` for what is none. */
const read = (pointer: string, text: string): number => {
  const ms = Date.parse(text)
  if (Number.isNaN(ms))
    throw invalidField(
      pointer,
      'date-time',
      'An instant looks like 2026-11-22T12:00:00Z, a day like 2026-11-22.',
    )
  return ms
}

/** From when on: an instant as it was written, which the database reads to the microsecond; a day from where it begins in UTC. */
export const beginning = (pointer: string, text: string): string => {
  const ms = read(pointer, text)
  return DAY.test(text) ? new Date(ms).toISOString() : text
}

/** Until when, not included: an instant; of a day its end in UTC, so that all of the day is meant. */
export const ending = (pointer: string, text: string): string => {
  const ms = read(pointer, text)
  return DAY.test(text) ? new Date(ms + DAY_MS).toISOString() : text
}

/** As of when: an instant that has been; of a day its last one in UTC, or now while it lasts. Throws `invalid` for the future. */
export const asOf = (pointer: string, text: string, now: Date): string => {
  const ms = read(pointer, text)
  if (ms > now.getTime()) throw invalidField(pointer, 'future', 'What will be is not known yet.')
  if (!DAY.test(text)) return text
  return new Date(Math.min(ms + DAY_MS - 1, now.getTime())).toISOString()
}
