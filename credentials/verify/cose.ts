/*
 * COSE_Sign1 (RFC 9052 section 4.2), the narrow form of our QR credentials: tag 18, a protected header with
 * exactly the algorithm and the key identifier, nothing unprotected (it would not be signed), the payload
 * attached, 64 bytes of signature.
 */

import { type Cbor, type CborMap, decodeCbor, encodeCbor } from './cbor.ts'
import { Malformed } from './malformed.ts'

export type Alg = 'ES256' | 'EdDSA'

const TAG = 18
const HEADER = { alg: 1, kid: 4 }
const ALG_NUMBER: Record<Alg, number> = { ES256: -7, EdDSA: -8 }
const ALG_NAME = new Map<Cbor | undefined, Alg>([
  [-7, 'ES256'],
  [-8, 'EdDSA'],
])

/** Longest key identifier, in bytes, and the length of both algorithms' signatures. */
export const MAX_KID_BYTES = 4
export const SIGNATURE_BYTES = 64

export type Sign1 = {
  alg: Alg
  kid: Uint8Array
  payload: Uint8Array
  signature: Uint8Array
  signed: Uint8Array
}

/** The bytes that are signed: RFC 9052's Sig_structure with context "Signature1" and no external data. */
const toBeSigned = (header: Uint8Array, payload: Uint8Array) =>
  encodeCbor(['Signature1', header, new Uint8Array(), payload])

/** What is to be signed for a payload, and the message once the signature is there. */
export const prepareSign1 = (alg: Alg, kid: Uint8Array, payload: Uint8Array) => {
  const header = encodeCbor(
    new Map<number, Cbor>([
      [HEADER.alg, ALG_NUMBER[alg]],
      [HEADER.kid, kid],
    ]),
  )
  return {
    signed: toBeSigned(header, payload),
    finish: (signature: Uint8Array) =>
      encodeCbor({ tag: TAG, value: [header, new Map(), payload, signature] }),
  }
}

const bytesOf = (value: Cbor | undefined, what: string) => {
  if (value instanceof Uint8Array) return value
  throw new Malformed(`COSE: the ${what} is not a byte string`)
}

export const mapOf = (bytes: Uint8Array, what: string): CborMap => {
  const value = decodeCbor(bytes)
  if (value instanceof Map) return value
  throw new Malformed(`${what} is not a map`)
}

const readHeader = (bytes: Uint8Array) => {
  const header = mapOf(bytes, 'COSE: the protected header')
  const alg = ALG_NAME.get(header.get(HEADER.alg))
  if (!alg) throw new Malformed('COSE: the algorithm is none of ours')
  const kid = bytesOf(header.get(HEADER.kid), 'key identifier')
  if (kid.length === 0 || kid.length > MAX_KID_BYTES)
    throw new Malformed('COSE: the key identifier is too long')
  if (header.size !== 2) throw new Malformed('COSE: the header says more than we understand')
  return { alg, kid }
}

/** Takes a message apart without checking the signature. Throws `Malformed`. */
export const parseSign1 = (bytes: Uint8Array): Sign1 => {
  const message = decodeCbor(bytes)
  const parts =
    typeof message === 'object' && message && 'tag' in message && message.tag === TAG && message.value
  if (!Array.isArray(parts) || parts.length !== 4) throw new Malformed('COSE: not a COSE_Sign1 message')
  const header = bytesOf(parts[0], 'protected header')
  if (!(parts[1] instanceof Map) || parts[1].size > 0)
    throw new Malformed('COSE: unprotected header not empty')
  const payload = bytesOf(parts[2], 'payload')
  const signature = bytesOf(parts[3], 'signature')
  if (signature.length !== SIGNATURE_BYTES) throw new Malformed('COSE: the signature has another length')
  return { ...readHeader(header), payload, signature, signed: toBeSigned(header, payload) }
}
