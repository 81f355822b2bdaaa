import sql, { type Sql } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, formatReference, notFound, refFromPath } from '../kernel/index.ts'
import { requireEverywhere } from './scope.ts'
import type { Sessions } from './sessions.ts'

/** A sign-in as people recognise it. `how`: `password` or `oidc:<provider>`; `current`: the call came by it. */
export type SessionView = {
  reference: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  how: string
  secondFactor: boolean
  address: string | null
  userAgent: string | null
  current: boolean
}
type Deps = { db: Db; clock: Clock; audit: Audit; sessions: Sessions }

/** More than this many sign-ins at a time are no person's; the last used are shown. */
const SHOWN = 200

/** Sign-ins that last: seen and ended, one's own and by an administrator. */
export const createSessionList = ({ db, clock, audit, sessions }: Deps) => {
  const list = async (ctx: Ctx, userId: string): Promise<SessionView[]> => {
    const rows = await db.query<SessionView & { id: string; ref: string }>(sql`
      SELECT s.id, s.ref, s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt", s.expires_at AS "expiresAt",
             s.how, s.second_factor AS "secondFactor", s.address, s.user_agent AS "userAgent"
      FROM access.sessions s WHERE s.user_id = ${userId} AND ${sessions.lasts()}
      ORDER BY s.last_seen_at DESC, s.id DESC LIMIT ${SHOWN}`)
    return rows.map(({ id, ref, ...shown }) => ({
      ...shown,
      reference: formatReference('session', ref),
      current: id === ctx.session?.id,
    }))
  }

  const end = (ctx: Ctx, reference: string, ofUser: Sql): Promise<void> =>
    db.transaction(async () => {
      const ended = await db.one<{ user_id: string }>(sql`
        UPDATE access.sessions s SET ended_at = ${clock.now()}
        WHERE s.ref = ${refFromPath('session', reference)} AND s.user_id = (${ofUser}) AND ${sessions.lasts()}
        RETURNING s.user_id`)
      if (!ended) throw notFound('session')
      await audit.record(ctx, {
        action: 'session.end',
        subject: { type: 'user', id: ended.user_id },
        after: { session: reference },
      })
    })

  const idOf = async (username: string): Promise<string> => {
    const user = await db.one<{ id: string }>(sql`SELECT id FROM access.users WHERE username = ${username}`)
    if (!user) throw notFound('user')
    return user.id
  }

  return {
    /** The caller's sign-ins, last used first; a system has none. */
    listSessions: (ctx: Ctx): Promise<SessionView[]> => list(ctx, ctx.actor.id),

    /** Ends one of the caller's sign-ins. */
    endSession: (ctx: Ctx, reference: string): Promise<void> =>
      end(ctx, reference, sql`${ctx.actor.id}::uuid`),

    /** Ends the caller's sign-ins but for the one that the call came by. Tells how many. */
    endOtherSessions: (ctx: Ctx): Promise<number> =>
      db.transaction(() => sessions.endSessionsOf(ctx, ctx.actor.id, ctx.session)),

    /** A user's sign-ins, for an administrator. */
    listUserSessions: async (ctx: Ctx, username: string): Promise<SessionView[]> => {
      requireEverywhere(ctx, 'user:read')
      return list(ctx, await idOf(username))
    },

    /** Ends one of a user's sign-ins. */
    endUserSession: (ctx: Ctx, username: string, reference: string): Promise<void> => {
      requireEverywhere(ctx, 'user:write')
      return end(ctx, reference, sql`SELECT id FROM access.users WHERE username = ${username}`)
    },

    /** Ends all of a user's sign-ins. Tells how many. */
    endUserSessions: (ctx: Ctx, username: string): Promise<number> => {
      requireEverywhere(ctx, 'user:write')
      return db.transaction(async () => sessions.endSessionsOf(ctx, await idOf(username)))
    },
  }
}
