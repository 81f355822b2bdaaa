import type { Context } from 'koa'
import { DomainError, type ErrorCode, type Issue } from '#core/kernel/index.ts'

/** Every kind of refusal: its status (RFC 9110) and title. `docs/errors.md` is made from this table. */
export const PROBLEMS: Record<ErrorCode, { status: number; title: string }> = {
  invalid: { status: 400, title: 'What was sent cannot be accepted' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'This is not allowed to you' },
  not_found: { status: 404, title: 'There is no such thing' },
  conflict: { status: 409, title: 'Not possible in the present state' },
  precondition_failed: { status: 412, title: 'The thing has changed since it was read' },
  rule_violated: { status: 422, title: 'A rule does not allow it' },
  too_large: { status: 413, title: 'Too large' },
  unsupported: { status: 415, title: 'Not in a form that is understood' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available at the moment' },
}

export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  rule?: string
  errors?: readonly Issue[]
}

/** The one place where an error becomes an answer. What is not ours becomes 500 with the request's id alone. */
export const problemOf = (error: unknown, requestId: string): Problem => {
  const instance = `urn:request:${requestId}`
  if (!(error instanceof DomainError))
    return {
      type: '/problems/internal',
      title: 'Something went wrong on our side',
      status: 500,
      detail: `It is in the log under this request's id, ${requestId}. Read again what it was to change before sending it again.`,
      instance,
    }
  const { status, title } = PROBLEMS[error.code]
  return {
    type: `/problems/${error.rule ?? error.code.replaceAll('_', '-')}`,
    title,
    status,
    detail: error.message,
    instance,
    ...(error.rule ? { rule: error.rule } : {}),
    ...(error.issues.length > 0 ? { errors: error.issues } : {}),
  }
}

/** Answers with a problem (RFC 9457 section 3). */
export const sendProblem = (ctx: Context, problem: Problem, error?: unknown): void => {
  ctx.status = problem.status
  ctx.body = JSON.stringify(problem)
  ctx.set('Content-Type', 'application/problem+json')
  if (error instanceof DomainError && error.retryAfterSeconds !== undefined)
    ctx.set('Retry-After', String(error.retryAfterSeconds))
  if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer realm="annona"')
}
