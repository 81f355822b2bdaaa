import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { sha256 } from '#core/kernel/index.ts'
import type { Signer } from '#core/ports/signer.ts'
import { type Cbor, encodeCbor, type IssuerKey, MAX_KID_BYTES } from './verify/index.ts'

const bytesOf = (base64url: string | undefined) => Buffer.from(base64url ?? '', 'base64url')

/** The key identifier of a P-256 public key: the first 4 bytes of its COSE key thumbprint (RFC 9679, SHA-256). */
export const kidOf = (publicKey: KeyObject): Uint8Array => {
  const { x, y } = publicKey.export({ format: 'jwk' })
  const coseKey = new Map<number, Cbor>([
    [1, 2], // kty: EC2
    [-1, 1], // crv: P-256
    [-2, bytesOf(x)],
    [-3, bytesOf(y)],
  ])
  return new Uint8Array(sha256(encodeCbor(coseKey)).subarray(0, MAX_KID_BYTES))
}

/** A fresh P-256 key pair and the identifier to publish it under. */
export const generateEs256Key = (): { privateKey: KeyObject; publicKey: KeyObject; kid: Uint8Array } => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...pair, kid: kidOf(pair.publicKey) }
}

/** Signs with a P-256 private key in this process. */
export const es256Signer = (privateKey: KeyObject, kid: Uint8Array): Signer => {
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
  return { kid, alg: 'ES256', sign: bytes => sign('sha256', bytes, key) }
}

/** The signature check of `verifyQr` by node:crypto, twice as fast in Node as WebCrypto's. */
export const verifyWithNode = (
  { alg, key }: IssuerKey<KeyObject>,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean =>
  alg === 'ES256'
    ? verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
    : verify(null, bytes, key, signature)
