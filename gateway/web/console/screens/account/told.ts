import { ApiProblem } from '../../../ui/api/problem.ts'
import { hasText, textNow } from '../../../ui/i18n/index.ts'
import type { KeyOf, Namespaces } from '../../../ui/i18n/namespaces.ts'
import { refusedWith } from '../../shell/sign-in-form.tsx'

/** Rules that are about one field of the form that was sent. */
const FIELDS: Record<string, string> = { 'wrong-password': '/password', 'wrong-code': '/code' }

const own = (key: string): string | undefined =>
  hasText('account', key) ? textNow('account')(key as KeyOf<Namespaces['account']>) : undefined

/** Does something; what it is refused with is told in words of this part, at the field that it is about. */
export const told = async <R>(work: Promise<R>): Promise<R> => {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    throw inWords(error)
  }
}

const inWords = (problem: ApiProblem): ApiProblem => {
  const { rule = '', status, title, errors } = problem
  if (status === 429) return refusedWith(problem, own('refusals.limited')!)
  const text = own(`refusals.${rule}`)
  if (text !== undefined) {
    const field = FIELDS[rule]
    return field ? refusedWith(problem, text, field) : new ApiProblem({ status, title, detail: text })
  }
  if (errors.length === 0) return problem
  const named = errors.map(error => {
    const detail = own(`fields.${error.code}`)
    return detail === undefined ? error : { ...error, code: 'told', detail }
  })
  return new ApiProblem({ status, title, detail: problem.detail, errors: named })
}
