import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { invalidField } from '../kernel/index.ts'

/** How clients may sign, each with its names in JWTs: RFC 9864 calls EdDSA with its usual curve Ed25519. */
export const CLIENT_KEY_ALGORITHMS = {
  ES256: ['ES256'],
  ES384: ['ES384'],
  PS256: ['PS256'],
  RS256: ['RS256'],
  EdDSA: ['EdDSA', 'Ed25519'],
}
export type ClientKeyAlg = keyof typeof CLIENT_KEY_ALGORITHMS

/** A public key of a client. The key says how it signs; nothing that is signed with it does. */
export type ClientKey = { kid: string; alg: ClientKeyAlg; jwk: JsonWebKey }
/** A JSON Web Key as a client registers it (RFC 7517). */
export type GivenKey = JsonWebKey & { kid: string; alg?: string; use?: string; key_ops?: string[] }

const MAX_KEYS = 5
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const RSA = ['PS256', 'RS256'] as const
const MIN_RSA_BITS = 2_048
/** Larger ones cost more to verify than to send. */
const MAX_RSA_BITS = 8_192
/** The exponent that everybody uses; with 1 anything verifies. */
const RSA_EXPONENT = 65_537n

/** How a key of a curve signs, by its `crv`. */
const OF_CURVE: Record<string, ClientKeyAlg> = { 'P-256': 'ES256', 'P-384': 'ES384', Ed25519: 'EdDSA' }

/**
 * Reads the keys of a JWK Set: public, of a kind that is accepted, and each with a `kid` of its own. Keeps of each
 * only what verifying needs. Throws `invalid` with a pointer to the key.
 */
export const readClientKeys = (given: readonly GivenKey[]): ClientKey[] => {
  if (given.length > MAX_KEYS)
    throw invalidField('/keys', 'maxItems', `A client has at most ${MAX_KEYS} keys.`)
  return given.map((jwk, i) => {
    const refuse = (field: string, code: string, detail: string) =>
      invalidField(`/keys/${i}${field}`, code, detail)
    const secret = PRIVATE.find(member => jwk[member] !== undefined)
    if (secret)
      throw refuse(`/${secret}`, 'private', 'This is a private key. Replace it, and send the public one.')
    if (given.findIndex(other => other.kid === jwk.kid) !== i)
      throw refuse('/kid', 'duplicate', 'Every key has a kid of its own.')
    if ((jwk.use ?? 'sig') !== 'sig' || !(jwk.key_ops ?? ['verify']).includes('verify'))
      throw refuse('', 'use', 'The key is not one to verify signatures with.')
    const key = publicKeyOf(jwk)
    if (!key) throw refuse('', 'key', 'This is not a public key: EC P-256 or P-384, Ed25519 or RSA.')
    const alg = algOf(jwk, key)
    if (!alg)
      throw refuse(
        '/alg',
        'alg',
        `The key is for ${Object.keys(CLIENT_KEY_ALGORITHMS).join(', ')}; one of RSA says PS256 or RS256, and has ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits.`,
      )
    return { kid: jwk.kid, alg, jwk: key.export({ format: 'jwk' }) }
  })
}

const publicKeyOf = (jwk: GivenKey): KeyObject | undefined => {
  if (!['EC', 'OKP', 'RSA'].includes(jwk.kty ?? '')) return undefined
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}

const algOf = (jwk: GivenKey, key: KeyObject): ClientKeyAlg | undefined => {
  if (jwk.kty === 'RSA') {
    const { modulusLength: bits = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
    const isSound = bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && publicExponent === RSA_EXPONENT
    return isSound ? RSA.find(alg => alg === jwk.alg) : undefined
  }
  const alg = OF_CURVE[jwk.crv ?? '']
  if (!alg || jwk.alg === undefined) return alg
  return CLIENT_KEY_ALGORITHMS[alg].includes(jwk.alg) ? alg : undefined
}
