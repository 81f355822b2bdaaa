import type { Access, NewUser, UserChange, UserDetail, UserFilter } from '#core/access/index.ts'
import type { Areas } from '#core/areas/index.ts'
import { type ByCode, scoping } from './grants.ts'
import { created, expectedVersion, ok, page, paging, type Routes } from './kit.ts'

/** Users, and what they are granted. */
export const userRoutes = (deps: { access: Access; areas: Areas }): Routes => {
  const { access } = deps
  const withScopes = scoping(deps)
  const shown = (user: UserDetail) => ok(user, user.version)
  return {
    listUsers: async ({ ctx, query }) =>
      page(await access.listUsers(ctx, query as UserFilter, paging(query)), user => user),

    createUser: async ({ ctx, body }) => {
      const user = await access.createUser(ctx, await withScopes(body as ByCode<NewUser>))
      return created(`/api/v1/users/${user.username}`, user, user.version)
    },

    getUser: async ({ ctx, params }) => shown(await access.getUser(ctx, params.username!)),

    updateUser: async call => {
      const { ctx, params, body } = call
      return shown(await access.updateUser(ctx, params.username!, body as UserChange, expectedVersion(call)))
    },

    replaceUserGrants: async call => {
      const { grants } = await withScopes(call.body as ByCode<unknown>)
      return shown(await access.replaceGrants(call.ctx, call.params.username!, grants, expectedVersion(call)))
    },

    disableUser: async ({ ctx, params }) => shown(await access.disableUser(ctx, params.username!)),
    enableUser: async ({ ctx, params }) => shown(await access.enableUser(ctx, params.username!)),
  }
}
