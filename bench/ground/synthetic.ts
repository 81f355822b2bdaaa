import { type OpenApi, operationsOf } from '#gateway/openapi/bundle.ts'

/** The document with made-up operations beside its own, until there are `count`. */
export const withOperations = (document: OpenApi, count: number): OpenApi => {
  const paths = { ...document.paths }
  for (let n = operationsOf(document).length; n < count; n++)
    paths[`/api/v1/things-${n}/{thing}/parts/{part}`] = { get: operation(`getPart${n}`) }
  return { ...document, paths }
}

/** One that reads a part of a thing. */
export const operation = (operationId: string, more: object = {}) => ({
  operationId,
  summary: operationId,
  parameters: ['thing', 'part'].map(name => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', maxLength: 24 },
  })),
  responses: { '200': { description: 'It.', content: { 'application/json': { schema: PART } } } },
  ...more,
})

const PART = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }
