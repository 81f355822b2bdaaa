import { randomBytes } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import {
  type Actor,
  type Clock,
  type Ctx,
  DomainError,
  type Ids,
  sha256,
  systemCtx,
} from '../kernel/index.ts'
import type { createActors } from './actors.ts'
import { NOBODY, passwordMatches } from './passwords.ts'
import { type Attempt, createThrottle } from './throttle.ts'

/** How long a sign-in lasts. */
const SESSION_HOURS = 12
/** A session's token is told from a JWT by its prefix. */
export const SESSION_PREFIX = 'ses_'

const refused = () =>
  new DomainError('unauthenticated', 'The name or the password is not right, or the account is disabled.')

type Deps = { db: Db; clock: Clock; ids: Ids; audit: Audit; actors: ReturnType<typeof createActors> }
type Call = Pick<Ctx, 'requestId' | 'address'>

/** Signing in of people, by password. */
export const createSignIn = ({ db, clock, ids, audit, actors }: Deps) => {
  const throttle = createThrottle(db, clock)

  const failed = async (call: Call, { kind, name }: Attempt) => {
    await audit.record(
      { ...systemCtx('sign-in', call.requestId), address: call.address },
      {
        action: `${kind}.sign-in-failed`,
        subject: { type: kind, id: null },
        after: { name: name.slice(0, 60) },
      },
    )
    throw refused()
  }

  return {
    /** Forgets failed sign-ins that no longer count. Run by a schedule. */
    sweep: throttle.sweep,

    /** Signs a person in. Throws `unauthenticated` without telling which part was wrong. */
    signIn: async (
      call: Call,
      username: string,
      password: string,
    ): Promise<{ token: string; expiresAt: Date }> => {
      const name = username.toLowerCase()
      const attempt: Attempt = { kind: 'user', name, address: call.address ?? '' }
      await throttle.begin(attempt)
      const user = await db.one<{ id: string; password_hash: string; status: string }>(
        sql`SELECT id, password_hash, status FROM access.users WHERE username = ${name}`,
      )
      const matches = await passwordMatches(password, user?.password_hash ?? NOBODY)
      if (!user || !matches || user.status !== 'active') return failed(call, attempt)
      await throttle.succeeded(attempt)
      const token = SESSION_PREFIX + randomBytes(32).toString('base64url')
      const now = clock.now()
      const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000)
      await db.transaction(async () => {
        const id = ids.uuid()
        await db.run(sql`
          INSERT INTO access.sessions (id, user_id, token_hash, created_at, expires_at)
          VALUES (${id}, ${user.id}, ${sha256(token)}, ${now}, ${expiresAt})`)
        const actor: Actor = { kind: 'user', id: user.id, name, grants: [] }
        await audit.record({ actor, ...call }, { action: 'user.sign-in', subject: { type: 'session', id } })
      })
      return { token, expiresAt }
    },

    signOut: (ctx: Ctx, token: string): Promise<void> =>
      db.transaction(async () => {
        const row = await db.one<{ id: string }>(sql`
          UPDATE access.sessions SET ended_at = ${clock.now()}
          WHERE token_hash = ${sha256(token)} AND ended_at IS NULL RETURNING id`)
        if (row)
          await audit.record(ctx, { action: 'user.sign-out', subject: { type: 'session', id: row.id } })
      }),

    /** Who a session's token belongs to, if it still lasts. */
    actorOfSession: async (token: string): Promise<Actor | undefined> => {
      const row = await db.one<{ user_id: string }>(sql`
        SELECT user_id FROM access.sessions
        WHERE token_hash = ${sha256(token)} AND ended_at IS NULL AND expires_at > ${clock.now()}`)
      return row && actors('user', row.user_id)
    },
  }
}
