import sql from 'sql-template-tag'
import type { Audit, AuditEntry } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, type Ids, invalidField, notFound, requireVersion } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { keepingAdministrator } from './administration.ts'
import { User } from './model.ts'
import { requireEverywhere } from './scope.ts'
import type { Sessions } from './sessions.ts'

export type UserDeps = { db: Db; ids: Ids; audit: Audit; outbox: Outbox; sessions: Sessions }
export type UserStore = ReturnType<typeof createUserStore>

const USERNAME = /^[a-z0-9][a-z0-9._-]{1,39}$/
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,180}$/

/** An email as it is kept: in lower case, so that the same one is seen to be the same. Null stays null. */
export const emailOf = (email: string | null): string | null => {
  if (email === null) return null
  const plain = email.trim().toLowerCase()
  if (!EMAIL.test(plain)) throw invalidField('/email', 'email', 'An email looks like name@example.org.')
  return plain
}

/** Refuses what cannot be a username. */
export const requireUsername = (username: string): void => {
  if (!USERNAME.test(username))
    throw invalidField(
      '/username',
      'username',
      'A username has 2 to 40 small letters, digits, points, hyphens and underscores, and begins with one of the first two.',
    )
}

/** Reading and changing users, as their use cases share it. */
export const createUserStore = ({ db, audit }: UserDeps) => ({
  /** The user somebody names, or `invalid` at the field that does. */
  named: async (pointer: string, username: string): Promise<User> => {
    const user = await User.findOne({ where: { username } })
    if (!user) throw invalidField(pointer, 'user', `There is no user ${username}.`)
    return user
  },

  /** The person with an email, if another user than this one has it. */
  personWith: async (email: string | null, butUser: string): Promise<string | undefined> => {
    const row = await db.one<{ person_id: string }>(
      sql`SELECT person_id FROM access.users WHERE email = ${email} AND id <> ${butUser} LIMIT 1`,
    )
    return row?.person_id
  },

  /**
   * Changes a user in a unit of work, at the `version` that was read (any, when left out). `work` tells what it did;
   * nothing, when all was so already. Throws `not_found`, `precondition_failed`, and `rule_violated`
   * (`last-administrator`) when nobody would be left to administer users.
   */
  change: (
    ctx: Ctx,
    username: string,
    version: number | undefined,
    work: (user: User) => Promise<Pick<AuditEntry, 'action' | 'before' | 'after'> | undefined>,
  ): Promise<void> => {
    requireEverywhere(ctx, 'user:write')
    return db.transaction(() =>
      keepingAdministrator(db, async () => {
        const user = await User.findOne({ where: { username }, lock: true })
        if (!user) throw notFound('user')
        requireVersion('user', user.version, version)
        const done = await work(user)
        if (!done) return
        await user.update({ version: user.version + 1 })
        await audit.record(ctx, { ...done, subject: { type: 'user', id: user.id } })
      }),
    )
  },
})
