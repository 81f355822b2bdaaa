import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, canonicalJson, type Ids } from '../kernel/index.ts'
import { createGranting, type GrantRequest, type GrantState } from './grants.ts'
import { type Claims, claimAt, nameOf, usernameOf, verifiedEmailOf } from './identity-providers-rules.ts'
import type { ProviderRow } from './identity-providers-store.ts'
import { NOBODY } from './passwords.ts'

type Deps = { db: Db; clock: Clock; ids: Ids; audit: Audit }
export type IdentityUser = { id: string; username: string }

/** Accounts as providers tell of them: made at a first sign-in, granted what the groups are. In the caller's unit of work. */
export const createIdentityAccounts = ({ db, clock, ids, audit }: Deps) => {
  const granting = createGranting({ db, ids })
  return {
    /**
     * Makes the account of somebody unknown; nobody has a password for it. `undefined` when its name is taken, or
     * there is none. Who has the verified email already is the same person with another account, and no more.
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
      const email = verifiedEmailOf(claims)
      const made = await db.one<{ person_id: string }>(sql`
        INSERT INTO access.users (id, username, name, password_hash, email, person_id)
        VALUES (${id}, ${username}, ${name}, ${NOBODY}, ${email}, coalesce(
          (SELECT person_id FROM access.users WHERE email = ${email} ORDER BY created_at LIMIT 1), ${id}))
        ON CONFLICT (username) DO NOTHING RETURNING person_id`)
      if (!made) return undefined
      await db.run(sql`
        INSERT INTO access.identities (provider_id, subject, user_id, created_at)
        VALUES (${provider.id}, ${subject}, ${id}, ${clock.now()})`)
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

    /** Puts what the groups are granted now in the place of what they were. */
    applyGroups: async (
      ctx: Ctx,
      user: IdentityUser,
      source: string,
      grants: readonly GrantRequest[],
    ): Promise<void> => {
      if (sameGrants(await granting.grantsFrom(user.id, source), grants)) return
      const { before, after } = await granting.regrant(user.id, grants, source)
      await audit.record(ctx, {
        action: 'user.groups-change',
        subject: { type: 'user', id: user.id },
        before: { [`grants.${source}`]: orNone(before) },
        after: { [`grants.${source}`]: orNone(after) },
      })
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
