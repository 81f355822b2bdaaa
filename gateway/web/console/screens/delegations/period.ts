import { serverNow } from '../../../ui/api/clock.ts'

/** The moment at which an ISO day begins where the device is; `days` later. */
const startOf = (day: string, days = 0): string => {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year!, month! - 1, date! + days).toISOString()
}

/** From the beginning of the first day to the end of the last, for the API. */
export const periodOf = ({ from, until }: { from: string; until: string }) => ({
  from: startOf(from),
  until: startOf(until, 1),
})

export type PeriodState = 'running' | 'coming' | 'over'

/** Where a period stands now. */
export const stateOf = ({ from, until }: { from: string; until: string }, now = serverNow()): PeriodState => {
  if (Date.parse(until) <= now) return 'over'
  return Date.parse(from) <= now ? 'running' : 'coming'
}
