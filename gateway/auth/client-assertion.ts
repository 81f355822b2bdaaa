import { createPublicKey } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import {
  CLIENT_KEY_ALGORITHMS,
  type ClientKey,
  type Proof,
  type Prove,
  type Refusal,
} from '#core/access/index.ts'
import { type Clock, DomainError } from '#core/kernel/index.ts'

/** The kind of assertion that is understood (RFC 7523 section 2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How far ahead an assertion may end, and how far the clocks of clients may be off; seconds. */
const LONGEST = 300
const SKEW = 60
const MAX_JTI = 256
/** A client may sign other things with the same key; they say what they are. */
const TYPES = [undefined, 'jwt', 'client-authentication+jwt']

/** Whom the assertion is of by its own word, and how to check that word. */
export type Assertion = { clientId: string; prove: Prove }

/**
 * Reads a client's assertion (`private_key_jwt`, OpenID Connect Core section 9). It is signed by a key that the client
 * registered, named by `kid`; the key decides on the algorithm, and nothing in the header leads to another (`jku`,
 * `x5u`, `jwk`, `x5c` are ignored, `crit` is refused). `iss` and `sub` are the client, every `aud` is one of
 * `audiences`, `exp` is at most five minutes ahead, `jti` is there. Throws `unauthenticated`.
 */
export const readAssertion = (
  { clock, audiences }: { clock: Clock; audiences: readonly string[] },
  assertion: string,
): Assertion => {
  const { clientId, kid, typ } = claimed(assertion)
  return {
    clientId,
    prove: async keys => {
      const key = keys.find(k => k.kid === kid)
      if (!key) return 'unknown-key'
      if (!TYPES.includes(typ)) return 'claims'
      try {
        return await verify(key, assertion, clientId, audiences, clock.now())
      } catch (error) {
        if (error instanceof errors.JOSEError) return refusalOf(error)
        throw error
      }
    },
  }
}

/** What an assertion says of itself, not checked yet. */
const claimed = (assertion: string): { clientId: string; kid: unknown; typ: string | undefined } => {
  try {
    const { sub } = decodeJwt(assertion)
    const { kid, typ } = decodeProtectedHeader(assertion)
    if (typeof sub === 'string') return { clientId: sub, kid, typ: typ?.toLowerCase() }
  } catch {}
  throw new DomainError('unauthenticated', 'The client assertion is not a JWT with a subject.')
}

const verify = async (
  key: ClientKey,
  assertion: string,
  clientId: string,
  audiences: readonly string[],
  now: Date,
): Promise<Proof | Refusal> => {
  const { payload } = await jwtVerify(assertion, createPublicKey({ key: key.jwk, format: 'jwk' }), {
    algorithms: CLIENT_KEY_ALGORITHMS[key.alg],
    issuer: clientId,
    subject: clientId,
    requiredClaims: ['exp', 'aud', 'jti'],
    clockTolerance: SKEW,
    currentDate: now,
  })
  const { aud, exp, iat, jti } = payload
  const latest = now.getTime() / 1000 + SKEW
  const isInTime = exp! <= latest + LONGEST && (iat ?? 0) <= latest
  const isForUs = [aud].flat().every(a => audiences.includes(a as string)) && [aud].flat().length > 0
  const isNamed = typeof jti === 'string' && jti !== '' && jti.length <= MAX_JTI
  if (!isForUs) return 'audience'
  return isInTime && isNamed ? { kid: key.kid, jti, expiresAt: new Date(exp! * 1000) } : 'claims'
}

/** The signature is checked first: of claims that are wrong it is known who made them. */
const refusalOf = (error: errors.JOSEError): Refusal => {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'signature'
  return error.claim === 'aud' ? 'audience' : 'claims'
}
