import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, invalidField } from '../kernel/index.ts'
import type { OwnAccount } from './own-account.ts'
import { hashPassword, requireGoodPassword } from './passwords.ts'
import type { Sessions } from './sessions.ts'
import type { Account } from './sign-in-proof.ts'

type Deps = { db: Db; audit: Audit; own: OwnAccount; sessions: Sessions }

/** Passwords after the first: changed by their user, or replaced for them. */
export const createPasswords = ({ db, audit, own, sessions }: Deps) => {
  const set = async (ctx: Ctx, action: string, account: Account, hash: string, mustChange: boolean) => {
    await db.run(sql`
      UPDATE access.users SET password_hash = ${hash}, must_change_password = ${mustChange}
      WHERE id = ${account.id}`)
    await audit.record(ctx, { action, subject: { type: 'user', id: account.id } })
    await sessions.endSessionsOf(ctx, account.id, ctx.session)
  }

  return {
    /** Changes the caller's password, and ends their other sign-ins. */
    changePassword: (ctx: Ctx, password: string, newPassword: string): Promise<void> =>
      own.proved(ctx, { password }, 'password', async account => {
        requireGoodPassword('/newPassword', newPassword, account)
        if (newPassword.normalize('NFKC') === password.normalize('NFKC'))
          throw invalidField('/newPassword', 'unchanged', 'The new password is the old one.')
        await set(ctx, 'user.password-change', account, await hashPassword(newPassword), false)
      }),

    /** Gives somebody who has forgotten theirs a password for one sign-in, in which they choose their own. */
    setTemporaryPassword: (ctx: Ctx, username: string, password: string): Promise<void> =>
      db.transaction(async () => {
        const account = await own.ofSomebodyElse(ctx, username)
        requireGoodPassword('/password', password, account)
        await set(ctx, 'user.password-set', account, await hashPassword(password), true)
      }),
  }
}
