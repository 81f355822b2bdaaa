import { Readable } from 'node:stream'
import type { EntryFilter, ExportOrder, History } from '#core/history/index.ts'
import { accepted, ok, page, paging, type Routes } from './kit.ts'

export const auditRoutes = ({ history }: { history: History }): Routes => ({
  listAuditEntries: async ({ ctx, query }) => {
    const { limit: _limit, cursor: _cursor, ...filter } = query
    return page(await history.findEntries(ctx, filter as EntryFilter, paging(query)), entry => entry)
  },

  getAuditEntry: async ({ ctx, params, query }) => {
    const { entry, of } = await history.readEntry(ctx, params.id!, paging(query))
    return ok({ entry, of: of.items, ...(of.next === undefined ? {} : { next: of.next }) })
  },

  getAuditVocabulary: async ({ ctx }) => ok(history.vocabulary(ctx)),

  getAuditProof: async ({ ctx, params }) => ok(await history.proofOf(ctx, params.id!)),

  exportAuditEntries: async ({ ctx, body }) => accepted(await history.orderExport(ctx, body as ExportOrder)),

  getAuditExport: async ({ ctx, params }) => {
    const { name, mediaType, size, bytes } = await history.exportFile(ctx, params.reference!)
    return {
      status: 200,
      headers: {
        'Content-Disposition': `attachment; filename="${name}"`,
        'Content-Length': String(size),
        'Cache-Control': 'no-store',
      },
      raw: { type: mediaType, data: Readable.from(bytes) },
    }
  },
})
