import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, DomainError, formatReference } from '../kernel/index.ts'
import type { OpenedSession, Sessions, SignInCall } from './sessions.ts'
import { type Account, accountOf, type Proof, type Shown } from './sign-in-proof.ts'

const refused = () =>
  new DomainError(
    'unauthenticated',
    'The name, the password or the code is not right, or the account is disabled.',
  )

type Deps = { db: Db; clock: Clock; audit: Audit; sessions: Sessions; proof: Proof }

/** Signing in of people, by password, and signing out. */
export const createSignIn = ({ db, clock, audit, sessions, proof }: Deps) => {
  /** Holds the account as it was proved: whatever changed meanwhile (its password, its second factor) refuses. */
  const isStill = async (account: Account): Promise<boolean> => {
    await db.one(sql`SELECT FROM access.users WHERE id = ${account.id} FOR SHARE`)
    const now = await accountOf(db, account.username)
    return now?.passwordHash === account.passwordHash && now.enrolled === account.enrolled
  }

  return {
    /**
     * Signs a person in. Throws `unauthenticated` without telling which part was wrong; with the rule
     * `second-factor-required` when the password is right and a code is needed, too; `rate_limited` after too many
     * failures.
     */
    signIn: async (call: SignInCall, username: string, shown: Shown): Promise<OpenedSession> => {
      const proved = await proof.password(call, username.toLowerCase(), shown.password)
      if (!proved) throw refused()
      const { account, right } = proved
      if (account.enrolled && shown.code === undefined && shown.recoveryCode === undefined) {
        await right()
        await proof.codeAsked(call, account)
        throw new DomainError(
          'unauthenticated',
          'Show a code of your authenticator app or a recovery code, too.',
          {
            rule: 'second-factor-required',
          },
        )
      }
      const rightCode = account.enrolled ? await proof.beginCode(call, account.id, shown) : async () => {}
      const opened = await db.transaction(async () => {
        if (!(await isStill(account))) return undefined
        if (account.enrolled && !(await proof.useCode(call, account, shown))) return undefined
        return sessions.openSession(call, account, 'password', account.enrolled)
      })
      if (!opened) {
        if (account.enrolled) await proof.codeFailed(call, account)
        throw refused()
      }
      await right()
      await rightCode()
      return opened
    },

    /** Ends the sign-in that the call came by, if it came by one. */
    signOut: async (ctx: Ctx): Promise<void> => {
      const { session } = ctx
      if (!session) return
      await db.transaction(async () => {
        const ended = await db.one<{ ref: string; user_id: string }>(sql`
          UPDATE access.sessions SET ended_at = ${clock.now()} WHERE id = ${session.id} AND ended_at IS NULL
          RETURNING ref, user_id`)
        if (ended)
          await audit.record(ctx, {
            action: 'user.sign-out',
            subject: { type: 'user', id: ended.user_id },
            after: { session: formatReference('session', ended.ref) },
          })
      })
    },
  }
}
