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
  // No text becomes markup or script: not even by a mistake of ours.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const API_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** The security headers of every answer. CORS stays closed: no header opens it. */
export const headersOf = (tls: boolean): Record<string, string> => ({
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': API_POLICY,
  ...(tls ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
})

/** Sets them; the looser policy only on our own pages. */
export const securityHeaders = (tls: boolean): Middleware => {
  const headers = headersOf(tls)
  return async (ctx, next) => {
    ctx.set(headers)
    await next()
    if (ctx.response.type === 'text/html') ctx.set('Content-Security-Policy', PAGE_POLICY)
  }
}
