import type { Context } from 'koa'
import { type Access, csrfMatches, SESSION_PREFIX } from '#core/access/index.ts'
import { type Actor, DomainError, forbidden, type Session } from '#core/kernel/index.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { Tokens } from './tokens.ts'

/** Who calls, and by which sign-in when by one. */
export type Identity = { actor: Actor; session?: Session | undefined }

const SAFE = new Set(['GET', 'HEAD'])

const unauthenticated = (detail: string) => new DomainError('unauthenticated', detail)
const HOW = 'Send an access token as `Authorization: Bearer …`. See POST /oauth2/token.'

/**
 * Finds out who calls. What `Authorization` says counts and nothing beside it; only a request without one is asked for
 * the cookie of a browser's sign-in, and has to prove that a page of ours made it (CSRF) when it changes something.
 * `isUse`: whether it counts as using a sign-in, which otherwise ends. Throws `unauthenticated`, or `forbidden` with the
 * rule `csrf`.
 */
export const createIdentity = (deps: { access: Access; tokens: Tokens; cookie: SessionCookie }) => {
  const { access, tokens, cookie } = deps

  const bySession = async (token: string, isUse: boolean): Promise<Identity> => {
    const found = await access.sessionOf(token, isUse)
    if (!found) throw unauthenticated('The sign-in has ended, or the account is disabled.')
    return found
  }

  const byCookie = async (koa: Context, isUse: boolean): Promise<Identity> => {
    const token = cookie.tokenIn(koa.headers.cookie)
    if (!token) throw unauthenticated(HOW)
    const identity = await bySession(token, isUse)
    const isRead = SAFE.has(koa.method)
    cookie.requireSameOrigin(koa.headers, isRead)
    if (!isRead && !csrfMatches(token, koa.get('X-CSRF-Token')))
      throw forbidden('Send X-CSRF-Token as GET /api/v1/sessions/current gives it.', 'csrf')
    return identity
  }

  return async (koa: Context, isUse = true): Promise<Identity> => {
    const { authorization } = koa.headers
    if (authorization === undefined) return byCookie(koa, isUse)
    const token = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1]
    if (!token) throw unauthenticated(HOW)
    return token.startsWith(SESSION_PREFIX) ? bySession(token, isUse) : { actor: await tokens.actorOf(token) }
  }
}

/** Refuses everything but setting up to who has something to set up before the sign-in counts. */
export const requireFinished = (session: Session | undefined, isPartOfSignIn: boolean | undefined): void => {
  if (!session?.must || isPartOfSignIn) return
  throw session.must === 'enrol'
    ? forbidden(
        'Set up a second factor first: POST /api/v1/second-factor.',
        'second-factor-enrolment-required',
      )
    : forbidden('Change your password first: PUT /api/v1/password.', 'password-change-required')
}
