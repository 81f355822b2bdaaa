import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Ctx, notFound, ruleViolated } from '../kernel/index.ts'
import { identitiesOf } from './hands.ts'
import { requireEverywhere } from './scope.ts'
import { type Account, accountOf, type Proof, type Shown } from './sign-in-proof.ts'

/** The caller's own account, proved once more: a sign-in left open on a desk is not enough to change how one signs in. */
export const createOwnAccount = ({ db, proof }: { db: Db; proof: Proof }) => {
  const requireUser = (ctx: Ctx) => {
    if (ctx.actor.kind !== 'user')
      throw ruleViolated('users-only', 'This is for people who sign in, not for systems.')
  }

  return {
    requireUser,

    /**
     * Proves the caller by password, and by a code as well when `shown` has to hold one. Wrong ones count as failed
     * sign-ins. `change` then runs in one unit of work, alone on the account. Throws the rule `wrong-password` or
     * `wrong-code`.
     */
    proved: async <T>(
      ctx: Ctx,
      shown: Shown,
      needs: 'password' | 'password and code',
      change: (account: Account) => Promise<T>,
    ): Promise<T> => {
      requireUser(ctx)
      const proved = await proof.password(ctx, ctx.actor.name, shown.password)
      if (!proved) throw ruleViolated('wrong-password', 'The password is not yours.')
      const { account, right } = proved
      const withCode = needs === 'password and code'
      if (!withCode) await right()
      const rightCode = withCode ? await proof.beginCode(ctx, account.id, shown) : async () => {}
      const done = await db.transaction(async () => {
        await db.one(sql`SELECT FROM access.users WHERE id = ${account.id} FOR UPDATE`)
        const now = await accountOf(db, account.username)
        if (now?.passwordHash !== account.passwordHash)
          throw ruleViolated('wrong-password', 'The password is not yours any more.')
        if (withCode && !(await proof.useCode(ctx, account, shown))) return undefined
        return { result: await change(now) }
      })
      if (!done) {
        await proof.codeFailed(ctx, account)
        throw ruleViolated('wrong-code', 'The code is not right, or was used before.')
      }
      if (withCode) await right()
      await rightCode()
      return done.result
    },

    /**
     * Another user's account, held for an administrator to change in the unit of work of the caller. Nobody lifts
     * their own protection this way, nor that of their second account.
     */
    ofSomebodyElse: async (ctx: Ctx, username: string): Promise<Account> => {
      requireEverywhere(ctx, 'user:write')
      await db.one(sql`SELECT FROM access.users WHERE username = ${username} FOR UPDATE`)
      const account = await accountOf(db, username)
      if (!account) throw notFound('user')
      const own = (await identitiesOf(db)([ctx.actor.id])).get(ctx.actor.id)!.all
      if (own.includes(account.id))
        throw ruleViolated('own-account', 'This is done by another administrator to your account.')
      return account
    },
  }
}
export type OwnAccount = ReturnType<typeof createOwnAccount>
