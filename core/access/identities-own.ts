import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, notFound, ruleViolated } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { alone } from './administration.ts'
import { type Identity, identitiesWhere } from './identities.ts'
import { sourceOf } from './identities-grants.ts'
import type { Persons } from './persons.ts'

type Deps = { db: Db; clock: Clock; audit: Audit; outbox: Outbox; persons: Persons }

/** What users decide themselves: whether somebody at a provider, as an administrator says, is them. */
export const createOwnIdentities = ({ db, clock, audit, outbox, persons }: Deps) => {
  /** The caller's link to a provider, held, that nobody has confirmed yet. */
  const pending = async (ctx: Ctx, provider: string) => {
    await alone(db)
    const row = await db.one<{
      provider_id: string
      subject: string
      linked_by: string
      confirmed_at: Date | null
    }>(sql`
      SELECT i.provider_id, i.subject, i.linked_by, i.confirmed_at
      FROM access.identities i JOIN access.identity_providers p ON p.id = i.provider_id
      WHERE p.code = ${provider} AND i.user_id = ${ctx.actor.id} FOR UPDATE OF i`)
    if (!row) throw notFound('identity')
    if (row.confirmed_at)
      throw ruleViolated('identity-confirmed', 'It is confirmed already. An administrator can take it away.')
    return row
  }

  return {
    /** Who the caller is at providers, and who others say they are. A system is nobody there. */
    listOwnIdentities: (ctx: Ctx): Promise<Identity[]> =>
      identitiesWhere(db, sql`i.user_id = ${ctx.actor.id}`),

    /**
     * Says that the caller is who an administrator says they are at a provider: from then on it signs them in. Throws
     * `rule_violated`: `other-sign-in` in a sign-in by that very provider, `own-grants` when the caller's own person made
     * the link, `identity-confirmed`.
     */
    confirmIdentity: (ctx: Ctx, provider: string): Promise<Identity> =>
      db.transaction(async () => {
        if (!ctx.session || ctx.actor.signedInBy === sourceOf(provider))
          throw ruleViolated(
            'other-sign-in',
            'Confirm it in a sign-in of your own that came another way: by password, or another provider.',
          )
        const link = await pending(ctx, provider)
        await persons.requireOther(ctx, link.linked_by)
        await db.run(sql`
          UPDATE access.identities SET confirmed_at = ${clock.now()}
          WHERE provider_id = ${link.provider_id} AND user_id = ${ctx.actor.id}`)
        await audit.record(ctx, {
          action: 'user.identity-confirm',
          subject: { type: 'user', id: ctx.actor.id },
          after: { provider, subject: link.subject },
        })
        await outbox.publish('user.identity-confirmed', ctx.actor.id, { username: ctx.actor.name, provider })
        const [identity] = await identitiesWhere(
          db,
          sql`i.provider_id = ${link.provider_id} AND i.user_id = ${ctx.actor.id}`,
        )
        return identity!
      }),

    /** Says that the caller is not who an administrator says they are. Only what is not confirmed can be declined. */
    declineIdentity: (ctx: Ctx, provider: string): Promise<void> =>
      db.transaction(async () => {
        const link = await pending(ctx, provider)
        await db.run(sql`
          DELETE FROM access.identities WHERE provider_id = ${link.provider_id} AND user_id = ${ctx.actor.id}`)
        await audit.record(ctx, {
          action: 'user.identity-decline',
          subject: { type: 'user', id: ctx.actor.id },
          before: { provider, subject: link.subject },
        })
      }),
  }
}
