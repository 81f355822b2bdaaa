import type { Signer } from '#core/ports/signer.ts'
import { encodeEntitlement } from './entitlement.ts'
import { MAX_VERSION, versionFor } from './symbol.ts'
import {
  type EntitlementClaims,
  encodeBase45,
  MAX_KID_BYTES,
  prepareSign1,
  SIGNATURE_BYTES,
  toLowS,
} from './verify/index.ts'

/** Claims as a signed COSE_Sign1 message. Throws `RangeError` when the signer breaks its contract. */
const signClaims = async (payload: Uint8Array, signer: Signer) => {
  if (signer.kid.length === 0 || signer.kid.length > MAX_KID_BYTES)
    throw new RangeError(`a key identifier has 1 to ${MAX_KID_BYTES} bytes`)
  const message = prepareSign1(signer.alg, signer.kid, payload)
  const signature = await signer.sign(message.signed)
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError(`a signature has ${SIGNATURE_BYTES} bytes`)
  return message.finish(signer.alg === 'ES256' ? toLowS(signature) : signature)
}

/**
 * Issues an entitlement as the text of a QR code: a COSE_Sign1 CWT in Base45. Render it with `renderSvg` or
 * `renderPng`. Throws `invalid` for claims that cannot be encoded, and `rule_violated` (`qr-too-large`) rather
 * than exceed version 10-M.
 */
export const issueEntitlementQr = async (
  claims: EntitlementClaims,
  signer: Signer,
): Promise<{ text: string; version: number }> => {
  const text = encodeBase45(await signClaims(encodeEntitlement(claims), signer))
  return { text, version: versionFor(text, MAX_VERSION.entitlement) }
}
