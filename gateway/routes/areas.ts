import type { Areas, NewArea } from '#core/areas/index.ts'
import { created, ok, page, paging, type Routes } from './kit.ts'

export const areaRoutes = ({ areas }: { areas: Areas }): Routes => ({
  listAreas: async ({ ctx, query }) =>
    page(await areas.list(ctx, query as { parent?: string; level?: number }, paging(query)), area => area),

  getArea: async ({ ctx, params }) => ok(await areas.get(ctx, params.code!)),

  createAreas: async ({ ctx, body }) =>
    created('/api/v1/areas', await areas.createMany(ctx, (body as { areas: NewArea[] }).areas)),
})
