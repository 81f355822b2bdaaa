import { bundleOpenApi, type OpenApi, type Operation, operationsOf } from '#gateway/openapi/bundle.ts'

/** A JSON Schema, as far as the tests of the document look into it. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  maxLength?: number
  maxItems?: number
  maxProperties?: number
  minimum?: number
  maximum?: number
}
export type Parameter = { name: string; in: string; required?: boolean; schema: Schema }
export type Described = {
  id: string
  path: string
  method: string
  operation: Operation
  parameters: Parameter[]
  /** Schemas of the request body by media type. */
  bodies: Record<string, Schema>
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

/** Every operation of the API document with its references resolved one step, its path's parameters among its own. */
export const describedOperations = (): { document: OpenApi; operations: Described[] } => {
  const document = bundleOpenApi()
  const operations = operationsOf(document).map(({ path, method, operation }) => {
    const shared = (document.paths[path] as { parameters?: unknown[] }).parameters ?? []
    const body = resolve<{ content: Record<string, { schema: Schema }> }>(document, operation.requestBody)
    return {
      id: operation.operationId,
      path,
      method,
      operation,
      parameters: [...shared, ...(operation.parameters ?? [])].map(p => resolve<Parameter>(document, p)!),
      bodies: Object.fromEntries(
        Object.entries(body?.content ?? {}).map(([type, { schema }]) => [type, schema]),
      ),
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, r]) => [status, resolve<object>(document, r)!]),
      ),
    }
  })
  return { document, operations }
}

/** What a `$ref` points at, or the value itself. */
export const resolve = <T>(document: OpenApi, value: unknown): T | undefined => {
  const ref = (value as { $ref?: string } | undefined)?.$ref
  if (ref === undefined) return value as T | undefined
  const keys = ref.replace('#/', '').split('/')
  const target = keys.reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | undefined)?.[key],
    document,
  )
  if (target === undefined) throw new Error(`${ref} points at nothing`)
  return resolve<T>(document, target)
}

/** Visits a schema and all inside it, each with a pointer to its place. Recursion is visited once. */
export const walkSchema = (
  document: OpenApi,
  given: Schema,
  visit: (schema: Schema, at: string) => void,
  at = '',
  seen: ReadonlySet<Schema> = new Set(),
): void => {
  const schema = resolve<Schema>(document, given)!
  if (seen.has(schema)) return
  const inside = new Set([...seen, schema])
  const into = (child: Schema, where: string) => walkSchema(document, child, visit, `${at}/${where}`, inside)
  visit(schema, at)
  for (const [name, child] of Object.entries(schema.properties ?? {})) into(child, name)
  if (typeof schema.additionalProperties === 'object') into(schema.additionalProperties, '*')
  if (schema.items) into(schema.items, '-')
  for (const child of [schema.allOf, schema.anyOf, schema.oneOf].flatMap(s => s ?? [])) into(child, '')
}
