import { createHash, createPublicKey, randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Access } from '#core/access/index.ts'
import { SESSION_PREFIX } from '#core/access/index.ts'
import { type Actor, type Clock, DomainError } from '#core/kernel/index.ts'
import type { Keys } from '#core/keys/index.ts'

const LIFETIME_SECONDS = 900
const AUDIENCE = 'annona'
const TYPE = 'at+jwt'
const MAX_TOKEN = 2_000
const REMEMBERED = 5_000

const refused = (detail: string, cause?: unknown) => new DomainError('unauthenticated', detail, { cause })

export type Tokens = ReturnType<typeof createTokens>

/**
 * Access tokens of API clients: short-lived JWTs (RFC 9068, ES256). A token only names the account; what it
 * may do is read from the account as it is now. Only our own keys verify, chosen by `kid` from our list: no
 * header of a token leads anywhere else (`jku`, `x5u`, `jwk` are ignored, any algorithm but ES256 is refused).
 */
export const createTokens = (deps: { keys: Keys; access: Access; clock: Clock; issuer: string }) => {
  const { keys, access, clock, issuer } = deps
  const verified = new Map<string, { sub: string; exp: number }>()

  const keyFor = async (kid: string | undefined) => {
    const key = (await keys.publicKeys('token')).find(k => k.kid === kid)
    if (!key) throw refused('The access token is not one of ours.')
    return createPublicKey({ key: key.jwk, format: 'jwk' })
  }

  const verify = async (token: string): Promise<{ sub: string; exp: number }> => {
    try {
      const { payload } = await jwtVerify(token, header => keyFor(header.kid), {
        algorithms: ['ES256'],
        typ: TYPE,
        issuer,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub'],
        currentDate: clock.now(),
      })
      return { sub: payload.sub!, exp: payload.exp! }
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw refused('The access token has expired. Ask for a new one.', error)
      if (error instanceof errors.JOSEError) throw refused('The access token is not one of ours.', error)
      throw error
    }
  }

  /** Verifying costs more than the rest of a small request, so what verified is remembered until it expires. */
  const remembered = async (token: string) => {
    const key = createHash('sha256').update(token).digest('base64')
    const known = verified.get(key)
    if (known && known.exp * 1000 > clock.now().getTime()) return known
    const claims = await verify(token)
    if (verified.size >= REMEMBERED) verified.clear()
    verified.set(key, claims)
    return claims
  }

  return {
    /** A token for a client that proved who it is (RFC 6749 section 5.1). */
    issue: async (actor: Actor) => {
      const key = await keys.signingKey('token')
      const now = Math.floor(clock.now().getTime() / 1000)
      const token = await new SignJWT({ client_id: actor.name })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: TYPE })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setSubject(actor.id)
        .setIssuedAt(now)
        .setExpirationTime(now + LIFETIME_SECONDS)
        .setJti(randomUUID())
        .sign(key.privateKey)
      return { access_token: token, token_type: 'Bearer' as const, expires_in: LIFETIME_SECONDS }
    },

    /** Who an `Authorization: Bearer` belongs to. Throws `unauthenticated`. */
    actorOf: async (token: string): Promise<Actor> => {
      if (token.length > MAX_TOKEN) throw refused('The access token is not one of ours.')
      const actor = token.startsWith(SESSION_PREFIX)
        ? (await access.sessionOf(token))?.actor
        : await access.actorNow({ kind: 'client', id: (await remembered(token)).sub })
      if (!actor) throw refused('The sign-in has ended, or the account is disabled.')
      return actor
    },
  }
}
