import { requirePermission } from '#core/access/index.ts'
import type { AreaChange, AreaFilter, Areas, NewArea } from '#core/areas/index.ts'
import { type Call, created, expectedVersion, ok, page, paging, type Routes } from './kit.ts'

/** The country's areas. */
export const areaRoutes = ({ areas }: { areas: Areas }): Routes => {
  const areaOf = async ({ ctx, params }: Call) => {
    const area = await areas.get(ctx, params.code!)
    return ok(area, area.version)
  }
  return {
    listAreas: async ({ ctx, query }) =>
      page(await areas.list(ctx, query as AreaFilter, paging(query)), area => area),

    getArea: areaOf,

    updateArea: async call => {
      requirePermission(call.ctx, 'area:read')
      await areas.rename(call.ctx, call.params.code!, call.body as AreaChange, expectedVersion(call))
      return areaOf(call)
    },

    createAreas: async ({ ctx, body }) =>
      created('/api/v1/areas', await areas.createMany(ctx, (body as { areas: NewArea[] }).areas)),
  }
}
