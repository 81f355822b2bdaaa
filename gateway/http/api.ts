import type { Context, Middleware } from 'koa'
import { type Context as ApiContext, type Operation as ApiOperation, OpenAPIBackend } from 'openapi-backend'
import { type Permission, requirePermission } from '#core/access/index.ts'
import { pgCode } from '#core/db/index.ts'
import type { Idempotency } from '#core/idempotency/index.ts'
import { type Actor, type Ctx, DomainError, invalid, invalidField, systemCtx } from '#core/kernel/index.ts'
import { type Limits, networkOf } from '#core/limits/index.ts'
import { type Identity, requireFinished } from '../auth/identity.ts'
import { createAjv } from '../openapi/ajv.ts'
import type { OpenApi, Operation } from '../openapi/bundle.ts'
import { allowedMethods, useTrie } from '../openapi/router.ts'
import type { Call, Reply, Routes } from '../routes/kit.ts'
import { checkText, decodeOrRefuse, readForm, readJson, streamBody } from './body.ts'
import type { Patience } from './patience.ts'
import { sendProblem } from './problem.ts'
import { checkReply, headersOf, present } from './reply.ts'
import { issuesOf } from './validation.ts'

export type ApiOptions = {
  document: OpenApi
  routes: Routes
  identify: (koa: Context, isUse?: boolean) => Promise<Identity>
  limits: Limits
  idempotency: Idempotency
  requestsPerMinute: number
  maxUploadMiB: number
  validateResponses: boolean
  patience: Patience
}

/** The request on its way through the steps below. */
type Passage = { koa: Context; operation: Operation; ctx: Ctx; body: unknown }

/**
 * The API as one Koa middleware. Every request goes the same way:
 * match → authenticate → limit → permit → read the body → validate → once only → handle → present.
 */
export const createApi = async (options: ApiOptions): Promise<Middleware> => {
  const api = await backend(options)
  return async (koa, next) => {
    // HEAD is GET without the body (RFC 9110 section 9.3.2); Koa leaves it away.
    const method = koa.method === 'HEAD' ? 'GET' : koa.method
    const matched = api.router.matchOperation({ method, path: koa.path, headers: {} })
    if (!matched) {
      const allowed = allowedMethods(api, koa.path)
      if (allowed.length === 0) return next()
      koa.set('Allow', allowed.join(', '))
      return sendProblem(koa, {
        type: '/problems/method-not-allowed',
        title: 'This address does not know the method',
        status: 405,
        detail: `${koa.method} is not possible here; ${allowed.join(', ')} is.`,
        instance: `urn:request:${koa.state.requestId as string}`,
      })
    }
    const operation = matched as unknown as Operation
    if (!options.routes[operation.operationId]) return next()
    koa.state.operation = operation.operationId
    koa.state.errors = operation['x-errors']
    const ctx = await admit(options, koa, operation)
    const body = await bodyOf(koa, operation, options.patience)
    const passage: Passage = { koa, operation, ctx, body }
    const request = {
      method,
      path: koa.path,
      headers: koa.headers as Record<string, string | string[]>,
      query: koa.querystring,
      ...(body === undefined ? {} : { body }),
    }
    present(koa, await api.handleRequest(request, passage))
  }
}

const backend = async (options: ApiOptions): Promise<OpenAPIBackend> => {
  const api = new OpenAPIBackend({
    definition: structuredClone(options.document) as never,
    strict: true,
    quick: true,
    coerceTypes: true,
    customizeAjv: (_ajv, ajvOptions) => createAjv({ ...ajvOptions }) as never,
    handlers: {
      validationFail: (c: ApiContext) => {
        throw invalid(issuesOf(c.validation.errors ?? []))
      },
      notFound: () => {
        throw new DomainError('not_found', 'There is nothing at this address. See /docs.')
      },
    },
    // Who calls is settled before (`admit`); the document's requirement is met by then.
    securityHandlers: { bearer: () => true, cookie: () => true },
  })
  await api.init()
  useTrie(api)
  for (const [operationId, handler] of Object.entries(options.routes))
    api.registerHandler(operationId, async (c: ApiContext, passage: Passage) => {
      const call = toCall(options, c, passage)
      return onceOnly(options, passage, call, async () => {
        const reply = await handler(call).catch(cursorNotOurs(call))
        return options.validateResponses ? checkReply(api, c.operation as ApiOperation, reply) : reply
      })
    })
  return api
}

