import * as client from 'openid-client'
import type { GuardedFetch } from '#connectors/kit/index.ts'
import { type BegunSignIn, claimAt, type OidcProvider, type ReturnedSignIn } from '#core/access/index.ts'
import type { Clock } from '#core/kernel/index.ts'
import { type NotProven, notProven, providerUnavailable } from './failures.ts'

/** Who somebody is at a provider, and what it says of them. */
export type Proven = { subject: string; claims: Record<string, unknown> }
export type Oidc = ReturnType<typeof createOidc>

/** Signatures by a key that only the provider has: no `none`, and no HMAC under the secret that clients have too. */
const ALGORITHMS = new Set('RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' '))
const REMEMBERED_MS = 600_000
const REMEMBERED = 50
/** A subject is at most 255 ASCII characters (OpenID Connect Core section 2). */
const SUBJECT = /^[\x21-\x7e]{1,255}$/

/**
 * OpenID Connect as a relying party: authorization code with PKCE, state and nonce. The provider is found by discovery
 * and reached by the guarded client alone.
 */
export const createOidc = ({ fetch, clock }: { fetch: GuardedFetch; clock: Clock }) => {
  const known = new Map<string, { at: number; metadata: Promise<client.ServerMetadata> }>()

  const discover = async ({ issuer, clientId }: OidcProvider): Promise<client.ServerMetadata> => {
    const server = new URL(issuer)
    const found = await client
      .discovery(server, clientId, undefined, client.None(), {
        [client.customFetch]: (url, options) => fetch(url, options as RequestInit),
        execute: plainHttpIfGuarded(issuer),
      })
      .catch(error => {
        throw providerUnavailable(error)
      })
    const metadata: client.ServerMetadata = found.serverMetadata()
    // Also of those for which the library makes exceptions.
    if (new URL(metadata.issuer).href !== server.href) throw providerUnavailable(new Error('another issuer'))
    const { id_token_signing_alg_values_supported: algorithms = ['RS256'] } = metadata
    return { ...metadata, id_token_signing_alg_values_supported: algorithms.filter(a => ALGORITHMS.has(a)) }
  }

  /** What discovery told, for ten minutes; of a provider that was changed it is asked again. */
  const metadataOf = (provider: OidcProvider): Promise<client.ServerMetadata> => {
    const key = `${provider.id} ${provider.version}`
    const now = clock.now().getTime()
    const remembered = known.get(key)
    if (remembered && now - remembered.at < REMEMBERED_MS) return remembered.metadata
    const metadata = discover(provider)
    if (known.size >= REMEMBERED) known.clear()
    known.set(key, { at: now, metadata })
    metadata.catch(() => known.delete(key))
    return metadata
  }

  const configurationOf = async (provider: OidcProvider): Promise<client.Configuration> => {
    const metadata = await metadataOf(provider)
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const authenticate = methods.includes('client_secret_basic')
      ? client.ClientSecretBasic
      : client.ClientSecretPost
    const skew = Math.round((clock.now().getTime() - Date.now()) / 1_000)
    const config = new client.Configuration(
      metadata,
      provider.clientId,
      { [client.clockSkew]: skew },
      authenticate(provider.clientSecret),
    )
    config[client.customFetch] = (url, options) => fetch(url, options as RequestInit)
    for (const extension of plainHttpIfGuarded(provider.issuer)) extension(config)
    client.enableNonRepudiationChecks(config)
    return config
  }

  return {
    /** Where the browser is sent to sign in. Throws `unavailable`. */
    authorizationUrl: async (
      provider: OidcProvider,
      redirectUri: string,
      begun: BegunSignIn,
    ): Promise<string> => {
      const config = await configurationOf(provider)
      try {
        return client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: ['openid', ...provider.scopes.filter(s => s !== 'openid')].join(' '),
          state: begun.state,
          nonce: begun.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
          code_challenge_method: 'S256',
        }).href
      } catch (error) {
        throw providerUnavailable(error)
      }
    },

    /**
     * Who came back: state and issuer of the answer (RFC 9207), the code with its verifier, and of the ID token issuer,
     * audience, time, nonce and signature are checked. What the ID token leaves out is asked of the user info.
     * Throws `unavailable`.
     */
    prove: async (
      provider: OidcProvider,
      redirectUri: string,
      answer: Record<string, string>,
      { nonce, verifier }: ReturnedSignIn,
    ): Promise<Proven | NotProven> => {
      const config = await configurationOf(provider)
      const url = new URL(redirectUri)
      url.search = new URLSearchParams(answer).toString()
      try {
        const tokens = await client.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: verifier,
          expectedState: answer.state!,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()!
        if (!SUBJECT.test(claims.sub)) return { refused: 'identity-not-proven', detail: 'subject' }
        const tells = (path: string) => claimAt(claims, path) !== undefined
        const isWhole = tells(provider.groupClaim) && tells(provider.usernameClaim)
        if (isWhole || !config.serverMetadata().userinfo_endpoint) return { subject: claims.sub, claims }
        const more = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        return { subject: claims.sub, claims: { ...more, ...claims } }
      } catch (error) {
        return notProven(error)
      }
    },
  }
}

/** Plain http reaches no further than the guarded client lets it: to what the installation allows. */
const plainHttpIfGuarded = (issuer: string) =>
  issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
