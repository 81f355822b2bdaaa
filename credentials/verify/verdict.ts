import type { Claims } from './claims.ts'

export type Verdict = 'valid' | 'expired' | 'not_yet_valid' | 'unknown_issuer' | 'tampered' | 'malformed'

/** What the person at the service point should do, in plain words. */
export const ADVICE: Readonly<Record<Verdict, string>> = {
  valid: 'This credential is genuine and valid today. Check that the person in front of you is its holder.',
  expired:
    'This credential is genuine but no longer valid. Give nothing out; send the person to the program office.',
  not_yet_valid:
    'This credential is genuine but not valid yet. Check the date of this device, then ask the person to come back.',
  unknown_issuer:
    'This device does not know who issued this credential. Update the device; if that changes nothing, give nothing out.',
  tampered:
    'This credential was changed after it was issued. Give nothing out, note who brought it and tell your supervisor.',
  malformed:
    'This is not one of our credentials, or it was read badly. Clean the lens, hold the paper flat and scan again.',
}

/** What time says about a credential whose signature holds (RFC 8392 sections 3.1.4 and 3.1.5). */
export const judge = (
  claims: Pick<Claims, 'validFrom' | 'validUntil'>,
  now: Date,
): 'valid' | 'expired' | 'not_yet_valid' => {
  if (now < claims.validFrom) return 'not_yet_valid'
  return now < claims.validUntil ? 'valid' : 'expired'
}
