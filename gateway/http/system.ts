import { timingSafeEqual } from 'node:crypto'
import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { type Db, pendingMigrations } from '#core/db/index.ts'
import { DomainError, sha256, unavailable } from '#core/kernel/index.ts'
import type { Config } from '../config.ts'
import type { OpenApi } from '../openapi/bundle.ts'
import type { Metrics } from './observe.ts'

type Deps = { db: Db; config: Config; document: OpenApi; metrics: Metrics }

/** Health, readiness, metrics and the API document: for machines that watch and clients that are generated. */
export const systemRoutes = ({ db, config, document, metrics }: Deps): Middleware => {
  const json = JSON.stringify(document)
  const router = new Router()

  router.get('/healthz', ctx => {
    ctx.body = 'ok'
  })

  router.get('/readyz', async ctx => {
    const pending = await pendingMigrations(db)
    if (pending.length > 0)
      throw unavailable(`The database is not up to date: ${pending.length} migrations are missing.`)
    ctx.body = 'ready'
  })

  router.get('/metrics', async ctx => {
    if (!mayReadMetrics(ctx, config))
      throw new DomainError('forbidden', 'Metrics are for this machine, or for the holder of their token.')
    ctx.type = metrics.registry.contentType
    ctx.body = await metrics.registry.metrics()
  })

  router.get('/openapi.json', ctx => {
    ctx.type = 'application/json'
    ctx.body = json
  })

  return router.routes() as unknown as Middleware
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/** A proxy on this machine asks for others: what it forwards does not come from here. */
const mayReadMetrics = (ctx: Context, config: Config): boolean =>
  config.metricsToken
    ? timingSafeEqual(sha256(ctx.get('Authorization')), sha256(`Bearer ${config.metricsToken}`))
    : LOOPBACK.has(ctx.req.socket.remoteAddress ?? '') &&
      ctx.get('X-Forwarded-For') === '' &&
      ctx.get('Forwarded') === ''
