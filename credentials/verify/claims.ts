/*
 * The claims set of a QR credential: a CWT (RFC 8392) in deterministic CBOR.
 *
 *   4       exp   valid until, in seconds since 1970: no longer valid from that second on
 *   5       nbf   valid from
 *   7       cti   the credential's reference number, 7 bytes
 *   -65537        what the kind says: four bits with the kind's number, then its own layout
 *
 * -65537 is the first of the integers left to private use (RFC 8392 section 9.1). There is no `iss`: the key
 * identifier in the header names the issuer. A new kind is a number here and a reader beside `readEntitlement`.
 */

import { type Layout, packBits, sizeOf, unpackBits } from './bits.ts'
import { type Cbor, encodeCbor } from './cbor.ts'
import { mapOf } from './cose.ts'
import { type EntitlementDetails, readEntitlement } from './entitlement.ts'
import { Malformed } from './malformed.ts'
import { REFERENCE_BITS, referenceText } from './reference.ts'

const CLAIM = { exp: 4, nbf: 5, cti: 7, details: -65537 }
const CTI = { reserved: 56 - REFERENCE_BITS, credential: REFERENCE_BITS } as const satisfies Layout<string>

/** The number of each kind, in the first four bits of its details. */
export const KIND_NUMBER = { entitlement: 1 } as const

/** Latest second that fits, 2106-02-07. */
export const MAX_SECONDS = 2 ** 32 - 1

export type EntitlementClaims = {
  kind: 'entitlement'
  /** The credential's own reference, `CR-…`. */
  id: string
  /** First moment, and first moment no longer, in whole seconds. */
  validFrom: Date
  validUntil: Date
} & EntitlementDetails

/** The claims of any kind of QR credential. */
export type Claims = EntitlementClaims

/** Puts the claims set together; the numbers are in range and `details` is the kind's layout. */
export const writeClaims = (common: {
  credential: number
  validFrom: number
  validUntil: number
  details: Uint8Array
}): Uint8Array =>
  encodeCbor(
    new Map<number, Cbor>([
      [CLAIM.exp, common.validUntil],
      [CLAIM.nbf, common.validFrom],
      [CLAIM.cti, packBits(CTI, { reserved: 0, credential: common.credential })],
      [CLAIM.details, common.details],
    ]),
  )

const readSeconds = (value: Cbor | undefined) => {
  if (typeof value === 'number' && value >= 0 && value <= MAX_SECONDS) return value
  throw new Malformed('not a time')
}

const readId = (value: Cbor | undefined) => {
  if (!(value instanceof Uint8Array) || value.length !== sizeOf(CTI))
    throw new Malformed('not a credential id')
  const { reserved, credential } = unpackBits(CTI, value)
  if (reserved !== 0) throw new Malformed('not a credential id')
  return referenceText('CR', credential)
}

const readDetails = (value: Cbor | undefined) => {
  if (!(value instanceof Uint8Array)) throw new Malformed('the credential says nothing')
  if ((value[0] ?? 0) >> 4 !== KIND_NUMBER.entitlement) throw new Malformed('an unknown kind of credential')
  return { kind: 'entitlement' as const, ...readEntitlement(value) }
}

/** Throws `Malformed` unless these are exactly the claims of a kind we know, each of them possible. */
export const readClaims = (payload: Uint8Array): Claims => {
  const claims = mapOf(payload, 'the claims set')
  const validUntil = readSeconds(claims.get(CLAIM.exp))
  const validFrom = readSeconds(claims.get(CLAIM.nbf))
  const id = readId(claims.get(CLAIM.cti))
  const details = readDetails(claims.get(CLAIM.details))
  if (claims.size !== Object.keys(CLAIM).length) throw new Malformed('claims we do not understand')
  if (validFrom >= validUntil) throw new Malformed('valid at no time')
  return { id, validFrom: new Date(validFrom * 1000), validUntil: new Date(validUntil * 1000), ...details }
}
