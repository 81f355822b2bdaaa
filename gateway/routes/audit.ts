import { requireEverywhere } from '#core/access/index.ts'
import type { Audit } from '#core/audit/index.ts'
import { page, paging, type Routes } from './kit.ts'

export const auditRoutes = ({ audit }: { audit: Audit }): Routes => ({
  listAuditEntries: async ({ ctx, query }) => {
    requireEverywhere(ctx, 'audit:read')
    const filter = query as { action?: string; subjectType?: string; requestId?: string }
    return page(await audit.list(filter, paging(query)), ({ subject, ...entry }) => ({
      ...entry,
      subjectType: subject.type,
    }))
  },
})
