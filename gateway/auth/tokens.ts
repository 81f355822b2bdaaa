import { createHash, createPublicKey, randomUUID } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Access, AuthenticatedClient, ClientToken } from '#core/access/index.ts'
import { type Actor, type Clock, type Ctx, DomainError, narrowedTo } from '#core/kernel/index.ts'
import type { Keys } from '#core/keys/index.ts'
import { requestedScope, scopeOf } from './token-scope.ts'

const LIFETIME_SECONDS = 900
const AUDIENCE = 'annona'
const TYPE = 'at+jwt'
const MAX_TOKEN = 4_000
const REMEMBERED = 5_000

const refused = (detail: string, cause?: unknown) => new DomainError('unauthenticated', detail, { cause })
const notOurs = (cause?: unknown) => refused('The access token is not one of ours.', cause)

/** What a token says, once it verified; the `scope` that it was narrowed to. */
type Claims = ClientToken & { scope: readonly string[] | undefined }

export type Tokens = ReturnType<typeof createTokens>

/**
 * Access tokens of API clients: short-lived JWTs (RFC 9068, ES256). A token only names the account; what it
 * may do is read from the account as it is now, within the scope that the token was asked for. Only our own keys
 * verify, chosen by `kid` from our list: no header of a token leads anywhere else (`jku`, `x5u`, `jwk` are ignored,
 * any algorithm but ES256 is refused).
 */
export const createTokens = (deps: { keys: Keys; access: Access; clock: Clock; issuer: string }) => {
  const { keys, access, clock, issuer } = deps
  const read = remembering(clock, token => verify(deps, token))

  return {
    /** Who issues the tokens. */
    issuer,

    /** A token for a client that proved who it is (RFC 6749 section 5.1), for the scope that it asks for. */
    issue: async ({ actor, series }: AuthenticatedClient, asked?: string) => {
      const scope = requestedScope(actor, asked)
      const key = await keys.signingKey('token')
      const now = Math.floor(clock.now().getTime() / 1000)
      const token = await new SignJWT({
        client_id: actor.name,
        series,
        ...(scope && { scope: scope.join(' ') }),
      })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: TYPE })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setSubject(actor.id)
        .setIssuedAt(now)
        .setExpirationTime(now + LIFETIME_SECONDS)
        .setJti(randomUUID())
        .sign(key.privateKey)
      return {
        access_token: token,
        token_type: 'Bearer' as const,
        expires_in: LIFETIME_SECONDS,
        scope: (scope ?? scopeOf(actor)).join(' '),
      }
    },

    /** The client that a token belongs to, with what it may do by this token. Throws `unauthenticated`. */
    actorOf: async (token: string): Promise<Actor> => {
      const claims = await read(token)
      const [stands, actor] = await Promise.all([
        access.tokenStands(claims),
        access.actorNow({ kind: 'client', id: claims.clientId }),
      ])
      if (!stands || !actor) throw refused('The access token has ended, or the client is disabled.')
      return claims.scope ? narrowedTo(actor, claims.scope) : actor
    },

    /** What a token says, once it verified. Throws `unauthenticated`. */
    claimsOf: (token: string): Promise<ClientToken> => read(token),

    /**
     * Ends an access token of the client that calls, here at once and on every gateway within a second. What is no
     * token, or another's, is left alone, and the caller is not told which (RFC 7009 section 2.2).
     */
    revoke: async (ctx: Ctx, token: string): Promise<void> => {
      const claims = await read(token).catch(unlessRefused)
      if (claims?.clientId === ctx.actor.id) await access.revokeClientToken(ctx, claims)
    },
  }
}

const unlessRefused = (error: unknown): undefined => {
  if (!(error instanceof DomainError && error.code === 'unauthenticated')) throw error
}

type Verifying = { keys: Keys; clock: Clock; issuer: string }

const verify = async ({ keys, clock, issuer }: Verifying, token: string): Promise<Claims> => {
  if (token.length > MAX_TOKEN) throw notOurs()
  const keyFor = async (kid: string | undefined) => {
    const key = (await keys.publicKeys('token')).find(k => k.kid === kid)
    if (!key) throw notOurs()
    return createPublicKey({ key: key.jwk, format: 'jwk' })
  }
  try {
    const { payload } = await jwtVerify(token, header => keyFor(header.kid), {
      algorithms: ['ES256'],
      typ: TYPE,
      issuer,
      audience: AUDIENCE,
      requiredClaims: ['exp'],
      currentDate: clock.now(),
    })
    return claimsOf(payload)
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw refused('The access token has expired. Ask for a new one.', error)
    if (error instanceof errors.JOSEError) throw notOurs(error)
    throw error
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What we put into a token, and nothing that the database could not look for. */
const claimsOf = ({ sub = '', jti = '', exp = 0, series, scope }: JWTPayload): Claims => {
  const isNamed = UUID.test(sub) && UUID.test(jti) && typeof series === 'number'
  if (!isNamed || (scope !== undefined && typeof scope !== 'string')) throw notOurs()
  return { clientId: sub, jti, series, expiresAt: new Date(exp * 1000), scope: scope?.split(' ') }
}

/** Verifying costs more than the rest of a small request, so what verified is remembered until it expires. */
const remembering = (clock: Clock, check: (token: string) => Promise<Claims>) => {
  const verified = new Map<string, Claims>()
  return async (token: string): Promise<Claims> => {
    const key = createHash('sha256').update(token).digest('base64')
    const known = verified.get(key)
    if (known && known.expiresAt > clock.now()) return known
    const claims = await check(token)
    if (verified.size >= REMEMBERED) verified.clear()
    verified.set(key, claims)
    return claims
  }
}
