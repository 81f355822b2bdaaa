import sql, { type Sql } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import { type Db, violated } from '../db/index.ts'
import { type Clock, type Ctx, conflict, invalidField, notFound } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { alone, keepingAdministrator } from './administration.ts'
import { sourceOf, takeGroupGrants } from './identities-grants.ts'
import type { Persons } from './persons.ts'
import { requireEverywhere } from './scope.ts'

/** Who a user is at a provider. A link that is `pending` signs nobody in: its user has not confirmed it. */
export type Identity = { provider: string; subject: string; state: 'pending' | 'confirmed'; linkedAt: Date }

type Deps = { db: Db; clock: Clock; audit: Audit; outbox: Outbox; persons: Persons }
type Account = { id: string; person_id: string }

/** The identities `i` that a condition picks. */
export const identitiesWhere = (db: Db, condition: Sql): Promise<Identity[]> =>
  db.query<Identity>(sql`
    SELECT p.code AS provider, i.subject, i.created_at AS "linkedAt",
           CASE WHEN i.confirmed_at IS NULL THEN 'pending' ELSE 'confirmed' END AS state
    FROM access.identities i JOIN access.identity_providers p ON p.id = i.provider_id
    WHERE ${condition} ORDER BY p.code`)

/**
 * Which subject of a provider is which user. A first sign-in that makes the account says so, or an administrator and
 * then the user: neither of them alone, and never a name or an email that happens to be the same.
 */
export const createIdentities = ({ db, clock, audit, outbox, persons }: Deps) => {
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
      return identitiesWhere(db, sql`i.user_id = ${(await accountOf(username)).id}`)
    },

    /**
     * Says who somebody else is at a provider, for them to confirm. Throws `conflict` (`identity-taken`) when the subject
     * is somebody, or the user has another at the provider.
     */
    linkIdentity: (
      ctx: Ctx,
      username: string,
      link: { provider: string; subject: string },
    ): Promise<Identity> => {
      requireEverywhere(ctx, 'user:write')
      const linkedAt = clock.now()
      const work = async (): Promise<Identity> => {
        await alone(db)
        const user = await accountOf(username)
        await persons.requireOther(ctx, user.person_id)
        const provider = await providerIdOf(link.provider)
        if (!provider)
          throw invalidField('/provider', 'provider', `There is no identity provider ${link.provider}.`)
        await db.run(sql`
          INSERT INTO access.identities (provider_id, subject, user_id, linked_by, created_at)
          VALUES (${provider.id}, ${link.subject}, ${user.id}, ${ctx.actor.id}, ${linkedAt})`)
        await audit.record(ctx, {
          action: 'user.identity-link',
          subject: { type: 'user', id: user.id },
          after: link,
        })
        await outbox.publish('user.identity-linked', user.id, { username, provider: link.provider })
        return { ...link, state: 'pending', linkedAt }
      }
      return db.transaction(work).catch(error => {
        if (!violated(error)?.startsWith('identities_')) throw error
        throw conflict(
          'This person of the provider is linked to a user, or the user to another person.',
          'identity-taken',
        )
      })
    },

    /**
     * Takes the link away, with what followed from the provider's groups, and the sign-ins that came by it. Throws
     * `rule_violated` (`last-administrator`) when nobody would be left to administer users.
     */
    unlinkIdentity: (ctx: Ctx, username: string, providerCode: string): Promise<void> => {
      requireEverywhere(ctx, 'user:write')
      const work = async () => {
        const user = await accountOf(username)
        await persons.requireOther(ctx, user.person_id)
        const by = sourceOf(providerCode)
        const gone = await db.one<{ subject: string }>(sql`
          DELETE FROM access.identities i USING access.identity_providers p
          WHERE p.id = i.provider_id AND p.code = ${providerCode} AND i.user_id = ${user.id} RETURNING i.subject`)
        if (!gone) throw notFound('identity')
        await audit.record(ctx, {
          action: 'user.identity-unlink',
          subject: { type: 'user', id: user.id },
          before: { provider: providerCode, subject: gone.subject },
        })
        await takeGroupGrants(db, ctx, by, sql`g.holder_id = ${user.id}`)
        await db.run(sql`
          UPDATE access.sessions SET ended_at = ${clock.now()}
          WHERE user_id = ${user.id} AND how = ${by} AND ended_at IS NULL`)
      }
      return db.transaction(() => keepingAdministrator(db, work))
    },
  }
}
