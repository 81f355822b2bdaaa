import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, DomainError } from '../kernel/index.ts'

const WINDOW_MINUTES = 15
/**
 * A name guessed from one address is stopped soon, an address guessing many names later. Nobody is locked out
 * from elsewhere: failures count for name *and* address together, never for the name alone.
 */
const LIMITS = { pair: 10, address: 100 }

/** Slows guessing down, for all gateways together. */
export const createThrottle = (db: Db, clock: Clock) => {
  const period = () =>
    new Date(Math.floor(clock.now().getTime() / (WINDOW_MINUTES * 60_000)) * WINDOW_MINUTES * 60_000)
  const keys = (name: string, address: string) => ({ pair: `${name}@${address}`, address: `*@${address}` })

  return {
    /** Throws `rate_limited` when too many attempts failed lately. */
    check: async (name: string, address: string): Promise<void> => {
      const { pair, address: all } = keys(name, address)
      const rows = await db.query<{ key: string; failures: number }>(
        sql`SELECT key, failures FROM access.throttles WHERE key IN (${pair}, ${all}) AND period = ${period()}`,
      )
      const over = rows.some(r => r.failures >= (r.key === all ? LIMITS.address : LIMITS.pair))
      if (over)
        throw new DomainError(
          'rate_limited',
          'Too many sign-ins failed. Wait a quarter of an hour and try again.',
          {
            retryAfterSeconds: WINDOW_MINUTES * 60,
          },
        )
    },
    failed: async (name: string, address: string): Promise<void> => {
      const { pair, address: all } = keys(name, address)
      await db.run(sql`
        INSERT INTO access.throttles (key, period, failures) VALUES (${pair}, ${period()}, 1), (${all}, ${period()}, 1)
        ON CONFLICT (key, period) DO UPDATE SET failures = access.throttles.failures + 1`)
    },
  }
}
