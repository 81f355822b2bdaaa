/** Calendar days as ISO 8601 text (`2020-01-31`), which sorts as the days do. */

const LEAP = '(?:[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)'
const PARTS = [
  '[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])',
  '[1-9][0-9]{3}-(?:0[13-9]|1[0-2])-(?:29|30)',
  '[1-9][0-9]{3}-(?:0[13578]|1[02])-31',
  `${LEAP}-02-29`,
]

/**
 * Exactly the days that exist in the years 1000 to 9999, as a regular expression that means the same in
 * PostgreSQL and in JavaScript: a date attribute that holds anything else counts as not recorded.
 */
export const DAY_PATTERN = `^(?:${PARTS.join('|')})$`

const DAY = new RegExp(DAY_PATTERN)
export const isDay = (text: string): boolean => DAY.test(text)

const split = (day: string): [number, number, number] =>
  day.split('-').map(Number) as [number, number, number]

const two = (n: number): string => String(n).padStart(2, '0')

/** The day, or the last one of its month where that is shorter. */
const clamped = (year: number, month: number, day: number): string => {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(Math.min(day, last))}`
}

/** The same day of the month so many months before (after, when negative), or the last one there is. */
export const monthsBefore = (day: string, months: number): string => {
  const [year, month, date] = split(day)
  const index = year * 12 + (month - 1) - months
  return clamped(Math.floor(index / 12), (index % 12) + 1, date)
}

/** Whoever was born on this day or before has completed so many years. Born on 29 February counts on 1 March. */
export const latestBirth = (today: string, years: number): string => {
  const [year, month, date] = split(today)
  return clamped(year - years, month, date)
}

/** Completed years on a day; `undefined` before birth. */
export const ageOn = (today: string, birth: string): number | undefined => {
  if (birth > today) return undefined
  const [year, month, date] = split(today)
  const [birthYear, birthMonth, birthDate] = split(birth)
  const before = month < birthMonth || (month === birthMonth && date < birthDate)
  return year - birthYear - (before ? 1 : 0)
}
