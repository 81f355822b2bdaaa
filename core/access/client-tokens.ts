import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock, Ctx } from '../kernel/index.ts'

/** What an access token of a client says of itself. `series`: see `endTokens`. `expiresAt` is its end. */
export type ClientToken = { jti: string; clientId: string; series: number; expiresAt: Date }

const keyOf = ({ jti, series }: ClientToken) => `${jti} ${series}`

/** How long a process may go on with what it knew of a token: the longest an ended one is still taken. */
const REMEMBERED_MS = 1_000

/** Access tokens of API clients: which of them still stand. */
export const createClientTokens = ({ db, clock, audit }: { db: Db; clock: Clock; audit: Audit }) => {
  const known = new Map<string, { at: number; stands: Promise<boolean> }>()

  const load = async ({ jti, clientId, series }: ClientToken): Promise<boolean> => {
    const row = await db.one(sql`
      SELECT 1 FROM access.clients
      WHERE id = ${clientId} AND token_series = ${series}
        AND NOT EXISTS (SELECT 1 FROM access.revoked_tokens WHERE jti = ${jti})`)
    return row !== undefined
  }

  return {
    /** Whether a token that verified was not ended since, as it is now (to within a second). */
    tokenStands: (token: ClientToken): Promise<boolean> => {
      const now = Date.now()
      const key = keyOf(token)
      const remembered = known.get(key)
      if (remembered && now - remembered.at < REMEMBERED_MS) return remembered.stands
      const stands = load(token)
      if (known.size > 10_000) known.clear()
      known.set(key, { at: now, stands })
      stands.catch(() => known.delete(key))
      return stands
    },

    /** Ends one token before its time, here at once and on every gateway within a second. */
    revokeClientToken: async (ctx: Ctx, token: ClientToken): Promise<void> => {
      await db.transaction(async () => {
        const isNew = await db.run(sql`
          INSERT INTO access.revoked_tokens (jti, expires_at) VALUES (${token.jti}, ${token.expiresAt})
          ON CONFLICT (jti) DO NOTHING`)
        if (isNew)
          await audit.record(ctx, {
            action: 'token.revoke',
            subject: { type: 'token', id: token.jti },
          })
      })
      known.delete(keyOf(token))
    },

    /** Forgets what has expired: ended tokens and used assertions. Run by a schedule. */
    sweepTokens: async (): Promise<void> => {
      const now = clock.now()
      await db.run(sql`DELETE FROM access.revoked_tokens WHERE expires_at < ${now}`)
      await db.run(sql`DELETE FROM access.used_assertions WHERE expires_at < ${now}`)
    },
  }
}
