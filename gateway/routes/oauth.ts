import { type Access, CLIENT_KEY_ALGORITHMS, PERMISSIONS } from '#core/access/index.ts'
import { type Clock, DomainError, notFound } from '#core/kernel/index.ts'
import type { Keys } from '#core/keys/index.ts'
import { type ClientForm, createClientAuthentication, endpointOf } from '../auth/client-authentication.ts'
import type { Tokens } from '../auth/tokens.ts'
import { ok, type Routes } from './kit.ts'

type TokenForm = ClientForm & { grant_type: string; scope?: string }
type RevocationForm = ClientForm & { token: string }

const GRANT_TYPE = 'client_credentials'
const ALGORITHMS = Object.values(CLIENT_KEY_ALGORITHMS).flat()
const METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
/** How long others may go on with the keys they read: a retired key goes on verifying far longer. */
const CACHED = { 'Cache-Control': 'public, max-age=300' }

/** Access tokens of API clients: asked for, ended; and what others need to know to do so. */
export const oauthRoutes = (deps: { access: Access; clock: Clock; keys: Keys; tokens: Tokens }): Routes => {
  const { keys, tokens } = deps
  const authenticate = createClientAuthentication({ ...deps, issuer: tokens.issuer })
  return {
    createToken: async ({ ctx, body, headers }) => {
      const form = body as TokenForm
      if (form.grant_type !== GRANT_TYPE)
        throw new DomainError('invalid', `The grant type is ${GRANT_TYPE}.`, {
          rule: 'unsupported-grant-type',
        })
      const client = await authenticate(ctx, form, headers.authorization)
      return ok(await tokens.issue(client, form.scope))
    },

    revokeToken: async ({ ctx, body, headers }) => {
      const form = body as RevocationForm
      const { actor } = await authenticate(ctx, form, headers.authorization)
      await tokens.revoke({ ...ctx, actor }, form.token)
      return { status: 200 }
    },

    getAuthorizationServer: async () => ok(metadataOf(tokens.issuer)),

    getTokenKeys: async () => {
      const published = await keys.publicKeys('token')
      const set = published.map(({ kid, alg, jwk }) => ({ ...jwk, kid, alg, use: 'sig' }))
      return { ...ok({ keys: set }), headers: CACHED }
    },
  }
}

/** What an authorisation server says of itself (RFC 8414 section 2). */
const metadataOf = (issuer: string) => {
  const at = (path: string) => {
    const address = endpointOf(issuer, path)
    if (!address) throw notFound('public address of this installation (ANNONA_ISSUER)')
    return address
  }
  return {
    issuer,
    token_endpoint: at('/oauth2/token'),
    token_endpoint_auth_methods_supported: METHODS,
    token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    revocation_endpoint: at('/oauth2/revoke'),
    revocation_endpoint_auth_methods_supported: METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    jwks_uri: at('/.well-known/jwks.json'),
    service_documentation: at('/docs'),
    grant_types_supported: [GRANT_TYPE],
    response_types_supported: [],
    scopes_supported: PERMISSIONS,
  }
}
