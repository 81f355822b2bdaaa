import type { Access } from '#core/access/index.ts'
import { created, noContent, ok, type Routes } from './kit.ts'

type Credentials = { username: string; password: string }

/** Signing in and out, and who one is. */
export const sessionRoutes = ({ access }: { access: Access }): Routes => ({
  createSession: async ({ ctx, body }) => {
    const { username, password } = body as Credentials
    const { token, expiresAt } = await access.signIn(ctx, username, password)
    return { ...created('/api/v1/sessions/current', { token, expiresAt }) }
  },

  getCurrentSession: async ({ ctx }) =>
    ok({
      name: ctx.actor.name,
      kind: ctx.actor.kind,
      permissions: [...new Set(ctx.actor.grants.flatMap(g => [...g.permissions]))].sort(),
    }),

  deleteCurrentSession: async ({ ctx, headers }) => {
    await access.signOut(ctx, headers.authorization!.replace(/^Bearer /i, ''))
    return noContent
  },
})
