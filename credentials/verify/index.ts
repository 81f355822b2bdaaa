/*
 * Verifying QR credentials. Everything in this folder runs in a browser or a service worker as it is: it
 * imports nothing from outside the folder and uses WebCrypto only.
 */

export { decodeBase45, encodeBase45 } from './base45.ts'
export { packBits } from './bits.ts'
export { type Cbor, decodeCbor, encodeCbor } from './cbor.ts'
export { type Claims, type EntitlementClaims, KIND_NUMBER, MAX_SECONDS, writeClaims } from './claims.ts'
export { type Alg, MAX_KID_BYTES, parseSign1, prepareSign1, SIGNATURE_BYTES } from './cose.ts'
export {
  type Benefit,
  ENTITLEMENT,
  ENTITLEMENT_MAX,
  type EntitlementFields,
  UNPRINTABLE,
} from './entitlement.ts'
export { hasLowS, toLowS } from './p256.ts'
export { type IssuerKey, type QrVerdict, type ReadQr, readQr, type VerifyQrOptions, verifyQr } from './qr.ts'
export { referenceText } from './reference.ts'
export { isCurrency, isUnit, unitNumber } from './unit.ts'
export { judge, type Verdict } from './verdict.ts'
export { importIssuerKey, verifyWithWebCrypto } from './web-crypto.ts'
