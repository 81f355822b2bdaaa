import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, DomainError } from '../kernel/index.ts'
import { networkOf } from '../limits/index.ts'

const WINDOW_MINUTES = 15
/**
 * Attempts in a quarter of an hour. A name guessed from one network is stopped soon, a network guessing many names
 * later. Nobody is locked out from elsewhere: a name is counted together with the network, never alone.
 * A client's secret cannot be guessed, but its processes may all sign in at the same moment.
 */
const LIMITS = { user: 10, client: 100, network: 200 }

export type Attempt = { kind: 'user' | 'client'; name: string; address: string }

/** Slows guessing down, for all gateways together. */
export const createThrottle = (db: Db, clock: Clock) => {
  const period = () =>
    new Date(Math.floor(clock.now().getTime() / (WINDOW_MINUTES * 60_000)) * WINDOW_MINUTES * 60_000)

  /** One statement for both ways, so that rows are always locked in the same order. */
  const count = ({ kind, name, address }: Attempt, by: 1 | -1) => {
    const network = networkOf(address)
    return db.query<{ failures: number; network: boolean }>(sql`
      INSERT INTO access.throttles AS t (key, period, failures)
      VALUES (${`${kind}:${name}@${network}`}, ${period()}, 1), (${`*@${network}`}, ${period()}, 1)
      ON CONFLICT (key, period) DO UPDATE SET failures = t.failures + ${by}
      RETURNING failures, key LIKE '*%' AS network`)
  }

  return {
    /**
     * Counts an attempt before it is made, so that many at once are no more than many one after the other.
     * Throws `rate_limited` when too many failed lately.
     */
    begin: async (attempt: Attempt): Promise<void> => {
      const counted = await count(attempt, 1)
      if (counted.some(c => c.failures > LIMITS[c.network ? 'network' : attempt.kind]))
        throw new DomainError(
          'rate_limited',
          'Too many sign-ins failed. Wait a quarter of an hour and try again.',
          { retryAfterSeconds: WINDOW_MINUTES * 60 },
        )
    },
    /** An attempt that was right does not count. */
    succeeded: async (attempt: Attempt): Promise<void> => {
      await count(attempt, -1)
    },
    /** Forgets what no longer counts. Run by a schedule. */
    sweep: () => db.run(sql`DELETE FROM access.throttles WHERE period < ${period()}`),
  }
}
