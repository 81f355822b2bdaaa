import { type Access, MASK_MEANINGS, MEANINGS, type RoleInput } from '#core/access/index.ts'
import { created, expectedVersion, noContent, ok, type Routes } from './kit.ts'

/** Roles, and what one can hold. */
export const roleRoutes = ({ access }: { access: Access }): Routes => ({
  listPermissions: async () => ok({ permissions: described(MEANINGS), masks: described(MASK_MEANINGS) }),

  listRoles: async ({ ctx }) => ok({ items: await access.listRoles(ctx) }),

  createRole: async ({ ctx, body }) => {
    const role = await access.createRole(ctx, body as RoleInput & { code: string })
    return created(`/api/v1/roles/${role.code}`, role, role.version)
  },

  getRole: async ({ ctx, params }) => {
    const role = await access.getRole(ctx, params.code!)
    return ok(role, role.version)
  },

  updateRole: async call => {
    const { ctx, params, body } = call
    const role = await access.updateRole(ctx, params.code!, body as RoleInput, expectedVersion(call))
    return ok(role, role.version)
  },

  deleteRole: async call => {
    await access.deleteRole(call.ctx, call.params.code!, expectedVersion(call))
    return noContent
  },
})

const described = (meanings: Record<string, string>) =>
  Object.entries(meanings).map(([code, description]) => ({ code, description }))
