import { html } from '../../http/html.ts'
import { type OpenApi, type Operation, operationsOf } from '../../openapi/bundle.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  additionalProperties?: unknown
}
type Parameter = {
  $ref?: string
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}
type Response = { $ref?: string; description?: string; content?: Record<string, { schema?: Schema }> }

const MAX_DEPTH = 6

/**
 * The API reference as one plain page: made from the document when the gateway starts, without script and
 * without a request to any other host.
 */
export const docsPage = (document: OpenApi): string => {
  const operations = operationsOf(document)
  const sections = document.tags.map(tag => {
    const own = operations.filter(o => o.operation.tags?.includes(tag.name))
    if (own.length === 0) return ''
    const entries = own.map(o => operationHtml(document, o.path, o.method, o.operation)).join('')
    return `<section id="${slug(tag.name)}"><h2>${html(tag.name)}</h2><p>${html(tag.description)}</p>${entries}</section>`
  })
  const menu = document.tags.map(t => `<li><a href="#${slug(t.name)}">${html(t.name)}</a></li>`).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(document.info.title)} API</title>
<link rel="stylesheet" href="/assets/docs.css">
</head>
<body>
<nav aria-label="Parts of the API"><strong>${html(document.info.title)} API</strong><ul>${menu}</ul>
<p><a href="/openapi.json">OpenAPI document</a></p></nav>
<main>
<h1>${html(document.info.title)} API ${html(document.info.version)}</h1>
<p>${html(document.info.description ?? '')}</p>
${sections.join('\n')}
</main>
</body>
</html>`
}

const operationHtml = (document: OpenApi, path: string, method: string, operation: Operation): string => {
  const item = document.paths[path] as unknown as { parameters?: Parameter[] }
  const parameters = [...(item.parameters ?? []), ...((operation.parameters ?? []) as Parameter[])].map(p =>
    resolve<Parameter>(document, p),
  )
  const permission = operation['x-permission']
  return `<details id="${operation.operationId}"><summary><code class="${method}">${method.toUpperCase()}</code> <code>${html(path)}</code> ${html(operation.summary)}</summary>
${permission ? `<p>Permission: <code>${html(permission)}</code></p>` : '<p>Open to all.</p>'}
${parameters.length > 0 ? `<h3>Parameters</h3>${table(parameters.map(p => [`${p.name} <small>${p.in}</small>`, typeOf(document, p.schema), `${p.required ? 'Needed. ' : ''}${html(p.description ?? '')}`]))}` : ''}
${Object.entries(operation.requestBody?.content ?? {})
  .map(
    ([type, { schema }]) =>
      `<h3>Body <small>${html(type)}</small></h3>${schemaHtml(document, schema as Schema)}`,
  )
  .join('')}
<h3>Answers</h3>${Object.entries(operation.responses)
    .map(([status, response]) => responseHtml(document, status, response as Response))
    .join('')}</details>`
}

const responseHtml = (document: OpenApi, status: string, given: Response): string => {
  const response = resolve<Response>(document, given)
  const bodies = Object.entries(response.content ?? {})
    .map(([type, { schema }]) => `<small>${html(type)}</small>${schemaHtml(document, schema)}`)
    .join('')
  return `<p><strong>${html(status === 'default' ? 'otherwise' : status)}</strong> ${html(response.description ?? '')}</p>${bodies}`
}

const schemaHtml = (document: OpenApi, given: Schema | undefined, depth = 0): string => {
  const schema = given && resolve<Schema>(document, given)
  if (!schema || depth > MAX_DEPTH) return ''
  if (schema.items) return schemaHtml(document, schema.items, depth + 1)
  if (!schema.properties)
    return depth === 0 ? `<p>${typeOf(document, schema)} ${html(schema.description ?? '')}</p>` : ''
  return table(
    Object.entries(schema.properties).map(([name, child]) => {
      const resolved = resolve<Schema>(document, child)
      return [
        `${html(name)}${schema.required?.includes(name) ? ' <abbr title="needed">*</abbr>' : ''}`,
        typeOf(document, child),
        `${html(child.description ?? resolved.description ?? '')}${schemaHtml(document, child, depth + 1)}`,
      ]
    }),
  )
}

const typeOf = (document: OpenApi, given: Schema | undefined): string => {
  if (!given) return ''
  const schema = resolve<Schema>(document, given)
  if (schema.enum) return schema.enum.map(v => `<code>${html(String(v))}</code>`).join(' | ')
  if (schema.const !== undefined) return `<code>${html(JSON.stringify(schema.const))}</code>`
  if (schema.items) return `list of ${typeOf(document, schema.items) || 'objects'}`
  return html([[schema.type ?? 'any'].flat().join(' or '), schema.format].filter(Boolean).join(', '))
}

const table = (rows: string[][]): string =>
  `<table>${rows.map(([name, type, about]) => `<tr><th scope="row"><code>${name}</code></th><td>${type}</td><td>${about}</td></tr>`).join('')}</table>`

const resolve = <T extends { $ref?: string }>(document: OpenApi, value: T): T => {
  if (!value.$ref) return value
  const target = value.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document)
  return resolve(document, target as T)
}

const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
