/*
 * Credentials as beneficiaries carry them: pure codecs, no database, no network. `verify/` holds what runs in
 * browsers too.
 */

import type { KeyObject } from 'node:crypto'
import { verifyWithNode } from './keys.ts'
import { type QrVerdict, type VerifyQrOptions, verifyQr as verify } from './verify/index.ts'

export { issueEntitlementQr } from './issue.ts'
export { es256Signer, generateEs256Key, kidOf } from './keys.ts'
export { renderPng, renderSvg } from './render.ts'
export { MAX_VERSION } from './symbol.ts'
export {
  type Benefit,
  type Claims,
  ENTITLEMENT_MAX,
  type EntitlementClaims,
  type IssuerKey,
  type QrVerdict,
  type ReadQr,
  readQr,
  type Verdict,
} from './verify/index.ts'

/** Verifies the text of a QR credential with node:crypto; see `verify/qr.ts`. */
export const verifyQr = (
  text: string,
  options: Omit<VerifyQrOptions<KeyObject>, 'verifySignature'>,
): Promise<QrVerdict> => verify(text, { ...options, verifySignature: verifyWithNode })
