import type { Imports } from '#core/imports/index.ts'
import type { AttributeDefinition, RegistrantFilter, Registry } from '#core/registry/index.ts'
import { created, filterOf, ok, page, paging, type Routes } from './kit.ts'

type Deps = { registry: Registry; imports: Imports }

export const registryRoutes = ({ registry, imports }: Deps): Routes => ({
  listRegistrants: async ({ ctx, query }) => {
    const { import: reference, ...filter } = filterOf<RegistrantFilter & { import?: string }>(query)
    const source = reference === undefined ? {} : { source: await imports.sourceIdOf(ctx, reference) }
    return page(await registry.find(ctx, { ...filter, ...source }, paging(query)), registrant => registrant)
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
