import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import { type Db, violated } from '../db/index.ts'
import { type Clock, type Ctx, conflict, invalidField, notFound } from '../kernel/index.ts'
import { alone } from './administration.ts'
import type { Persons } from './persons.ts'
import { requireEverywhere } from './scope.ts'

/** Who a user is at a provider. */
export type Identity = { provider: string; subject: string; linkedAt: Date }

type Deps = { db: Db; clock: Clock; audit: Audit; persons: Persons }
type Account = { id: string; person_id: string }

/**
 * Which subject of a provider is which user. Only an administrator says so, or a first sign-in that makes the account:
 * never a name or an email that happens to be the same.
 */
export const createIdentities = ({ db, clock, audit, persons }: Deps) => {
  const accountOf = async (username: string): Promise<Account> => {
    const user = await db.one<Account>(
      sql`SELECT id, person_id FROM access.users WHERE username = ${username}`,
    )
    if (!user) throw notFound('user')
    return user
  }
  const providerIdOf = (code: string) =>
    db.one<{ id: string }>(sql`SELECT id FROM access.identity_providers WHERE code = ${code}`)

  return {
    listIdentities: async (ctx: Ctx, username: string): Promise<Identity[]> => {
      requireEverywhere(ctx, 'user:read')
      const user = await accountOf(username)
      return db.query<Identity>(sql`
        SELECT p.code AS provider, i.subject, i.created_at AS "linkedAt"
        FROM access.identities i JOIN access.identity_providers p ON p.id = i.provider_id
        WHERE i.user_id = ${user.id} ORDER BY p.code`)
    },

    /** Throws `conflict` (`identity-taken`) when the subject is somebody, or the user has another at the provider. */
    linkIdentity: (
      ctx: Ctx,
      username: string,
      link: { provider: string; subject: string },
    ): Promise<Identity> => {
      requireEverywhere(ctx, 'user:write')
      const linkedAt = clock.now()
      const work = async () => {
        await alone(db)
        const user = await accountOf(username)
        await persons.requireOther(ctx, user.person_id)
        const provider = await providerIdOf(link.provider)
        if (!provider)
          throw invalidField('/provider', 'provider', `There is no identity provider ${link.provider}.`)
        await db.run(sql`
          INSERT INTO access.identities (provider_id, subject, user_id, created_at)
          VALUES (${provider.id}, ${link.subject}, ${user.id}, ${linkedAt})`)
        await audit.record(ctx, {
          action: 'user.identity-link',
          subject: { type: 'user', id: user.id },
          after: link,
        })
        return { ...link, linkedAt }
      }
      return db.transaction(work).catch(error => {
        if (!violated(error)?.startsWith('identities_')) throw error
        throw conflict(
          'This person of the provider is linked to a user, or the user to another person.',
          'identity-taken',
        )
      })
    },

    /** Takes the link away, with what followed from the provider's groups, and the sign-ins that came by it. */
    unlinkIdentity: (ctx: Ctx, username: string, providerCode: string): Promise<void> => {
      requireEverywhere(ctx, 'user:write')
      return db.transaction(async () => {
        await alone(db)
        const user = await accountOf(username)
        await persons.requireOther(ctx, user.person_id)
        const by = `oidc:${providerCode}`
        const gone = await db.one<{ subject: string }>(sql`
          DELETE FROM access.identities i USING access.identity_providers p
          WHERE p.id = i.provider_id AND p.code = ${providerCode} AND i.user_id = ${user.id} RETURNING i.subject`)
        if (!gone) throw notFound('identity')
        const grants = await db.query<{ role: string }>(
          sql`DELETE FROM access.grants WHERE holder_id = ${user.id} AND source = ${by} RETURNING role`,
        )
        await db.run(sql`
          UPDATE access.sessions SET ended_at = ${clock.now()}
          WHERE user_id = ${user.id} AND how = ${by} AND ended_at IS NULL`)
        await audit.record(ctx, {
          action: 'user.identity-unlink',
          subject: { type: 'user', id: user.id },
          before: { provider: providerCode, subject: gone.subject, roles: grants.map(g => g.role).sort() },
        })
      })
    },
  }
}