/** Who calls, within their rate, and allowed to. An operation with `security: []` is open to all. */
const admit = async (options: ApiOptions, koa: Context, operation: Operation): Promise<Ctx> => {
  const requestId = koa.state.requestId as string
  const address = koa.ip
  if (operation.security?.length === 0) {
    await options.limits.take(`address:${networkOf(address)}`, options.requestsPerMinute)
    return { ...systemCtx('anonymous', requestId), actor: ANONYMOUS, address }
  }
  const { actor, session } = await options.identify(koa, !operation['x-event-stream'])
  koa.state.actor = actor.name
  await options.limits.take(`actor:${actor.id}`, options.requestsPerMinute)
  const ctx: Ctx = { actor, requestId, address, session, reason: reasonOf(koa) }
  requireFinished(session, operation['x-part-of-sign-in'])
  if (operation['x-permission'] !== ANY) requirePermission(ctx, operation['x-permission'] as Permission)
  return ctx
}

/** The permission of operations that every account may use on itself. */
const ANY = 'any'

const ANONYMOUS: Actor = {
  kind: 'system',
  id: '00000000-0000-0000-0000-000000000001',
  name: 'anonymous',
  grants: [],
}

/** Why it is done, for the audit trail, when the caller says so (`X-Reason`, percent-encoded UTF-8). */
const reasonOf = (koa: Context): string | undefined => {
  const given = koa.get('X-Reason')
  if (!given) return undefined
  const reason = decodeOrRefuse(given, 'X-Reason')
  checkText(reason, '/header/x-reason')
  if (reason.length > 500)
    throw invalidField('/header/x-reason', 'maxLength', 'A reason has at most 500 characters.')
  return reason
}

const FORM = 'application/x-www-form-urlencoded'

const bodyOf = async (koa: Context, operation: Operation, patience: Patience): Promise<unknown> => {
  checkText(decodeOrRefuse(koa.path, 'The address'), '/path')
  checkText(decodeOrRefuse(koa.querystring, 'The address'), '/query')
  const accepted = Object.keys(operation.requestBody?.content ?? {})
  if (accepted.length === 0) return undefined
  const length = koa.get('Content-Length')
  const hasBody = koa.get('Transfer-Encoding') !== '' || (length !== '' && length !== '0')
  if (!hasBody && !operation.requestBody?.required) return undefined
  if (!hasBody && !operation['x-stream']) throw invalidField('', 'required', 'A body is needed.')
  const type = koa.request.type
  if (!accepted.includes(type))
    throw new DomainError(
      'unsupported',
      `Send the body as ${accepted.join(' or ')}${type ? `, not as ${type}` : ''}.`,
    )
  if (koa.get('Content-Encoding') !== '')
    throw new DomainError('unsupported', 'Send the body without a Content-Encoding.')
  if (operation['x-stream']) return undefined
  return type === FORM ? readForm(koa.req, patience.body) : readJson(koa.req, patience.body)
}

const toCall = (options: ApiOptions, c: ApiContext, { koa, ctx, body }: Passage): Call => ({
  ctx,
  params: c.request.params as Record<string, string>,
  query: c.request.query as Record<string, unknown>,
  body,
  headers: koa.headers,
  stream: () => streamBody(koa.req, options.maxUploadMiB * 1_048_576, options.patience.stall),
})

/** Class 22, data exceptions: a value that the database cannot read as its type (PostgreSQL appendix A). */
const DATA_EXCEPTION = /^22/

/** A cursor is the one thing that no schema checks: one that somebody made up fails in the query it goes into. */
const cursorNotOurs =
  ({ query }: Call) =>
  (error: unknown): never => {
    if (query.cursor === undefined || !DATA_EXCEPTION.test(pgCode(error) ?? '')) throw error
    throw invalidField('/cursor', 'cursor', 'The cursor is not one that this list gave out.')
  }

/** What the caller may do where. An answer that was kept is not shown again to who has lost any of it. */
const rightsOf = ({ actor }: Ctx): string[] =>
  actor.grants
    .map(g =>
      JSON.stringify([
        [...g.permissions].toSorted(),
        [...(g.masks ?? [])].toSorted(),
        g.areaIds?.toSorted(),
        g.programIds?.toSorted(),
      ]),
    )
    .toSorted()

/** With an `Idempotency-Key`, the work is done once and its answer kept. */
const onceOnly = async (
  options: ApiOptions,
  { koa, operation, ctx }: Passage,
  call: Call,
  work: () => Promise<Reply>,
) => {
  const key = koa.get('Idempotency-Key')
  const kept = koa.method === 'POST' && key !== '' && !operation['x-stream'] && !operation['x-secret-answer']
  if (!kept || operation.security?.length === 0) return work()
  const request = {
    operation: operation.operationId,
    params: call.params,
    query: call.query,
    body: call.body ?? null,
    rights: rightsOf(ctx),
  }
  const { replayed, ...answer } = await options.idempotency.once(ctx, key, request, async () => {
    const reply = await work()
    return { status: reply.status, headers: headersOf(reply), body: reply.body }
  })
  if (replayed) koa.set('Idempotency-Replayed', 'true')
  return answer
}
