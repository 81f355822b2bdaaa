import { serverNow } from '../../../ui/api/clock.ts'

const DAY_MS = 86_400_000
const pad = (n: number): string => String(n).padStart(2, '0')

/** A moment (ISO 8601) as a day and a time of day where the reader is. */
export const partsOf = (iso: string): { day: string; time: string } => {
  const at = new Date(iso)
  return {
    day: `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`,
    time: `${pad(at.getHours())}:${pad(at.getMinutes())}`,
  }
}

/**
 * The moment of a day and a time of day where the reader is; without a time, the last moment of the day, or `now` while
 * it lasts. Undefined for what is none.
 */
export const momentOf = (day: string, time: string, now = new Date(serverNow())): string | undefined => {
  const [year, month, date] = day.split('-').map(Number)
  const [hour, minute] = time ? time.split(':').map(Number) : [0, 0]
  const at = new Date(year ?? Number.NaN, (month ?? 1) - 1, date, hour, minute)
  if (Number.isNaN(at.getTime())) return undefined
  if (time) return at.toISOString()
  const end = new Date(at.getTime() + DAY_MS - 1)
  return (end > now && at <= now ? now : end).toISOString()
}
