import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

export const CLIENT_ID = 'annona'
export const CLIENT_SECRET = 'a-secret-that-the-provider-gave-to-annona'
const KID = 'signing'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** An independent OpenID provider (oidc-provider) over real HTTP, its sign-in form filled in by the test. */
export type TestProvider = {
  issuer: string
  /** Its `host:port`, for the allow-list. */
  place: string
  /** Who there is, by subject, with their claims. */
  accounts: Map<string, Record<string, unknown>>
  /** Who signs in next; nobody declines. */
  signsIn: string | undefined
  /** Answers of the test's own in the place of the provider's, by path. */
  instead: Map<string, Answer>
  /** Requests that came, by path. */
  asked: Map<string, number>
  /** The key it signs with. */
  key: CryptoKey
  close(): Promise<void>
}

/** An answer in JSON. */
export const json =
  (body: unknown, status = 200): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))

/** An ID token as the test wants it; signed as the provider does unless said otherwise. */
export const idToken = (
  { issuer, key }: Pick<TestProvider, 'issuer' | 'key'>,
  claims: JWTPayload,
  { alg = 'RS256', with: signer = key as CryptoKey | Uint8Array, header = {} } = {},
): Promise<string> =>
  new SignJWT({ iss: issuer, aud: CLIENT_ID, ...claims })
    .setProtectedHeader({ alg, kid: KID, ...header })
    .setIssuedAt()
    .setExpirationTime(claims.exp ?? '5m')
    .sign(signer)

/** Starts one that knows a client with this redirect URI. */
export const startOidcProvider = async (redirectUri: string): Promise<TestProvider> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `http://${place}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: KID, alg: 'RS256', use: 'sig' }
  const test: TestProvider = {
    issuer,
    place,
    accounts: new Map(),
    signsIn: undefined,
    instead: new Map(),
    asked: new Map(),
    key: privateKey,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  const provider = providerOf(test, jwk, redirectUri)
  const answer = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url!.split('?')[0]!
    test.asked.set(path, (test.asked.get(path) ?? 0) + 1)
    const own = test.instead.get(path)
    if (own) own(request, response)
    else if (path.startsWith('/interaction/')) void fillIn(provider, test, request, response)
    else void answer(request, response)
  })
  return test
}

const providerOf = (test: TestProvider, jwk: object, redirectUri: string): Provider =>
  new Provider(test.issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [jwk as { kty: string }] },
    cookies: { keys: ['for the tests'] },
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['realm_access'],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => Promise.resolve({ sub, ...test.accounts.get(sub) }),
    }),
    // Everything that is asked for is agreed to.
    loadExistingGrant: async ctx => {
      const grant = new ctx.oidc.provider.Grant({
        accountId: ctx.oidc.session!.accountId!,
        clientId: ctx.oidc.client!.clientId,
      })
      grant.addOIDCScope('openid profile email groups')
      await grant.save()
      return grant
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Grant: 60, Interaction: 60, Session: 60 },
  })

const fillIn = (
  provider: Provider,
  { signsIn }: TestProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> =>
  provider.interactionFinished(
    request,
    response,
    signsIn === undefined
      ? { error: 'access_denied', error_description: '<script>alert(1)</script>' }
      : { login: { accountId: signsIn, remember: false } },
  )
