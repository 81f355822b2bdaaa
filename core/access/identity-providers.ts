import sql from 'sql-template-tag'
import { type Audit, insertEntries } from '../audit/index.ts'
import { type Db, violated } from '../db/index.ts'
import {
  type Clock,
  type Ctx,
  canonicalJson,
  changesOf,
  conflict,
  type Ids,
  type Issue,
  invalid,
  notFound,
  requireVersion,
} from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { alone, keepingAdministrator } from './administration.ts'
import { readHolders } from './holders.ts'
import { sourceOf, takeGroupGrants } from './identities-grants.ts'
import type { Mapping } from './identity-providers-rules.ts'
import {
  type MappingView,
  mappingsOf,
  type ProviderRow,
  providersWhere,
  secretBoundTo,
  shownMappings,
  writeMappings,
} from './identity-providers-store.ts'
import type { Persons } from './persons.ts'
import { requireEverywhere } from './scope.ts'

/** What can be changed of a provider. Of the secret nothing is ever shown. */
export type ProviderSettings = {
  name: string
  clientId: string
  scopes: readonly string[]
  /** What a new account is named after; path of a claim. */
  usernameClaim: string
  /** Where the groups are; path of a claim. */
  groupClaim: string
  mappings: readonly Mapping[]
  /** Whether somebody unknown gets an account at their first sign-in. */
  makesAccounts: boolean
  /** Whether an email that it calls verified tells whose person a new account is. */
  trustsEmail: boolean
}
export type NewProvider = ProviderSettings & { code: string; issuer: string; clientSecret: string }
/** Without a secret the one there is stays. */
export type ProviderChange = ProviderSettings & { state: ProviderRow['state']; clientSecret?: string }
export type ProviderView = Omit<ProviderSettings, 'mappings'> & {
  code: string
  issuer: string
  mappings: MappingView[]
  state: ProviderRow['state']
  version: number
}

type Deps = { db: Db; clock: Clock; ids: Ids; audit: Audit; keys: Keys; persons: Persons }

/** The providers of single sign-on: made, changed and switched off by administrators. */
export const createIdentityProviders = ({ db, clock, ids, audit, keys, persons }: Deps) => {
  const locked = async (code: string): Promise<ProviderRow> => {
    const [row] = await providersWhere(db, sql`p.code = ${code} FOR UPDATE`)
    if (!row) throw notFound('identity provider')
    return row
  }
  const view = async (row: ProviderRow): Promise<ProviderView> => ({
    code: row.code,
    name: row.name,
    issuer: row.issuer,
    clientId: row.client_id,
    scopes: row.scopes,
    usernameClaim: row.username_claim,
    groupClaim: row.group_claim,
    mappings: await shownMappings(db, row.id),
    makesAccounts: row.makes_accounts,
    trustsEmail: row.trusts_email,
    state: row.state,
    version: row.version,
  })
  /** Refuses those whom the provider signs in: what its groups are granted they would grant themselves. */
  const requireOthers = async (ctx: Ctx, { id }: ProviderRow) => {
    const own = sql`u.id = ANY(${[...(await persons.own(ctx))]}::uuid[])`
    const known = await db.one<{ person_id: string }>(sql`
      SELECT u.person_id FROM access.identities i JOIN access.users u ON u.id = i.user_id
      WHERE i.provider_id = ${id} AND ${own} LIMIT 1`)
    if (known) await persons.requireOther(ctx, known.person_id)
  }
  const sealed = (id: string, secret: string) => keys.seal(Buffer.from(secret), secretBoundTo(id))

  return {
    createIdentityProvider: async (ctx: Ctx, input: NewProvider): Promise<ProviderView> => {
      requireEverywhere(ctx, 'identity-provider:write')
      requireIssuer(input.issuer)
      const id = ids.uuid()
      const create = async () => {
        await requireRoles(db, input.mappings)
        await db.run(sql`
          INSERT INTO access.identity_providers (id, code, name, issuer, client_id, secret_sealed, scopes,
                                                 username_claim, group_claim, makes_accounts, trusts_email, state,
                                                 created_at)
          VALUES (${id}, ${input.code}, ${input.name}, ${input.issuer}, ${input.clientId},
                  ${sealed(id, input.clientSecret)}, ${[...input.scopes]}, ${input.usernameClaim},
                  ${input.groupClaim}, ${input.makesAccounts}, ${input.trustsEmail}, 'active', ${clock.now()})`)
        await writeMappings(db, id, input.mappings)
        const made = await view(await locked(input.code))
        await audit.record(ctx, {
          action: 'identity-provider.create',
          subject: { type: 'identity-provider', id },
          after: made,
        })
        return made
      }
      return db.transaction(create).catch(error => {
        if (violated(error) !== 'identity_providers_code') throw error
        throw conflict(`There is an identity provider ${input.code} already.`, 'code-taken')
      })
    },

    /**
     * Changes a provider. Its issuer stays: subjects are known by it. What a mapping gave that is there no more is taken
     * away at once; who has it by another mapping gets it again when they sign in. Switching a provider off ends the
     * sign-ins that came by it, and takes away all that its groups were granted. Throws `precondition_failed` when
     * `version` is given and the provider has another, `rule_violated`: `own-grants` to whoever signs in by it,
     * `last-administrator`.
     */
    updateIdentityProvider: async (
      ctx: Ctx,
      code: string,
      input: ProviderChange,
      version?: number,
    ): Promise<ProviderView> => {
      requireEverywhere(ctx, 'identity-provider:write')
      const work = async () => {
        await requireRoles(db, input.mappings)
        const row = await locked(code)
        requireVersion('provider', row.version, version, 'version-differs')
        await requireOthers(ctx, row)
        const before = await view(row)
        await db.run(sql`
          UPDATE access.identity_providers
          SET name = ${input.name}, client_id = ${input.clientId}, scopes = ${[...input.scopes]},
              username_claim = ${input.usernameClaim}, group_claim = ${input.groupClaim},
              makes_accounts = ${input.makesAccounts}, trusts_email = ${input.trustsEmail}, state = ${input.state}, version = version + 1,
              secret_sealed = ${input.clientSecret === undefined ? row.secret_sealed : sealed(row.id, input.clientSecret)}
          WHERE id = ${row.id}`)
        const had = await mappingsOf(db, row.id)
        await writeMappings(db, row.id, input.mappings)
        const after = await view(await locked(code))
        const changes = changesOf(before, after)
        await audit.record(ctx, {
          action: 'identity-provider.update',
          subject: { type: 'identity-provider', id: row.id },
          before: changes.before,
          after: {
            ...changes.after,
            ...(input.clientSecret === undefined ? {} : { clientSecret: 'replaced' }),
          },
        })
        await takeLost(db, ctx, code, had, input.mappings)
        if (before.state === 'active' && after.state === 'disabled') await leave(db, ctx, code)
        return after
      }
      return db.transaction(() => keepingAdministrator(db, work))
    },

    getIdentityProvider: async (ctx: Ctx, code: string): Promise<ProviderView> => {
      requireEverywhere(ctx, 'identity-provider:read')
      const [row] = await providersWhere(db, sql`p.code = ${code}`)
      if (!row) throw notFound('identity provider')
      return view(row)
    },

    listIdentityProviders: async (ctx: Ctx): Promise<ProviderView[]> => {
      requireEverywhere(ctx, 'identity-provider:read')
      const rows = await providersWhere(db, sql`true ORDER BY p.code LIMIT 200`)
      return Promise.all(rows.map(view))
    },
  }
}

