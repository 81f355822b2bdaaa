import type { Access, GrantRequest, NewClient, NewUser } from '#core/access/index.ts'
import type { Areas } from '#core/areas/index.ts'
import { invalidField } from '#core/kernel/index.ts'
import type { Tokens } from '../auth/tokens.ts'
import { created, noContent, ok, type Routes } from './kit.ts'

type Credentials = { username: string; password: string }
type TokenRequest = { grant_type: string; client_id?: string; client_secret?: string }

type Deps = { access: Access; areas: Areas; tokens: Tokens }

export const accessRoutes = (deps: Deps): Routes => {
  const { access, tokens } = deps
  const withScopes = scoping(deps)
  return {
    createToken: async ({ ctx, body, headers }) => {
      const { id, secret } = clientOf(body as TokenRequest, headers.authorization)
      const actor = await access.authenticateClient(ctx, id, secret)
      return ok(await tokens.issue(actor))
    },

    createSession: async ({ ctx, body }) => {
      const { username, password } = body as Credentials
      const { token, expiresAt } = await access.signIn(ctx, username, password)
      return { ...created('/api/v1/sessions/current', { token, expiresAt }) }
    },

    getCurrentSession: async ({ ctx }) =>
      ok({
        name: ctx.actor.name,
        kind: ctx.actor.kind,
        permissions: [...new Set(ctx.actor.grants.flatMap(g => [...g.permissions]))].sort(),
      }),

    deleteCurrentSession: async ({ ctx, headers }) => {
      await access.signOut(ctx, headers.authorization!.replace(/^Bearer /i, ''))
      return noContent
    },

    listUsers: async ({ ctx }) => ok({ items: await access.listUsers(ctx) }),

    createUser: async ({ ctx, body }) => {
      const user = await access.createUser(ctx, await withScopes(body as ByCode<NewUser>))
      return created(`/api/v1/users/${user.username}`, user)
    },

    disableUser: async ({ ctx, params }) => ok(await access.disableUser(ctx, params.username!)),

    createClient: async ({ ctx, body }) => {
      const client = await access.createClient(ctx, await withScopes(body as ByCode<NewClient>))
      return created(`/api/v1/clients/${client.clientId}`, client)
    },
  }
}

/** An account whose grants name areas and programs by their codes, as the API does. */
type ByCode<T> = Omit<T, 'grants'> & { grants: { role: string; areas?: string[]; programs?: string[] }[] }

const scoping =
  ({ access, areas }: Deps) =>
  async <T>(account: ByCode<T>): Promise<Omit<T, 'grants'> & { grants: GrantRequest[] }> => {
    const areaIds = await areas.idsOf(account.grants.flatMap(g => g.areas ?? []))
    const programIds = await access.programIdsOf(account.grants.flatMap(g => g.programs ?? []))
    const grants = account.grants.map(({ role, areas: areaCodes, programs }, i) => ({
      role,
      ...(areaCodes ? { areaIds: idsFor(areaCodes, areaIds, `/grants/${i}/areas`, 'area') } : {}),
      ...(programs ? { programIds: idsFor(programs, programIds, `/grants/${i}/programs`, 'program') } : {}),
    }))
    return { ...account, grants }
  }

const idsFor = (codes: string[], ids: Map<string, string>, pointer: string, what: string): string[] =>
  codes.map(code => {
    const id = ids.get(code)
    if (!id) throw invalidField(pointer, what, `There is no ${what} ${code}.`)
    return id
  })

/** Client credentials from the form or from HTTP Basic (RFC 6749 section 2.3.1). */
const clientOf = (form: TokenRequest, authorization: string | undefined): { id: string; secret: string } => {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,1000})$/i.exec(authorization ?? '')?.[1]
  if (basic) {
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 2).map(formDecode)
    return { id, secret }
  }
  if (!form.client_id || !form.client_secret)
    throw invalidField(
      '/client_id',
      'required',
      'Send client_id and client_secret in the form or as HTTP Basic.',
    )
  return { id: form.client_id, secret: form.client_secret }
}

const formDecode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
