import type {
  Access,
  ClientFilter,
  ClientUpdate,
  ClientView,
  GivenKey,
  NewClient,
} from '#core/access/index.ts'
import type { Areas } from '#core/areas/index.ts'
import { endpointOf } from '../auth/client-authentication.ts'
import type { Config } from '../config.ts'
import { type ByCode, scoping } from './grants.ts'
import { created, expectedVersion, ok, page, paging, type Reply, type Routes } from './kit.ts'

/** API clients, and what they prove themselves with. */
export const clientRoutes = (deps: { access: Access; areas: Areas; config: Config }): Routes => {
  const { access, config } = deps
  const withScopes = scoping(deps)
  const shown = (view: ClientView) => {
    const isUseless = view.keys.length > 0 && endpointOf(config.issuer, '/oauth2/token') === undefined
    return { ...view, warnings: isUseless ? [NO_ISSUER] : [] }
  }
  const client = (view: ClientView): Reply => ok(shown(view), view.version)
  return {
    listClients: async ({ ctx, query }) =>
      page(await access.listClients(ctx, query as ClientFilter, paging(query)), shown),

    createClient: async ({ ctx, body }) => {
      const client = await access.createClient(ctx, await withScopes(body as ByCode<NewClient>))
      return created(`/api/v1/clients/${client.clientId}`, client)
    },

    getClient: async ({ ctx, params }) => client(await access.getClient(ctx, params.clientId!)),

    updateClient: async call => {
      const { ctx, params, body } = call
      return client(
        await access.updateClient(ctx, params.clientId!, body as ClientUpdate, expectedVersion(call)),
      )
    },

    replaceClientGrants: async call => {
      const { ctx, params, body } = call
      const { grants } = await withScopes(body as ByCode<object>)
      return client(await access.replaceClientGrants(ctx, params.clientId!, grants, expectedVersion(call)))
    },

    replaceClientKeys: async call => {
      const { ctx, params, body } = call
      const { keys } = body as { keys: GivenKey[] }
      return client(await access.replaceClientKeys(ctx, params.clientId!, keys, expectedVersion(call)))
    },

    rotateClientSecret: async ({ ctx, params, body }) => {
      const { graceHours = 24 } = body as { graceHours?: number }
      const made = await access.rotateSecret(ctx, params.clientId!, graceHours)
      return created(`/api/v1/clients/${params.clientId}/secrets/${made.id}`, made)
    },

    removeClientSecret: async ({ ctx, params }) =>
      client(await access.removeSecret(ctx, params.clientId!, params.secret!)),

    revokeClientTokens: async ({ ctx, params }) =>
      client(await access.revokeClientTokens(ctx, params.clientId!)),

    disableClient: async ({ ctx, params }) => client(await access.disableClient(ctx, params.clientId!)),

    enableClient: async ({ ctx, params }) => client(await access.enableClient(ctx, params.clientId!)),
  }
}

const NO_ISSUER = {
  rule: 'no-issuer',
  detail: 'No assertion is taken as long as ANNONA_ISSUER is not the public address of this installation.',
}
