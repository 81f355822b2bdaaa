import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, type Ids, invalidField, notFound } from '../kernel/index.ts'
import { createGranting, type GrantRequest } from './grants.ts'
import { GrantRecord, User } from './model.ts'
import { unique } from './names.ts'
import { hashPassword } from './passwords.ts'
import { requireEverywhere } from './scope.ts'

export type NewUser = { username: string; name: string; password: string; grants: readonly GrantRequest[] }
export type UserView = { username: string; name: string; status: string; roles: string[] }

const MIN_PASSWORD = 10

/** Users: made, granted, disabled. */
export const createUsers = ({ db, ids, audit }: { db: Db; ids: Ids; audit: Audit }) => {
  const { grant } = createGranting({ db, ids })
  return {
    createUser: async (ctx: Ctx, user: NewUser): Promise<UserView> => {
      requireEverywhere(ctx, 'user:write')
      if (user.password.length < MIN_PASSWORD)
        throw invalidField('/password', 'too-short', `A password has at least ${MIN_PASSWORD} characters.`)
      const password_hash = await hashPassword(user.password)
      const id = ids.uuid()
      await db
        .transaction(async () => {
          await User.create({ id, username: user.username, name: user.name, password_hash, person_id: id })
          await grant(id, user.grants)
          const { password: _secret, ...shown } = user
          await audit.record(ctx, { action: 'user.create', subject: { type: 'user', id }, after: shown })
        })
        .catch(unique('username', user.username))
      return {
        username: user.username,
        name: user.name,
        status: 'active',
        roles: user.grants.map(g => g.role),
      }
    },

    /** Stops a user from signing in and ends what is signed in, on every gateway within a second. */
    disableUser: (ctx: Ctx, username: string): Promise<UserView> => {
      requireEverywhere(ctx, 'user:write')
      return db.transaction(async () => {
        const user = await User.findOne({ where: { username }, lock: true })
        if (!user) throw notFound('user')
        if (user.status === 'active') {
          await user.update({ status: 'disabled' })
          await db.run(
            sql`UPDATE access.sessions SET ended_at = now() WHERE user_id = ${user.id} AND ended_at IS NULL`,
          )
          await audit.record(ctx, {
            action: 'user.disable',
            subject: { type: 'user', id: user.id },
            before: { status: 'active' },
            after: { status: 'disabled' },
          })
        }
        const roles = await GrantRecord.findAll({ where: { holder_id: user.id } })
        return {
          username: user.username,
          name: user.name,
          status: user.status,
          roles: roles.map(r => r.role),
        }
      })
    },

    listUsers: async (ctx: Ctx): Promise<UserView[]> => {
      requireEverywhere(ctx, 'user:read')
      return db.query<UserView>(sql`
        SELECT u.username, u.name, u.status,
               coalesce(array_agg(g.role ORDER BY g.role) FILTER (WHERE g.role IS NOT NULL), '{}') AS roles
        FROM access.users u LEFT JOIN access.grants g ON g.holder_id = u.id
        GROUP BY u.id ORDER BY u.username LIMIT 1000`)
    },
  }
}
