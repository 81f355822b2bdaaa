import type { AttributeDefinition, RegistrantFilter, Registry } from '#core/registry/index.ts'
import { created, filterOf, ok, page, paging, type Routes } from './kit.ts'

export const registryRoutes = ({ registry }: { registry: Registry }): Routes => ({
  listRegistrants: async ({ ctx, query }) => {
    const filter = filterOf<RegistrantFilter>(query)
    return page(await registry.find(ctx, filter, paging(query)), registrant => registrant)
  },

  getRegistrant: async ({ ctx, params }) => {
    const registrant = await registry.get(ctx, params.reference!)
    return ok(registrant, registrant.version)
  },

  listAttributeDefinitions: async () => ok({ items: await registry.attributeDefinitions() }),

  createAttributeDefinition: async ({ ctx, body }) =>
    created(
      '/api/v1/attribute-definitions',
      await registry.defineAttribute(ctx, body as AttributeDefinition),
    ),
})
