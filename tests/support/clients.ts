import { constants, createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { systemCtx } from '#core/kernel/index.ts'
import type { CallResult, TestGateway } from './gateway.ts'

/** A key pair of a client, as it is registered and as it signs. */
export type TestKey = { kid: string; alg: string; jwk: Record<string, unknown>; privateKey: KeyObject }
export type TestClient = { clientId: string; secret: string }

const PAIRS: Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

/** The algorithms that clients may sign with. */
export const ALGORITHMS = Object.keys(PAIRS)

export const keyFor = (alg: string, kid = `key-${alg}`): TestKey => {
  const { publicKey, privateKey } = PAIRS[alg]!()
  return { kid, alg, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg }, privateKey }
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signs any header and payload, the way an algorithm does whatever the header says. */
export const signed = (header: object, payload: object, { alg, privateKey }: TestKey): string => {
  const input = `${encode(header)}.${encode(payload)}`
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const options = alg.startsWith('ES') ? { dsaEncoding: 'ieee-p1363' as const } : alg === 'PS256' ? pss : {}
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`
  return `${input}.${sign(hash, Buffer.from(input), { key: privateKey, ...options }).toString('base64url')}`
}

/** The same with a secret instead of a key. */
export const hmac = (header: object, payload: object, secret: string | Buffer): string => {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

export const now = () => Math.floor(Date.now() / 1000)

/** What a right assertion says. */
export const claimsOf = (clientId: string): Record<string, unknown> => ({
  iss: clientId,
  sub: clientId,
  aud: 'https://annona.test',
  iat: now(),
  exp: now() + 120,
  jti: randomUUID(),
})

/** A right assertion but for what is changed. */
export const assertionOf = (
  clientId: string,
  key: TestKey,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): string => signed({ alg: key.alg, kid: key.kid, ...header }, { ...claimsOf(clientId), ...claims }, key)

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

type Caller = Pick<TestGateway, 'call'>
type Form = Record<string, string>

/** A form to the address of a gateway. */
export const post = (g: Caller, path: string, form: Form, headers: Form = {}): Promise<CallResult> =>
  g.call('POST', path, { raw: new URLSearchParams(form), headers })

export const askBySecret = (g: Caller, { clientId, secret }: TestClient, more: Form = {}) =>
  post(g, '/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    ...more,
  })

export const askByAssertion = (g: Caller, assertion: string, more: Form = {}) =>
  post(g, '/oauth2/token', {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
    ...more,
  })

let made = 0
/** A client with these roles, and with keys when given. */
export const clientWith = async (
  { services }: TestGateway,
  roles: readonly string[],
  keys: readonly TestKey[] = [],
): Promise<TestClient> => {
  const ctx = systemCtx('test', 'test')
  const clientId = `system-${++made}`
  const grants = roles.map(role => ({ role }))
  const { clientSecret } = await services.access.createClient(ctx, { clientId, name: clientId, grants })
  await services.access.replaceClientKeys(
    ctx,
    clientId,
    keys.map(k => k.jwk as never),
  )
  return { clientId, secret: clientSecret }
}
