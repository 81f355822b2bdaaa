/** What kind of refusal this is. The gateway maps each code to one HTTP status (`gateway/problem.ts`). */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'rule_violated'
  | 'too_large'
  | 'unsupported'
  | 'rate_limited'
  | 'unavailable'

/** One thing wrong with one field. `pointer` is an RFC 6901 JSON Pointer into what the caller sent. */
export type Issue = { pointer: string; code: string; detail: string }

/**
 * The only error the core throws on purpose. `message` is public: it says what was wrong and what would be
 * right. `cause` is private: it is logged, never shown. `rule` names the broken rule in kebab-case, stable
 * for machines (`maker-is-checker`, `fund-exceeded`).
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly Issue[]
  readonly rule: string | undefined
  readonly retryAfterSeconds: number | undefined
  /** What was done before refusing is meant to stay: the unit of work commits all the same. */
  readonly keeps: boolean

  constructor(
    code: ErrorCode,
    message: string,
    more: {
      issues?: readonly Issue[]
      rule?: string | undefined
      cause?: unknown
      retryAfterSeconds?: number
      keeps?: boolean
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'DomainError'
    this.code = code
    this.issues = more.issues ?? []
    this.rule = more.rule
    this.retryAfterSeconds = more.retryAfterSeconds
    this.keeps = more.keeps ?? false
  }
}

/** The thing does not exist, or the caller may not know whether it does: the answer is the same. */
export const notFound = (what: string) => new DomainError('not_found', `There is no such ${what}.`)

/** What was sent cannot be accepted as it is; every problem is listed at once. */
export const invalid = (issues: readonly Issue[], message = 'What was sent cannot be accepted.') =>
  new DomainError('invalid', message, { issues })

/** One field is wrong. */
export const invalidField = (pointer: string, code: string, detail: string) =>
  invalid([{ pointer, code, detail }], detail)

/** The caller lacks a permission. */
export const forbidden = (detail: string, rule?: string) => new DomainError('forbidden', detail, { rule })

/** The thing is not in a state, or no longer in the version, in which this can be done. */
export const conflict = (detail: string, rule?: string) => new DomainError('conflict', detail, { rule })

/**
 * Refuses a change of a thing by whoever had read another version of it than stands now. `expected`: the version that was
 * read, when the caller says so.
 */
export const requireVersion = (
  what: string,
  current: number,
  expected: number | undefined,
  rule?: string,
): void => {
  if (expected !== undefined && expected !== current)
    throw new DomainError(
      'precondition_failed',
      `The ${what} has changed since it was read. Read it again.`,
      {
        rule,
      },
    )
}

/** A rule of the domain says no (`fund-exceeded`, `maker-is-checker`). */
export const ruleViolated = (rule: string, detail: string) =>
  new DomainError('rule_violated', detail, { rule })

/** Something the answer depends on does not answer now; trying again later may work. */
export const unavailable = (detail: string, cause?: unknown) =>
  new DomainError('unavailable', detail, { cause, retryAfterSeconds: 2 })
