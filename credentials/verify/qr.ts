import { decodeBase45 } from './base45.ts'
import { MAX_CBOR_BYTES } from './cbor.ts'
import { type Claims, readClaims } from './claims.ts'
import { type Alg, parseSign1 } from './cose.ts'
import { Malformed } from './malformed.ts'
import { hasLowS } from './p256.ts'
import { ADVICE, judge, type Verdict } from './verdict.ts'

/** Longest text that is looked at: `MAX_CBOR_BYTES` in Base45. */
const MAX_TEXT = (MAX_CBOR_BYTES / 2) * 3

/** A credential taken apart; nothing of it is proven. `signed` are the bytes under the signature. */
export type ReadQr = { alg: Alg; kid: Uint8Array; claims: Claims; signed: Uint8Array; signature: Uint8Array }

/**
 * Takes the text of a QR credential apart, without checking its signature or dates: for showing what one's own
 * service just issued, or finding the key. Use `verifyQr` to trust it.
 */
export const readQr = (text: string): ReadQr | { malformed: string } => {
  try {
    if (text.length > MAX_TEXT) throw new Malformed('too long')
    const { payload, ...sign1 } = parseSign1(decodeBase45(text))
    return { ...sign1, claims: readClaims(payload) }
  } catch (error) {
    if (error instanceof Malformed) return { malformed: error.message }
    throw error
  }
}

/** A public key that issuers sign with; `key` is whatever the signature check understands. */
export type IssuerKey<Key> = { alg: Alg; key: Key }

export type VerifyQrOptions<Key> = {
  /** The trusted key with this identifier; `undefined` when it is unknown or no longer trusted. */
  keyFor(kid: Uint8Array): IssuerKey<Key> | undefined
  /** The moment to judge validity at. */
  now: Date
  /** Checks a raw signature of 64 bytes over `bytes`. */
  verifySignature(key: IssuerKey<Key>, bytes: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>
}

/** `claims` are there only when the signature holds: nothing else of a credential should reach a screen. */
export type QrVerdict =
  | { verdict: 'valid' | 'expired' | 'not_yet_valid'; claims: Claims; kid: Uint8Array; advice: string }
  | { verdict: 'unknown_issuer' | 'tampered' | 'malformed'; advice: string }

const refuse = (verdict: Exclude<Verdict, 'valid' | 'expired' | 'not_yet_valid'>): QrVerdict => ({
  verdict,
  advice: ADVICE[verdict],
})

/** Verifies the text of a QR credential. Never throws for what the text says, only when a key is unusable. */
export const verifyQr = async <Key>(text: string, options: VerifyQrOptions<Key>): Promise<QrVerdict> => {
  const read = readQr(text)
  if ('malformed' in read) return refuse('malformed')
  const { alg, kid, claims, signed, signature } = read

  const issuer = options.keyFor(kid)
  if (!issuer) return refuse('unknown_issuer')
  // The key says which algorithm it is for; a message may not choose another one for it (RFC 9053 section 2).
  const genuine =
    issuer.alg === alg &&
    (alg !== 'ES256' || hasLowS(signature)) &&
    (await options.verifySignature(issuer, signed, signature))
  if (!genuine) return refuse('tampered')

  const verdict = judge(claims, options.now)
  return { verdict, claims, kid, advice: ADVICE[verdict] }
}
