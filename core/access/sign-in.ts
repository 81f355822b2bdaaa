import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, DomainError, sha256, systemCtx } from '../kernel/index.ts'
import { NOBODY, passwordMatches } from './passwords.ts'
import type { OpenedSession, Sessions, SignInCall } from './sessions.ts'
import { type Attempt, createThrottle } from './throttle.ts'

const refused = () =>
  new DomainError('unauthenticated', 'The name or the password is not right, or the account is disabled.')

type Deps = { db: Db; clock: Clock; audit: Audit; sessions: Sessions }

/** Signing in of people, by password. */
export const createSignIn = ({ db, clock, audit, sessions }: Deps) => {
  const throttle = createThrottle(db, clock)

  const failed = async (call: SignInCall, { kind, name }: Attempt) => {
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
    signIn: async (call: SignInCall, username: string, password: string): Promise<OpenedSession> => {
      const name = username.toLowerCase()
      const attempt: Attempt = { kind: 'user', name, address: call.address ?? '' }
      await throttle.begin(attempt)
      const user = await db.one<{ id: string; password_hash: string; status: string }>(
        sql`SELECT id, password_hash, status FROM access.users WHERE username = ${name}`,
      )
      const matches = await passwordMatches(password, user?.password_hash ?? NOBODY)
      if (!user || !matches || user.status !== 'active') return failed(call, attempt)
      await throttle.succeeded(attempt)
      return sessions.openSession(call, { id: user.id, username: name }, 'password')
    },

    signOut: (ctx: Ctx, token: string): Promise<void> =>
      db.transaction(async () => {
        const row = await db.one<{ id: string }>(sql`
          UPDATE access.sessions SET ended_at = ${clock.now()}
          WHERE token_hash = ${sha256(token)} AND ended_at IS NULL RETURNING id`)
        if (row)
          await audit.record(ctx, { action: 'user.sign-out', subject: { type: 'session', id: row.id } })
      }),
  }
}
