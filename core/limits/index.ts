import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, DomainError } from '../kernel/index.ts'

export type Limits = ReturnType<typeof createLimits>

const WINDOW_MS = 60_000
/** A process takes a share of a window at a time, so that most requests are counted in memory. */
const SHARES = 50

type Held = { started: number; left: number; exhausted: boolean }

/** How many requests a key may make in a minute, over all processes together. */
export const createLimits = ({ db, clock }: { db: Db; clock: Clock }) => {
  const held = new Map<string, Held>()

  const takeShare = async (key: string, limit: number, started: number): Promise<Held> => {
    const share = Math.max(1, Math.floor(limit / SHARES))
    const row = await db.one<{ taken: number }>(sql`
      INSERT INTO limits.windows (key, started, taken) VALUES (${key}, ${new Date(started)}, ${share})
      ON CONFLICT (key, started) DO UPDATE SET taken = limits.windows.taken + ${share}
      RETURNING taken`)
    const over = Math.max(0, row!.taken - limit)
    return { started, left: Math.max(0, share - over), exhausted: over >= share }
  }

  return {
    /** Counts one request. Throws `rate_limited`, with the seconds to wait, when the minute is used up. */
    take: async (key: string, limit: number): Promise<void> => {
      if (limit === 0) return
      const now = clock.now().getTime()
      const started = now - (now % WINDOW_MS)
      let h = held.get(key)
      if (h?.started !== started || (h.left === 0 && !h.exhausted)) {
        h = await takeShare(key, limit, started)
        if (held.size > 50_000) held.clear()
        held.set(key, h)
      }
      if (h.left === 0) {
        const retryAfterSeconds = Math.ceil((started + WINDOW_MS - now) / 1000)
        throw new DomainError(
          'rate_limited',
          `More than ${limit} requests in a minute. Wait ${retryAfterSeconds} seconds.`,
          {
            retryAfterSeconds,
          },
        )
      }
      h.left--
    },
    /** Forgets windows that are over. Run by a schedule. */
    sweep: () => db.run(sql`DELETE FROM limits.windows WHERE started < now() - interval '10 minutes'`),
  }
}
