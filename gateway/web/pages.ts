import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { OpenApi } from '../openapi/bundle.ts'
import { docsPage } from './docs/page.ts'

type Asset = { type: string; data: Buffer }

const asset = (type: string, ...path: string[]): Asset => ({
  type,
  data: readFileSync(join(import.meta.dirname, ...path)),
})

/** The pages that the gateway serves, read once: the API reference and the verifier's page, with what they need. */
export const pageRoutes = (document: OpenApi): Middleware => {
  const router = new Router()
  const assets: Record<string, Asset> = {
    '/assets/docs.css': asset('text/css', 'docs', 'docs.css'),
  }
  const docs = docsPage(document)
  router.get('/docs', ctx => {
    ctx.type = 'text/html'
    ctx.body = docs
  })
  for (const [path, { type, data }] of Object.entries(assets))
    router.get(path, ctx => {
      ctx.type = type
      ctx.set('Cache-Control', 'public, max-age=300')
      ctx.body = data
    })
  return router.routes() as unknown as Middleware
}
