import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, ruleViolated } from '../kernel/index.ts'
import type { OwnAccount } from './own-account.ts'
import type { Recovery } from './recovery.ts'
import type { Sessions } from './sessions.ts'
import type { Account, Proof, Shown } from './sign-in-proof.ts'
import type { Totp, TotpSecret } from './totp.ts'

export type SecondFactor = { since: Date | undefined; recoveryCodesLeft: number }
type Deps = {
  db: Db
  audit: Audit
  own: OwnAccount
  proof: Proof
  sessions: Sessions
  totp: Totp
  recovery: Recovery
}

/** The second factor of an account: an authenticator app, with recovery codes for when it is lost. */
export const createSecondFactor = ({ db, audit, own, proof, sessions, totp, recovery }: Deps) => {
  const tell = (ctx: Ctx, action: string, id: string, enrolled?: { before: boolean; after: boolean }) =>
    audit.record(ctx, {
      action,
      subject: { type: 'user', id },
      ...(enrolled && {
        before: { secondFactor: enrolled.before },
        after: { secondFactor: enrolled.after },
      }),
    })

  const turnOff = async (ctx: Ctx, action: string, account: Account) => {
    await totp.forget(account.id)
    await recovery.forget(account.id)
    await tell(ctx, action, account.id, { before: account.enrolled, after: false })
    await sessions.endSessionsOf(ctx, account.id, ctx.session)
  }

  return {
    /** The caller's second factor. */
    secondFactor: async (ctx: Ctx): Promise<SecondFactor> => ({
      since: await totp.confirmedAt(ctx.actor.id),
      recoveryCodesLeft: await recovery.left(ctx.actor.id),
    }),

    /** Begins a second factor. It is asked for once a code has confirmed it. */
    beginSecondFactor: (ctx: Ctx, shown: Shown): Promise<TotpSecret> =>
      own.proved(ctx, shown, 'password', async account => {
        const secret = await totp.begin(account)
        await tell(ctx, 'user.second-factor-begin', account.id)
        return secret
      }),

    /**
     * Turns it on with a code of it, and ends the other sign-ins, which came without. Returns the recovery codes, which
     * are shown this once. Wrong codes count as they do at sign-in. Throws `rate_limited`, or the rule `wrong-code`.
     */
    confirmSecondFactor: async (ctx: Ctx, code: string): Promise<string[]> => {
      own.requireUser(ctx)
      const { id } = ctx.actor
      const right = await proof.beginCode(ctx, id, { code })
      const confirmed = await db.transaction(async () => {
        await db.one(sql`SELECT FROM access.users WHERE id = ${id} FOR UPDATE`)
        if (!(await totp.confirm(id, code))) return undefined
        const codes = await recovery.renew(id)
        await tell(ctx, 'user.second-factor-on', id, { before: false, after: true })
        await sessions.endSessionsOf(ctx, id, ctx.session)
        if (ctx.session) await sessions.showedSecondFactor(ctx.session)
        return codes
      })
      if (!confirmed) {
        await tell(ctx, 'user.second-factor-failed', id)
        throw ruleViolated('wrong-code', 'The code is not right, or there is no second factor to confirm.')
      }
      await right()
      return confirmed
    },

    /** Turns it off, and ends the other sign-ins. */
    removeSecondFactor: (ctx: Ctx, shown: Shown): Promise<void> =>
      own.proved(ctx, shown, 'password and code', account => turnOff(ctx, 'user.second-factor-off', account)),

    /** New recovery codes, shown this once; those before them end. */
    renewRecoveryCodes: (ctx: Ctx, shown: Shown): Promise<string[]> =>
      own.proved(ctx, shown, 'password and code', async account => {
        const codes = await recovery.renew(account.id)
        await tell(ctx, 'user.recovery-codes-renew', account.id)
        return codes
      }),

    /** Takes the second factor off somebody who has lost it and all recovery codes, and ends their sign-ins. */
    resetSecondFactor: (ctx: Ctx, username: string): Promise<void> =>
      db.transaction(async () => {
        const account = await own.ofSomebodyElse(ctx, username)
        await turnOff(ctx, 'user.second-factor-reset', account)
      }),
  }
}