/** An issuer is an https address without query and fragment (OpenID Connect Core section 2); http is for intranets. */
const requireIssuer = (issuer: string): void => {
  const url = URL.parse(issuer)
  const isWell =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !/[?#\s]/.test(issuer)
  if (!isWell)
    throw invalid([
      {
        pointer: '/issuer',
        code: 'issuer',
        detail: 'An issuer is an https address without query and fragment.',
      },
    ])
}

/** Refuses roles that do not exist. They go on existing until the unit of work ends. */
const requireRoles = async (db: Db, mappings: readonly Mapping[]): Promise<void> => {
  await alone(db)
  const unknown = await readHolders(db).unknownRoles(mappings.map(m => m.role))
  const issues = mappings.flatMap(({ role }, i): Issue[] =>
    unknown.includes(role)
      ? [{ pointer: `/mappings/${i}/role`, code: 'role', detail: `There is no role ${role}.` }]
      : [],
  )
  if (issues.length > 0) throw invalid(issues, issues[0]!.detail)
}

/** Takes away what mappings gave that are there no more. */
const takeLost = async (
  db: Db,
  ctx: Ctx,
  code: string,
  had: readonly Mapping[],
  has: readonly Mapping[],
): Promise<void> => {
  const stays = new Set(has.map(canonicalJson))
  const lost = had
    .filter(m => !stays.has(canonicalJson(m)))
    .map(({ role, areaIds = null, programIds = null }) => ({ role, areaIds, programIds }))
  const which = sql`
    jsonb_build_object('role', g.role, 'areaIds', g.area_ids, 'programIds', g.program_ids)
      IN (SELECT jsonb_array_elements(${JSON.stringify(lost)}::jsonb))`
  if (lost.length > 0) await takeGroupGrants(db, ctx, sourceOf(code), which)
}

/** Takes away what a provider brought about that lasts: grants of its groups, and sign-ins by it. */
const leave = async (db: Db, ctx: Ctx, code: string): Promise<void> => {
  const by = sourceOf(code)
  await takeGroupGrants(db, ctx, by, sql`true`)
  const live = sql`how = ${by} AND ended_at IS NULL`
  await db.run(
    insertEntries(ctx, 'session.end', 'user', sql`SELECT user_id AS id FROM access.sessions WHERE ${live}`),
  )
  await db.run(sql`UPDATE access.sessions SET ended_at = now() WHERE ${live}`)
}
