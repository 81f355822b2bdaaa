import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, DomainError } from '../kernel/index.ts'

export { networkOf } from './network.ts'

export type Limits = ReturnType<typeof createLimits>

const WINDOW_MS = 60_000
/** A process takes a share of a window at a time, so that most requests are counted in memory. */
const SHARES = 50
const MAX_KEYS = 50_000

type Share = { left: number; usedUp: boolean }
/** What a process holds of a key's window: one share, which all requests of the key wait for and use together. */
type Held = { started: number; share: Promise<Share> }

/** How many requests a key may make in a minute, over all processes together. */
export const createLimits = ({ db, clock }: { db: Db; clock: Clock }) => {
  const held = new Map<string, Held>()

  const takeShare = async (key: string, limit: number, started: number): Promise<Share> => {
    const size = Math.max(1, Math.floor(limit / SHARES))
    const row = await db.one<{ taken: number }>(sql`
      INSERT INTO limits.windows (key, started, taken) VALUES (${key}, ${new Date(started)}, ${size})
      ON CONFLICT (key, started) DO UPDATE SET taken = limits.windows.taken + ${size}
      RETURNING taken`)
    const over = Math.max(0, row!.taken - limit)
    return { left: Math.max(0, size - over), usedUp: over >= size }
  }

  const hold = (key: string, limit: number, started: number): Held => {
    if (held.size > MAX_KEYS) held.clear()
    const fresh = { started, share: takeShare(key, limit, started) }
    held.set(key, fresh)
    fresh.share.catch(() => held.delete(key))
    return fresh
  }

  return {
    /** Counts one request. Throws `rate_limited`, with the seconds to wait, when the minute is used up. */
    take: async (key: string, limit: number): Promise<void> => {
      if (limit === 0) return
      const now = clock.now().getTime()
      const started = now - (now % WINDOW_MS)
      for (let known = held.get(key); ; known = held.get(key)) {
        const current = known?.started === started ? known : hold(key, limit, started)
        const share = await current.share
        if (share.usedUp) throw usedUp(limit, Math.ceil((started + WINDOW_MS - now) / 1000))
        if (share.left > 0) return void share.left--
        if (held.get(key) === current) held.delete(key)
      }
    },
    /** Forgets windows that are over. Run by a schedule. */
    sweep: () => db.run(sql`DELETE FROM limits.windows WHERE started < now() - interval '10 minutes'`),
  }
}

const usedUp = (limit: number, retryAfterSeconds: number) =>
  new DomainError(
    'rate_limited',
    `More than ${limit} requests in a minute. Wait ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  )
