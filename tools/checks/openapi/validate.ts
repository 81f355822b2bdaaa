import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Json = Record<string, unknown>
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What is wrong with an OpenAPI 3.1 document: its form (the OpenAPI Initiative's schema), its schemas (JSON Schema
 * draft 2020-12), references that lead nowhere, operations without an id or with another's. No operation at all is
 * wrong too.
 */
export const validateOpenApi = (document: unknown): string[] => {
  if (!isObject(document)) return ['is not an object']
  const form = formProblems(document)
  if (form.length > 0) return form
  return [...schemaProblems(document), ...referenceProblems(document), ...operationProblems(document)]
}

/** Operations of the document, as `GET /registrants`, with their ids. */
export const operationsOf = (document: unknown): { name: string; id: string | undefined }[] => {
  const paths = isObject(document) && isObject(document.paths) ? document.paths : {}
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(isObject(item) ? item : {})
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        id: isObject(operation) ? (operation.operationId as string | undefined) : undefined,
      })),
  )
}

const newAjv = () => {
  const ajv = new Ajv2020({ strict: false, allErrors: false, verbose: false })
  addFormats.default(ajv)
  return ajv
}

const describe = (errors: readonly ErrorObject[] | null | undefined, at = ''): string[] =>
  (errors ?? [])
    .filter(e => e.keyword !== 'if')
    .map(e => `${at}${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`)

const formOf = (() => {
  let compiled: ValidateFunction | undefined
  return () => {
    const path = join(import.meta.dirname, 'openapi-3.1.schema.json')
    compiled ??= newAjv()
      .addFormat('media-range', true)
      .compile(JSON.parse(readFileSync(path, 'utf8')))
    return compiled
  }
})()

const formProblems = (document: Json): string[] => {
  const validate = formOf()
  return validate(document) ? [] : describe(validate.errors)
}

/** Every Schema Object: those of the components, and those that stand under a `schema` key elsewhere. */
const schemaProblems = (document: Json): string[] => {
  const ajv = newAjv()
  const problems: string[] = []
  walk(document, '', (value, at) => {
    const inComponents = /^\/components\/schemas\/[^/]+$/.test(at)
    const inPlace = /\/(?:parameters|headers|content)\/[^/]+\/schema$/.test(at)
    if ((inComponents || inPlace) && !ajv.validateSchema(value as Json)) {
      problems.push(...describe(ajv.errors, at))
    }
  })
  return problems
}

const referenceProblems = (document: Json): string[] => {
  const problems: string[] = []
  walk(document, '', (value, at) => {
    // What stands in an example is data.
    if (!isObject(value) || typeof value.$ref !== 'string' || /\/(?:example|examples|default)\//.test(at))
      return
    if (!value.$ref.startsWith('#/')) problems.push(`${at} refers out of the document: ${value.$ref}`)
    else if (lookUp(document, value.$ref) === undefined)
      problems.push(`${at} refers to nothing: ${value.$ref}`)
  })
  return problems
}

const operationProblems = (document: Json): string[] => {
  const operations = operationsOf(document)
  if (operations.length === 0) return ['has no operation']
  const byId = Map.groupBy(operations, o => o.id)
  return [...byId].flatMap(([id, same]) => {
    if (id === undefined) return same.map(o => `${o.name} has no operationId`)
    return same.length > 1 ? [`operationId ${id} is taken by ${same.map(o => o.name).join(' and ')}`] : []
  })
}

const walk = (value: unknown, at: string, visit: (value: unknown, at: string) => void): void => {
  visit(value, at)
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    walk(child, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, visit)
  }
}

/** RFC 6901, section 4, in a URI fragment (section 6). */
const lookUp = (document: unknown, fragment: string): unknown =>
  decodeURIComponent(fragment)
    .slice(2)
    .split('/')
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, key) => (value as Json | undefined)?.[key], document)
