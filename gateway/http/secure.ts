import type { Middleware } from 'koa'

/** What a page of ours may do: only what it brought itself. The decoder needs WebAssembly. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const API_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Security headers on every answer; the looser policy only for our own pages. CORS stays closed: no header opens it. */
export const securityHeaders =
  (tls: boolean): Middleware =>
  async (ctx, next) => {
    ctx.set('X-Content-Type-Options', 'nosniff')
    ctx.set('Referrer-Policy', 'no-referrer')
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin')
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin')
    ctx.set('Permissions-Policy', 'camera=(self), microphone=(), geolocation=()')
    ctx.set('Cache-Control', 'no-store')
    ctx.set('Content-Security-Policy', API_POLICY)
    if (tls) ctx.set('Strict-Transport-Security', 'max-age=31536000')
    await next()
    if (ctx.response.type === 'text/html') ctx.set('Content-Security-Policy', PAGE_POLICY)
  }
