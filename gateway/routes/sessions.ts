import { type Access, csrfOf, type Shown } from '#core/access/index.ts'
import type { SessionCookie } from '../auth/session-cookie.ts'
import type { Tokens } from '../auth/tokens.ts'
import { created, noContent, ok, type Routes } from './kit.ts'

type SessionDeps = { access: Access; tokens: Tokens; cookie: SessionCookie }
type SignIn = Shown & { username: string; cookie?: boolean }

/** Signing in and out, who one is, and the sign-ins there are. */
export const sessionRoutes = ({ access, tokens, cookie }: SessionDeps): Routes => ({
  createSession: async ({ ctx, body, headers }) => {
    const { username, cookie: byCookie, ...shown } = body as SignIn
    if (byCookie) {
      cookie.requirePossible()
      cookie.requireSameOrigin(headers)
    }
    const call = { ...ctx, userAgent: headers['user-agent'] }
    const { token, expiresAt, csrf } = await access.signIn(call, username, shown)
    const here = '/api/v1/sessions/current'
    if (!byCookie) return created(here, { token, expiresAt })
    const reply = created(here, { csrf, expiresAt })
    return { ...reply, headers: { ...reply.headers, 'Set-Cookie': cookie.set(token) } }
  },

  getCurrentSession: async ({ ctx, headers }) => {
    const token = headers.authorization === undefined ? cookie.tokenIn(headers.cookie) : undefined
    return ok({
      name: ctx.actor.name,
      kind: ctx.actor.kind,
      permissions: [...new Set(ctx.actor.grants.flatMap(g => [...g.permissions]))].sort(),
      ...(await access.ownProfile(ctx.actor)),
      mustEnrol: ctx.session?.must === 'enrol',
      mustChangePassword: ctx.session?.must === 'change-password',
      ...(token && { csrf: csrfOf(token) }),
    })
  },

  deleteCurrentSession: async ({ ctx, headers }) => {
    const token = headers.authorization?.replace(/^Bearer /i, '')
    await (ctx.session ? access.signOut(ctx) : tokens.revoke(ctx, token!))
    return headers.authorization === undefined
      ? { ...noContent, headers: { 'Set-Cookie': cookie.cleared } }
      : noContent
  },

  listSessions: async ({ ctx }) => ok({ items: await access.listSessions(ctx) }),
  endSession: async ({ ctx, params }) => {
    await access.endSession(ctx, params.reference!)
    return noContent
  },
  endOtherSessions: async ({ ctx }) => ok({ ended: await access.endOtherSessions(ctx) }),

  listUserSessions: async ({ ctx, params }) =>
    ok({ items: await access.listUserSessions(ctx, params.username!) }),
  endUserSession: async ({ ctx, params }) => {
    await access.endUserSession(ctx, params.username!, params.reference!)
    return noContent
  },
  endUserSessions: async ({ ctx, params }) =>
    ok({ ended: await access.endUserSessions(ctx, params.username!) }),
})
