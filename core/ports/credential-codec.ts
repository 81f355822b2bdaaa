/*
 * What the core needs in order to issue and verify credentials as QR codes: their encoding, signature format and
 * rendering, without knowing any of them. `credentials/` is built so that it fits.
 */
import type { KeyObject } from 'node:crypto'
import type { Signer } from './signer.ts'

/** Money in minor units, or a whole number of a unit (UN/ECE Recommendation 20 code). */
export type CredentialBenefit = { minor: bigint; currency: string } | { quantity: bigint; unit: string }

/** What an entitlement's credential says. References are public ones; dates count in whole seconds. */
export type EntitlementClaims = {
  kind: 'entitlement'
  id: string
  entitlement: string
  /** The group or individual that is entitled. */
  registrant: string
  /** Shortened by the codec when it is too long to print. */
  holderName: string
  /** Numbers that the code tables explain. Point 0: not bound to a service point. */
  program: number
  cycle: number
  component: number
  point: number
  benefit: CredentialBenefit
  status: { list: number; index: number }
  validFrom: Date
  /** The first moment at which it is no longer valid. */
  validUntil: Date
}

/** What can be said of a credential from its text, keys and clock alone. `claims` only when they are genuine. */
export type CodecVerdict =
  | { verdict: 'valid' | 'expired' | 'not_yet_valid'; claims: EntitlementClaims; advice: string }
  | { verdict: 'unknown_issuer' | 'tampered' | 'malformed'; advice: string }

export type CredentialCodec = {
  /** A signer for a P-256 private key held in this process. */
  es256Signer(privateKey: KeyObject, kid: Uint8Array): Signer
  /** The text of the QR code. Throws `invalid` for claims that do not fit, `rule_violated` (`qr-too-large`). */
  issueEntitlementQr(claims: EntitlementClaims, signer: Signer): Promise<{ text: string }>
  /** Never throws for what the text says. `keyFor` gives the trusted key with an identifier. */
  verifyQr(
    text: string,
    options: {
      keyFor(kid: Uint8Array): { alg: 'ES256' | 'EdDSA'; key: KeyObject } | undefined
      now: Date
    },
  ): Promise<CodecVerdict>
  renderSvg(text: string, options: { title: string }): string
  renderPng(text: string): Buffer
}
