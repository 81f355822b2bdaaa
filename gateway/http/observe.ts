import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { DomainError } from '#core/kernel/index.ts'
import { answerAsPage } from './error-page.ts'
import { loggable } from './log-error.ts'
import { answerAsOAuth } from './oauth-errors.ts'
import { problemOf, sendProblem } from './problem.ts'

export type Metrics = { registry: Registry; requests: Histogram<'operation' | 'status'>; errors: Counter }

export const createMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'annona_http_request_seconds',
      help: 'Time to answer a request, by operation and status',
      labelNames: ['operation', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers: [registry],
    }),
    errors: new Counter({
      name: 'annona_unexpected_errors_total',
      help: 'Errors that nobody expected',
      registers: [registry],
    }),
  }
}

const ACCEPTED_ID = /^[A-Za-z0-9._-]{8,64}$/

/**
 * The outermost step: gives the request its id (`X-Request-Id`, the caller's if it is a decent one), turns every error
 * into a problem (or what the operation has in its place), and writes one log line: never a body, a query or a token.
 */
export const observe =
  (log: Logger, metrics: Metrics): Middleware =>
  async (ctx, next) => {
    const started = performance.now()
    const given = ctx.get('X-Request-Id')
    const id = ACCEPTED_ID.test(given) ? given : randomUUID()
    ctx.state.requestId = id
    ctx.set('X-Request-Id', id)
    try {
      await next()
      if (ctx.status === 404 && !ctx.body)
        throw new DomainError('not_found', 'There is nothing at this address. See /docs.')
    } catch (error) {
      const problem = problemOf(error, id)
      if (problem.status >= 500) {
        log.error({ err: loggable(error), requestId: id, operation: ctx.state.operation }, 'request failed')
        if (problem.status === 500) metrics.errors.inc()
      }
      sendProblem(ctx, problem, error)
      if (ctx.state.errors === 'oauth') answerAsOAuth(ctx, problem)
      if (ctx.state.errors === 'page') answerAsPage(ctx, problem, ctx.path.replace(/\/callback$/, ''), error)
    }
    const seconds = (performance.now() - started) / 1000
    const operation = (ctx.state.operation as string | undefined) ?? 'none'
    metrics.requests.observe({ operation, status: String(ctx.status) }, seconds)
    log.info(
      {
        requestId: id,
        operation,
        status: ctx.status,
        ms: Math.round(seconds * 1000),
        actor: ctx.state.actor,
      },
      'request',
    )
  }
