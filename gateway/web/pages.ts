import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Middleware } from 'koa'
import type { OpenApi } from '../openapi/bundle.ts'
import { docsPage } from './docs/page.ts'
import { readVerifierPage } from './verifier/assets.ts'

type Resource = { type: string; data: Buffer; gzipped: Buffer; keep: string }

const KEEP = {
  never: 'no-store',
  briefly: 'public, max-age=300',
  forever: 'public, max-age=31536000, immutable',
}

const resource = (type: string, keep: keyof typeof KEEP, content: string | Buffer): Resource => {
  const data = Buffer.from(content)
  return { type, data, gzipped: gzipSync(data), keep: KEEP[keep] }
}

/**
 * The pages that the gateway serves, read once: the API reference and the verifier's page, with what they need.
 * Whoever asks for nothing in particular gets to the console.
 */
export const pageRoutes = (document: OpenApi): Middleware => {
  const verifier = readVerifierPage()
  const docsStyle = readFileSync(join(import.meta.dirname, 'docs', 'docs.css'))
  const resources = new Map([
    ['/docs', resource('text/html', 'never', docsPage(document))],
    ['/assets/docs.css', resource('text/css', 'briefly', docsStyle)],
    ['/verify', resource('text/html', 'never', verifier.html)],
    ...Object.entries(verifier.assets).map(
      ([path, { type, data }]) => [path, resource(type, 'forever', data)] as const,
    ),
  ])
  return async (ctx, next) => {
    if (ctx.path === '/' && ['GET', 'HEAD'].includes(ctx.method)) {
      ctx.status = 303
      ctx.redirect('/console')
      return
    }
    const found = resources.get(ctx.path)
    if (!found || !['GET', 'HEAD'].includes(ctx.method)) return next()
    const gzip = ctx.acceptsEncodings('gzip') === 'gzip'
    ctx.type = found.type
    ctx.set('Cache-Control', found.keep)
    ctx.set('Vary', 'Accept-Encoding')
    if (gzip) ctx.set('Content-Encoding', 'gzip')
    ctx.body = gzip ? found.gzipped : found.data
  }
}
