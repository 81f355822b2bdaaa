import type { Context } from 'koa'
import type { OpenAPIBackend, Operation } from 'openapi-backend'
import type { Reply } from '../routes/kit.ts'

/** The headers of a reply, its version as `ETag` among them. */
export const headersOf = ({ headers, version }: Reply): Record<string, string> => ({
  ...headers,
  ...(version === undefined ? {} : { ETag: `"v${version}"` }),
})

/** Answers with what a handler replied; a caller that has this version already is told so (RFC 9110 section 13.1.2). */
export const present = (koa: Context, reply: Reply): void => {
  const headers = headersOf(reply)
  koa.status = reply.status
  koa.set(headers)
  if (reply.raw) {
    koa.type = reply.raw.type
    koa.body = reply.raw.data
  } else if (reply.body !== undefined) {
    koa.type = 'application/json'
    koa.body = JSON.stringify(reply.body)
  } else if (reply.status !== 204) koa.body = ''
  const isRead = koa.method === 'GET' || koa.method === 'HEAD'
  if (isRead && isKnown(koa.get('If-None-Match'), headers.ETag)) koa.status = 304
}

const isKnown = (ifNoneMatch: string, etag: string | undefined): boolean =>
  etag !== undefined && ifNoneMatch.split(',').some(known => ['*', etag, `W/${etag}`].includes(known.trim()))

/**
 * In tests and development: a reply that the API document does not describe is our error. Throws, so that
 * nothing of it is kept.
 */
export const checkReply = (api: OpenAPIBackend, operation: Operation, reply: Reply): Reply => {
  const wrong = (what: string) =>
    new Error(`${operation.operationId} answered ${reply.status} against its document: ${what}`)
  const described = operation.responses?.[String(reply.status)] as { content?: object } | undefined
  if (!described) throw wrong('there is no such status')
  if (reply.raw) return reply
  if (reply.body === undefined && 'application/json' in (described.content ?? {})) throw wrong('no body')
  if (reply.body !== undefined && !described.content) throw wrong('a body')
  if (reply.body === undefined) return reply
  const plain: unknown = JSON.parse(JSON.stringify(reply.body))
  const { errors } = api.validateResponse(plain, operation, reply.status)
  if (errors) throw wrong(errors.map(e => `${e.instancePath} ${e.message}`).join('; '))
  return reply
}
