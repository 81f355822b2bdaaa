import { ApiProblem, messageOf } from '../../../ui/api/problem.ts'

/** A refusal by a rule, at the field that it is about: `fields` has the pointers by the names of the rules. */
export const atField = (problem: unknown, fields: Readonly<Record<string, string>>): unknown => {
  if (!(problem instanceof ApiProblem)) return problem
  const pointer = problem.rule === undefined ? undefined : fields[problem.rule]
  if (pointer === undefined) return problem
  const { status, title, detail, rule } = problem
  const errors = [{ pointer, code: 'rule', detail: messageOf(problem) }]
  return new ApiProblem({ status, title, detail, errors, ...(rule === undefined ? {} : { rule }) })
}
