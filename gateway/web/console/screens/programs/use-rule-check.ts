import { useEffect, useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type ApiProblem, messageOf } from '../../../ui/api/problem.ts'
import { asProblem } from '../../../ui/api/queries.ts'
import { textNow, textOr } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { Target } from './words.tsx'

export type RuleCheck = {
  isChecking: boolean
  /** How many would be eligible today, within reach; undefined while a rule is wrong, or nothing is known yet. */
  matches: number | undefined
  /** What is wrong, by the pointer of the rule (`/rules/0`). */
  errors: Readonly<Record<string, string>>
  /** Why nothing could be checked. */
  problem: string | undefined
}

const NOTHING: RuleCheck = { isChecking: false, matches: undefined, errors: {}, problem: undefined }
const TYPING_MS = 500

type Asked = { target: Target; rules: readonly string[]; code: string | undefined }

/** Whom the rules that are being written would let in, a moment after the last letter. `code`: of a program that is there. */
export const useRuleCheck = ({ target, rules, code }: Asked): RuleCheck => {
  const may = useMay('rule:evaluate')
  const [check, setCheck] = useState(NOTHING)
  const question = JSON.stringify([target, rules.map(rule => rule.trim()), code, may])
  useEffect(() => {
    const written = rules.flatMap((rule, at) => (rule.trim() === '' ? [] : [{ text: rule.trim(), at }]))
    if (!may || written.length === 0) return setCheck(NOTHING)
    setCheck(before => ({ ...before, isChecking: true }))
    const abort = new AbortController()
    const placed = (errors: readonly { pointer: string; code: string; detail: string }[]) =>
      Object.fromEntries(
        errors.flatMap(error => {
          const rule = written[Number(/^\/rules\/(\d+)/.exec(error.pointer)?.[1])]
          return rule ? [[`/rules/${rule.at}`, issueText(error)]] : []
        }),
      )
    const ask = async () => {
      const texts = written.map(({ text }) => text)
      try {
        const { issues, matches } = await send({ target, rules: texts, code }, abort.signal)
        const found = { matches: matches ?? undefined, errors: placed(issues) }
        if (!abort.signal.aborted) setCheck({ ...NOTHING, ...found })
      } catch (error) {
        if (!abort.signal.aborted) setCheck(failed(asProblem(error), placed))
      }
    }
    const timer = setTimeout(() => void ask(), TYPING_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [question])
  return check
}

const send = ({ target, rules, code }: Asked, signal: AbortSignal) =>
  code === undefined
    ? dataOf(api.POST('/api/v1/eligibility-checks', { body: { target, rules: [...rules] }, signal }))
    : dataOf(
        api.POST('/api/v1/programs/{code}/eligibility-checks', {
          params: { path: { code } },
          body: { rules: [...rules] },
          signal,
        }),
      )

const failed = (problem: ApiProblem, placed: (errors: ApiProblem['errors']) => RuleCheck['errors']) => {
  const errors = placed(problem.errors)
  return Object.keys(errors).length > 0 ? { ...NOTHING, errors } : { ...NOTHING, problem: messageOf(problem) }
}

/** What is wrong with a rule: where, of what kind, and the server's words for what would be right. */
export const issueText = ({ code, detail }: { code: string; detail: string }): string => {
  const [, line, column, words] = /^Line (\d+), column (\d+): (.*)$/s.exec(detail) ?? []
  if (line === undefined || column === undefined || words === undefined) return detail
  const kind = textOr('programs', `rules.kinds.${code}`, code)
  return textNow('programs')('rules.issue', { line, column, kind, words })
}
