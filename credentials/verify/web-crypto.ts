import type { Alg } from './cose.ts'
import type { IssuerKey } from './qr.ts'

type KeyParams = { name: 'ECDSA'; namedCurve: 'P-256' } | { name: 'Ed25519' }
type SignParams = { name: 'ECDSA'; hash: 'SHA-256' } | { name: 'Ed25519' }

const IMPORT: Record<Alg, KeyParams> = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
}
const VERIFY: Record<Alg, SignParams> = {
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}

/** An issuer's public JWK as a WebCrypto key. Rejects when the JWK is not a public key for `alg`. */
export const importIssuerKey = async (jwk: JsonWebKey, alg: Alg): Promise<IssuerKey<CryptoKey>> => ({
  alg,
  key: await crypto.subtle.importKey('jwk', jwk, IMPORT[alg], false, ['verify']),
})

/** The signature check of `verifyQr` by WebCrypto, for browsers. */
export const verifyWithWebCrypto = (
  { alg, key }: IssuerKey<CryptoKey>,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> =>
  crypto.subtle.verify(VERIFY[alg], key, new Uint8Array(signature), new Uint8Array(bytes))
