import sql, { join } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, DomainError } from '../kernel/index.ts'
import { networkOf } from '../limits/index.ts'

const QUARTER = 15 * 60_000
const DAY = 86_400_000
/**
 * Failed attempts that a quarter of an hour allows. A name guessed from one network is stopped soon, a network
 * guessing many names later. Nobody is locked out from elsewhere: a name is counted together with the network, never
 * alone. A client's secret cannot be guessed, but its processes may all sign in at the same moment.
 */
const LIMITS = { user: 10, client: 100, network: 200 }
/** Wrong codes after a right password that a day allows: three of a million codes are right at any moment. */
const CODES_A_DAY = 30

export type Attempt = { kind: 'user' | 'client'; name: string; address: string }
/** A code shown by somebody who knows the password. `known`: they have shown a right one on this network before. */
export type CodeAttempt = { userId: string; address: string; known: boolean }
/** Takes an attempt back that was right. */
export type Right = () => Promise<void>

type Counter = { key: string; limit: number; window: number }

/** Slows guessing down, for all gateways together. The reasons for the counters are in docs/decisions/0013-sign-in.md. */
export const createThrottle = (db: Db, clock: Clock) => {
  /** One statement for all counters of an attempt and both ways, so that rows are always locked in the same order. */
  const add = (counters: readonly Counter[], now: number, by: 1 | -1) =>
    db.query<{ key: string; failures: number }>(sql`
      INSERT INTO access.throttles AS t (key, period, failures)
      VALUES ${join(counters.map(c => sql`(${c.key}, ${new Date(now - (now % c.window))}, 1)`))}
      ON CONFLICT (key, period) DO UPDATE SET failures = t.failures + ${by}
      RETURNING key, failures`)

  /**
   * Counts an attempt before it is made, so that many at once are no more than many one after the other. One that was
   * right is taken back from the periods that it was counted in.
   */
  const count = async (counters: readonly Counter[], detail: string): Promise<Right> => {
    const now = clock.now().getTime()
    const counted = new Map((await add(counters, now, 1)).map(c => [c.key, c.failures]))
    const over = counters.filter(c => counted.get(c.key)! > c.limit)
    if (over.length > 0) {
      const left = Math.max(...over.map(c => c.window - (now % c.window)))
      throw new DomainError('rate_limited', detail, { retryAfterSeconds: Math.ceil(left / 1000) })
    }
    return async () => {
      await add(counters, now, -1)
    }
  }

  return {
    /** Counts an attempt to sign in. Throws `rate_limited` when too many failed lately. */
    begin: ({ kind, name, address }: Attempt): Promise<Right> => {
      const network = networkOf(address)
      return count(
        [
          { key: `${kind}:${name}@${network}`, limit: LIMITS[kind], window: QUARTER },
          { key: `*@${network}`, limit: LIMITS.network, window: QUARTER },
        ],
        'Too many sign-ins failed. Wait a quarter of an hour and try again.',
      )
    },

    /**
     * Counts a code for a second factor: for the account on its network, and over all networks but those where its
     * user is known. Throws `rate_limited`.
     */
    beginCode: ({ userId, address, known }: CodeAttempt): Promise<Right> => {
      const here = { key: `code:${userId}@${networkOf(address)}`, limit: CODES_A_DAY, window: DAY }
      const anywhere = { key: `code:${userId}`, limit: CODES_A_DAY, window: DAY }
      return count(
        known ? [here] : [here, anywhere],
        'Too many codes were wrong. Sign in with a recovery code, or where you have signed in before.',
      )
    },

    /** Forgets what no longer counts. Run by a schedule. */
    sweep: () =>
      db.run(sql`DELETE FROM access.throttles WHERE period < ${new Date(clock.now().getTime() - DAY)}`),
  }
}
