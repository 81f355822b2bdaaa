import { randomBytes } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import { type Db, violated } from '../db/index.ts'
import { type Ctx, conflict, type Ids, invalidField, notFound, sha256 } from '../kernel/index.ts'
import { Client, GrantRecord, User } from './model.ts'
import { hashPassword } from './passwords.ts'
import { ROLES } from './roles.ts'
import { requireEverywhere } from './scope.ts'

/** A role with its scope. Left out: everywhere, in all programs. */
export type GrantRequest = { role: string; areaIds?: readonly string[]; programIds?: readonly string[] }

export type NewUser = { username: string; name: string; password: string; grants: readonly GrantRequest[] }
export type NewClient = { clientId: string; name: string; secret?: string; grants: readonly GrantRequest[] }
export type UserView = { username: string; name: string; status: string; roles: string[] }

const MIN_PASSWORD = 10

/** Users and API clients: made, granted, disabled. */
export const createAccounts = ({ db, ids, audit }: { db: Db; ids: Ids; audit: Audit }) => {
  const grant = async (holderId: string, grants: readonly GrantRequest[]) => {
    for (const [i, g] of grants.entries()) {
      if (!ROLES[g.role])
        throw invalidField(
          `/grants/${i}/role`,
          'role',
          `There is no role ${g.role}. Roles: ${Object.keys(ROLES).join(', ')}.`,
        )
      await GrantRecord.create({
        id: ids.uuid(),
        holder_id: holderId,
        role: g.role,
        area_ids: g.areaIds ?? null,
        program_ids: g.programIds ?? null,
      })
    }
  }

  const unique = (field: string, value: string) => (error: unknown) => {
    if (violated(error)) throw conflict(`There is an account named ${value} already.`, `${field}-taken`)
    throw error
  }

  return {
    createUser: async (ctx: Ctx, user: NewUser): Promise<UserView> => {
      requireEverywhere(ctx, 'user:write')
      if (user.password.length < MIN_PASSWORD)
        throw invalidField('/password', 'too-short', `A password has at least ${MIN_PASSWORD} characters.`)
      const password_hash = await hashPassword(user.password)
      const id = ids.uuid()
      await db
        .transaction(async () => {
          await User.create({ id, username: user.username, name: user.name, password_hash })
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

    /** Makes an API client. Its secret is shown once, here; only a hash is kept. */
    createClient: async (
      ctx: Ctx,
      client: NewClient,
    ): Promise<{ clientId: string; clientSecret: string }> => {
      requireEverywhere(ctx, 'user:write')
      const secret = client.secret ?? randomBytes(32).toString('base64url')
      const id = ids.uuid()
      await db
        .transaction(async () => {
          await Client.create({
            id,
            client_id: client.clientId,
            name: client.name,
            secret_hash: sha256(secret),
          })
          await grant(id, client.grants)
          const { secret: _secret, ...shown } = client
          await audit.record(ctx, { action: 'client.create', subject: { type: 'client', id }, after: shown })
        })
        .catch(unique('client-id', client.clientId))
      return { clientId: client.clientId, clientSecret: secret }
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
