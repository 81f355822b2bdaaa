import { requireEverywhere } from '#core/access/index.ts'
import type { Audit } from '#core/audit/index.ts'
import { ok, page, paging, type Routes } from './kit.ts'

export const auditHeadRoutes = ({ audit }: { audit: Audit }): Routes => ({
  listAuditHeads: async ({ ctx, query }) => {
    requireEverywhere(ctx, 'audit:read')
    return page(await audit.heads(paging(query)), head => head)
  },

  getAuditKeys: async ({ ctx }) => {
    requireEverywhere(ctx, 'audit:read')
    return ok(await audit.publicKeys())
  },
})
