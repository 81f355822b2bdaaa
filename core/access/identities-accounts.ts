import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, canonicalJson, type Ids } from '../kernel/index.ts'
import { administers, hasAdministrator } from './administration.ts'
import { createGranting, type GrantRequest, type GrantState } from './grants.ts'
import { type Claims, claimAt, nameOf, usernameOf, verifiedEmailOf } from './identity-providers-rules.ts'
import type { ProviderRow } from './identity-providers-store.ts'
import { SESSION_HOURS } from './sessions.ts'

type Deps = { db: Db; clock: Clock; ids: Ids; audit: Audit }
export type IdentityUser = { id: string; username: string }

/** Accounts as providers tell of them: made at a first sign-in, granted what the groups are. In the caller's unit of work. */
export const createIdentityAccounts = ({ db, clock, ids, audit }: Deps) => {
  const granting = createGranting({ db, ids })
  /** The rights to administer users that somebody has of a source. */
  const administering = (userId: string, source: string): Promise<GrantRequest[]> =>
    db.query<{ role: string }>(sql`
      SELECT DISTINCT g.role FROM access.grants g
      WHERE g.holder_id = ${userId} AND g.source = ${source} AND ${administers} ORDER BY g.role`)

  /** Regrants, if anything is to change; gives what had to be kept all the same. */
  const regranted = async (
    ctx: Ctx,
    { id }: IdentityUser,
    source: string,
    mapped: readonly GrantRequest[],
  ): Promise<GrantRequest[]> => {
    if (sameGrants(await granting.grantsFrom(id, source), mapped)) return []
    const could = await hasAdministrator(db)
    const rights = await administering(id, source)
    let { before, after } = await granting.regrant(id, mapped, source)
    const kept = could && !(await hasAdministrator(db)) ? rights : []
    if (kept.length > 0) after = (await granting.regrant(id, [...mapped, ...kept], source)).after
    const subject = { type: 'user', id }
    if (canonicalJson(before) !== canonicalJson(after))
      await audit.record(ctx, {
        action: 'user.groups-change',
        subject,
        before: { [`grants.${source}`]: orNone(before) },
        after: { [`grants.${source}`]: orNone(after) },
      })
    if (kept.length > 0)
      await audit.record(ctx, {
        action: 'identity.kept-administrator',
        subject,
        after: { roles: kept.map(k => k.role) },
      })
    return kept
  }

  return {
    /**
     * Makes the account of somebody unknown, without a password. `undefined` when its name is taken, or there is none.
     * Who has the verified email already is the same person with another account, and no more; of a provider whose word
     * is not trusted in this, the email is not kept.
     */
    makeUser: async (
      ctx: Ctx,
      provider: ProviderRow,
      subject: string,
      claims: Claims,
    ): Promise<IdentityUser | undefined> => {
      const username = usernameOf(claimAt(claims, provider.username_claim))
      if (username === undefined) return undefined
      const id = ids.uuid()
      const name = nameOf(claims.name, username)
      const email = provider.trusts_email ? verifiedEmailOf(claims) : null
      const made = await db.one<{ person_id: string }>(sql`
        INSERT INTO access.users (id, username, name, password_hash, email, person_id)
        VALUES (${id}, ${username}, ${name}, '', ${email}, coalesce(
          (SELECT person_id FROM access.users WHERE email = ${email} ORDER BY created_at LIMIT 1), ${id}))
        ON CONFLICT (username) DO NOTHING RETURNING person_id`)
      if (!made) return undefined
      await db.run(sql`
        INSERT INTO access.identities (provider_id, subject, user_id, created_at, confirmed_at)
        VALUES (${provider.id}, ${subject}, ${id}, ${clock.now()}, ${clock.now()})`)
      await audit.record(ctx, {
        action: 'user.create',
        subject: { type: 'user', id },
        after: {
          username,
          name,
          email,
          personId: made.person_id,
          status: 'active',
          secondFactor: false,
          grants: [],
          provider: provider.code,
          subject,
        },
      })
      return { id, username }
    },

    /**
     * Puts what the groups are granted now in the place of what they were, for as long as a sign-in may last. The right
     * to administer users stays with whoever would be the last to have it. Gives what is granted from now on.
     */
    applyGroups: async (
      ctx: Ctx,
      user: IdentityUser,
      source: string,
      mapped: readonly GrantRequest[],
    ): Promise<readonly GrantRequest[]> => {
      const kept = await regranted(ctx, user, source, mapped)
      // By the clock of the database: one for all gateways.
      await db.run(sql`
        UPDATE access.grants SET expires_at = now() + make_interval(hours => ${SESSION_HOURS})
        WHERE holder_id = ${user.id} AND source = ${source}`)
      return [...mapped, ...kept]
    },
  }
}

/** Who has no grants of a source has nothing from it. */
const orNone = (grants: readonly GrantState[]) => (grants.length > 0 ? grants : null)

const sameGrants = (had: readonly GrantState[], grants: readonly GrantRequest[]): boolean => {
  const wanted = grants.map(({ role, areaIds = null, programIds = null }) => ({ role, areaIds, programIds }))
  const form = (list: readonly GrantState[]) => canonicalJson(list.map(canonicalJson).sort())
  return form(had) === form(wanted)
}
