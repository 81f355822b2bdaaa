import type {
  Access,
  NewProvider,
  ProviderChange,
  ProviderSettings,
  ProviderView,
} from '#core/access/index.ts'
import type { Areas } from '#core/areas/index.ts'
import { DomainError, invalid } from '#core/kernel/index.ts'
import type { Config } from '../config.ts'
import { scoping } from './grants.ts'
import { type Call, created, expectedVersion, noContent, ok, type Routes } from './kit.ts'
import { redirectUris } from './single-sign-on.ts'

const DEFAULTS = {
  scopes: ['profile', 'email'],
  usernameClaim: 'preferred_username',
  makesAccounts: false,
  trustsEmail: false,
}

type MappingByCode = { group: string; role: string; areas?: string[]; programs?: string[] }

/** Providers of single sign-on, and who is whom at them. */
export const identityProviderRoutes = (deps: { access: Access; areas: Areas; config: Config }): Routes => {
  const { access, config } = deps
  const withScopes = scoping(deps)
  const redirectUriOf = redirectUris(config)

  /** A body with ids in the place of codes. Throws `invalid` with pointers into `mappings`. */
  const read = async <T extends ProviderSettings>(body: unknown): Promise<T> => {
    const input = body as Omit<T, 'mappings'> & { mappings: MappingByCode[] }
    const { grants } = await withScopes({ grants: input.mappings }).catch(inMappings)
    const mappings = grants.map((g, i) => ({ ...g, group: input.mappings[i]!.group }))
    return { ...input, mappings } as unknown as T
  }
  const present = (view: ProviderView) => ({
    ...view,
    ...(config.issuer ? { redirectUri: redirectUriOf(view.code) } : {}),
  })

  return {
    listIdentityProviders: async ({ ctx }) =>
      ok({ items: (await access.listIdentityProviders(ctx)).map(present) }),
    getIdentityProvider: async ({ ctx, params }) => {
      const found = await access.getIdentityProvider(ctx, params.provider!)
      return ok(present(found), found.version)
    },
    createIdentityProvider: async ({ ctx, body }) => {
      const input = await read<NewProvider>({ ...DEFAULTS, ...(body as object) })
      const made = await access.createIdentityProvider(ctx, input)
      return created(`/api/v1/identity-providers/${made.code}`, present(made), made.version)
    },
    updateIdentityProvider: async (call: Call) => {
      const change = await read<ProviderChange>(call.body)
      const code = call.params.provider!
      const changed = await access.updateIdentityProvider(call.ctx, code, change, expectedVersion(call))
      return ok(present(changed), changed.version)
    },

    listIdentities: async ({ ctx, params }) =>
      ok({ items: await access.listIdentities(ctx, params.username!) }),
    linkIdentity: async ({ ctx, params, body }) => {
      const identity = await access.linkIdentity(
        ctx,
        params.username!,
        body as { provider: string; subject: string },
      )
      return created(`/api/v1/users/${params.username!}/identities`, identity)
    },
    unlinkIdentity: async ({ ctx, params }) => {
      await access.unlinkIdentity(ctx, params.username!, params.provider!)
      return noContent
    },

    listOwnIdentities: async ({ ctx }) => ok({ items: await access.listOwnIdentities(ctx) }),
    confirmIdentity: async ({ ctx, params }) => ok(await access.confirmIdentity(ctx, params.provider!)),
    declineIdentity: async ({ ctx, params }) => {
      await access.declineIdentity(ctx, params.provider!)
      return noContent
    },
  }
}

const inMappings = (error: unknown): never => {
  if (!(error instanceof DomainError) || error.issues.length === 0) throw error
  throw invalid(
    error.issues.map(i => ({ ...i, pointer: i.pointer.replace(/^\/grants/, '/mappings') })),
    error.message,
  )
}
