import { serverNow } from '../../../ui/api/clock.ts'

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/

/** The moment at which a day begins, or so many days later, where the reader is; undefined for what is no day. */
const beginning = (day: string | undefined, later: number): string | undefined => {
  const parts = DAY.exec(day ?? '')
  if (!parts) return undefined
  const at = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + later)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** A period of days, both included, as moments for the API: days begin and end where the reader is. */
export const periodOf = (days: { from?: string | undefined; to?: string | undefined }) => {
  const from = beginning(days.from, 0)
  const to = beginning(days.to, 1)
  return { ...(from && { from }), ...(to && { to }) }
}

/** What is wrong with a period; undefined when nothing is. */
export const faultOfPeriod = (
  { from, to }: { from?: string; to?: string },
  now = new Date(serverNow()),
): 'future' | 'backwards' | undefined => {
  if (from && from > now.toISOString()) return 'future'
  return from && to && from >= to ? 'backwards' : undefined
}
