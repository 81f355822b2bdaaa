import type { Context } from 'koa'
import type { Problem } from './problem.ts'

/** Problems that OAuth has a code for. */
const OF_TYPE: Record<string, string> = {
  '/problems/unauthenticated': 'invalid_client',
  '/problems/invalid-scope': 'invalid_scope',
  '/problems/unsupported-grant-type': 'unsupported_grant_type',
  '/problems/internal': 'server_error',
}

/** The rest, by status. The codes for 429 and 503 are those of RFC 6749 section 4.1.2.1. */
const codeOf = ({ type, status }: Problem): string =>
  OF_TYPE[type] ?? (status === 429 || status === 503 ? 'temporarily_unavailable' : 'invalid_request')

/** The characters that a description may have (RFC 6749 section 5.2): no quotes, no backslash, ASCII. */
const plain = (text: string) => text.replaceAll('"', "'").replaceAll(/[^\x20-\x7e]|\\/g, '?')

/** A problem as OAuth tells it (RFC 6749 section 5.2). */
export const oauthErrorOf = (problem: Problem): { error: string; error_description: string } => ({
  error: codeOf(problem),
  error_description: plain(problem.errors?.map(e => `${e.pointer} ${e.detail}`).join(' ') ?? problem.detail),
})

/** Puts it in the place of the problem that was to be answered. */
export const answerAsOAuth = (ctx: Context, problem: Problem): void => {
  ctx.body = JSON.stringify(oauthErrorOf(problem))
  ctx.set('Content-Type', 'application/json')
  if (problem.status === 401) ctx.set('WWW-Authenticate', 'Basic realm="annona", charset="UTF-8"')
}
