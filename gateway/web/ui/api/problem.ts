import { textOr } from '../i18n/index.ts'

export type FieldError = { pointer: string; code: string; detail: string }

/** What the API said no with (RFC 9457), or that it could not be reached: then `status` is 0. */
export class ApiProblem extends Error {
  readonly status: number
  readonly rule: string | undefined
  readonly title: string
  readonly detail: string
  readonly errors: readonly FieldError[]
  /** The id of the request, to ask after it. */
  readonly instance: string | undefined
  /** Seconds to wait before it is tried again. */
  readonly retryAfter: number | undefined

  constructor(said: {
    status: number
    title: string
    detail: string
    rule?: string | undefined
    instance?: string | undefined
    retryAfter?: number | undefined
    errors?: readonly FieldError[]
  }) {
    super(said.detail)
    this.name = 'ApiProblem'
    this.status = said.status
    this.rule = said.rule
    this.title = said.title
    this.detail = said.detail
    this.instance = said.instance
    this.retryAfter = said.retryAfter
    this.errors = said.errors ?? []
  }
}

/**
 * A refusal of something that was sent as a part of more, with the pointers from that part on: a form that makes one
 * thing of a list shows at its field `code` what is said of `/areas/0/code`.
 */
export const seenFrom = (prefix: string, problem: unknown): unknown =>
  pointedAt(problem, pointer => (pointer.startsWith(`${prefix}/`) ? pointer.slice(prefix.length) : pointer))

/** The same refusal with its errors at other pointers: those of the fields that a form has for what was sent. */
export const pointedAt = (problem: unknown, place: (pointer: string) => string): unknown => {
  if (!(problem instanceof ApiProblem)) return problem
  const errors = problem.errors.map(error => ({ ...error, pointer: place(error.pointer) }))
  const { status, title, detail, rule, instance, retryAfter } = problem
  return new ApiProblem({ status, title, detail, rule, instance, retryAfter, errors })
}

/** Whether nobody answered. */
export const isOffline = (problem: ApiProblem): boolean => problem.status === 0

/**
 * What to tell whoever reads: what their language has for the rule, else for the status, else the server's own words.
 */
export const messageOf = (problem: ApiProblem): string =>
  textOr('problems', `rules.${problem.rule}`, textOr('problems', `status.${problem.status}`, problem.detail))

/** The same for one field: by its code. */
export const fieldMessageOf = ({ code, detail }: FieldError): string =>
  textOr('problems', `fields.${code}`, detail)

/** Reads an answer that is not a success. */
export const problemOf = async (response: Response): Promise<ApiProblem> => {
  const said = await response.json().catch(() => ({}))
  const wait = response.headers.get('Retry-After')
  return new ApiProblem({
    title: String(said.title ?? response.statusText),
    detail: String(said.detail ?? response.statusText),
    ...said,
    status: response.status,
    retryAfter: wait === null ? undefined : Number(wait),
  })
}

/** Nobody answered. */
export const unreachable = (): ApiProblem =>
  new ApiProblem({
    status: 0,
    rule: 'offline',
    title: 'No connection',
    detail: 'The server cannot be reached.',
  })
