import type { Access, NewUser } from '#core/access/index.ts'
import type { Areas } from '#core/areas/index.ts'
import { type ByCode, scoping } from './grants.ts'
import { created, ok, type Routes } from './kit.ts'

/** Users, and what they are granted. */
export const userRoutes = (deps: { access: Access; areas: Areas }): Routes => {
  const { access } = deps
  const withScopes = scoping(deps)
  return {
    listUsers: async ({ ctx }) => ok({ items: await access.listUsers(ctx) }),

    createUser: async ({ ctx, body }) => {
      const user = await access.createUser(ctx, await withScopes(body as ByCode<NewUser>))
      return created(`/api/v1/users/${user.username}`, user)
    },

    disableUser: async ({ ctx, params }) => ok(await access.disableUser(ctx, params.username!)),
  }
}
