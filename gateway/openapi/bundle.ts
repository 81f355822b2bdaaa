import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** An OpenAPI 3.1 document, as far as this product looks into it. */
export type OpenApi = {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

/** One operation, with our extensions. */
export type Operation = {
  operationId: string
  summary: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: unknown[]
  requestBody?: { required?: boolean; content: Record<string, { schema?: unknown }> }
  responses: Record<string, unknown>
  /** The permission that the caller must hold; left out only where `security` is empty. */
  'x-permission'?: string
  /** The body is a file: handed to the handler as a stream, not parsed. */
  'x-stream'?: boolean
  /** The answer goes on for as long as its reader stays: coming for it does not count as using a sign-in. */
  'x-event-stream'?: boolean
  /** The answer shows data of people: each leaves an entry on the audit trail that says whose (core/history/looks.ts). */
  'x-personal'?: boolean
  /** Answers are never kept for replay, nor hashes of requests, because one or the other shows a secret. */
  'x-secret-answer'?: boolean
  /** Also for those who signed in but have a password or second factor to set up before it counts. */
  'x-part-of-sign-in'?: boolean
  /** Errors are answered as OAuth has them (RFC 6749 section 5.2), or as pages to browsers, not as problems. */
  'x-errors'?: 'oauth' | 'page'
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const

/**
 * The API document: `openapi.yaml` and one file per module, merged. Throws when two files define the same
 * path, component or operation, so that no file silently replaces a part of another.
 */
export const bundleOpenApi = (): OpenApi => {
  const names = readdirSync(import.meta.dirname).filter(n => n.endsWith('.yaml'))
  const files = names.map(
    name => parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as Partial<OpenApi>,
  )
  const base = files[names.indexOf('openapi.yaml')] as OpenApi
  const bundle: OpenApi = { ...base, paths: {}, components: {}, tags: [] }
  for (const [i, file] of files.entries()) {
    merge(bundle.paths, file.paths, `${names[i]} paths`)
    for (const [kind, parts] of Object.entries(file.components ?? {})) {
      bundle.components[kind] ??= {}
      merge(bundle.components[kind], parts, `${names[i]} components.${kind}`)
    }
    bundle.tags.push(...(file.tags ?? []))
  }
  const ids = operationsOf(bundle).map(o => o.operation.operationId)
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i)
  if (twice.length > 0) throw new Error(`operationId used twice: ${twice.join(', ')}`)
  return bundle
}

/** Every operation of a document with its path and method. */
export const operationsOf = (document: OpenApi): { path: string; method: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter(m => item[m]).map(method => ({ path, method, operation: item[method]! })),
  )

const merge = (into: Record<string, unknown>, from: Record<string, unknown> | undefined, where: string) => {
  for (const [name, value] of Object.entries(from ?? {})) {
    if (name in into) throw new Error(`${where}: ${name} is defined in another file already`)
    into[name] = value
  }
}
