import { useGet } from '../../../ui/api/queries.ts'
import type { Step } from '../../../ui/components/steps.tsx'
import { type Format, useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { sumOf } from './amounts.ts'
import type { Cycle } from './words.tsx'

/** What a cycle comes to, within the reader's reach. */
export const totalsOf = (cycle: Cycle) => {
  const add = (of: 'entitlements' | 'zeros' | 'exceptions') =>
    cycle.totals.reduce((sum, total) => sum + total[of], 0)
  const cash = cycle.totals.filter(({ kind }) => kind === 'cash')
  return {
    entitlements: add('entitlements'),
    zeros: add('zeros'),
    exceptions: add('exceptions'),
    /** All of its cash, which is in one currency; none when it gives goods alone. */
    cash: cash[0] ? { amount: sumOf(cash.map(c => c.amount)), currency: cash[0].unit } : undefined,
  }
}

/** How many are enrolled in the program; undefined to those who may not know. */
export const useEnrolled = (cycle: Cycle): number | undefined => {
  const may = useMay('enrolment:read')
  const init = { params: { path: { code: cycle.program } } }
  const { data } = useGet('/api/v1/programs/{code}/enrolment-counts', init, {
    when: may && cycle.state === 'draft',
  })
  return data && (data.items.find(({ status }) => status === 'enrolled')?.count ?? 0)
}

export const useProgress = (cycle: Cycle) =>
  useGet(
    '/api/v1/cycles/{reference}/progress',
    { params: { path: { reference: cycle.reference } } },
    { when: ['approved', 'distributing', 'closed'].includes(cycle.state) },
  )

/** Verify, prepare, approve, pay: where a cycle stands, what each step came to, and what is in the way. */
export const useSteps = (cycle: Cycle): Step[] => {
  const t = useText('cycles')
  const format = useFormat()
  const enrolled = useEnrolled(cycle)
  const given = useProgress(cycle).data?.components
  const label = (key: 'verify' | 'prepare' | 'approve' | 'pay') => ({ key, label: t(`steps.${key}`) })
  const counts = given && {
    due: given.reduce((sum, c) => sum + c.due.count, 0),
    given: given.reduce((sum, c) => sum + c.given.count, 0),
  }
  return [
    { ...label('verify'), ...verify(cycle, enrolled, t, format) },
    { ...label('prepare'), ...prepare(cycle, t, format) },
    { ...label('approve'), ...approve(cycle, t, format) },
    { ...label('pay'), ...pay(cycle, counts, t, format) },
  ]
}

type Text = ReturnType<typeof useText<'cycles'>>
type Where = Pick<Step, 'state' | 'hint'>
const many = (count: number, format: Format) => ({ count, n: format.count(count) })

const verify = (cycle: Cycle, enrolled: number | undefined, t: Text, format: Format): Where => {
  if (cycle.state !== 'draft')
    return cycle.evaluationDate === null
      ? { state: 'todo' }
      : { state: 'done', hint: t('steps.verified', { day: format.day(cycle.evaluationDate) }) }
  if (enrolled === 0) return { state: 'blocked', hint: t('steps.nobody') }
  if (enrolled === undefined) return { state: 'current' }
  return { state: 'current', hint: t('steps.enrolled', many(enrolled, format)) }
}

const prepare = (cycle: Cycle, t: Text, format: Format): Where => {
  if (cycle.state === 'draft')
    return cycle.evaluationDate === null
      ? { state: 'todo' }
      : { state: 'current', hint: t('steps.preparing') }
  const { entitlements, cash } = totalsOf(cycle)
  if (entitlements === 0 && cycle.state === 'cancelled') return { state: 'todo' }
  if (entitlements === 0) return { state: 'blocked', hint: t('steps.nothing') }
  const count = t('steps.entitlements', many(entitlements, format))
  return { state: 'done', hint: cash ? `${count} · ${format.money(cash)}` : count }
}

const approve = (cycle: Cycle, t: Text, format: Format): Where => {
  const { state, approved } = cycle
  const { entitlements, exceptions } = totalsOf(cycle)
  if (state === 'draft') return { state: 'todo' }
  if (state === 'submitted') return { state: 'current', hint: t('steps.waiting') }
  if (state === 'cancelled') return { state: 'blocked', hint: t('states.cancelled') }
  if (state !== 'prepared')
    return { state: 'done', hint: approved ? t('steps.approvedBy', { name: approved.by }) : undefined }
  if (exceptions > 0) return { state: 'blocked', hint: t('steps.exceptions', many(exceptions, format)) }
  return entitlements === 0 ? { state: 'todo' } : { state: 'current', hint: t('steps.toSubmit') }
}

const pay = (
  cycle: Cycle,
  counts: { due: number; given: number } | undefined,
  t: Text,
  format: Format,
): Where => {
  if (!['approved', 'distributing', 'closed'].includes(cycle.state)) return { state: 'todo' }
  const hint =
    counts && t('steps.given', { given: format.count(counts.given), due: format.count(counts.due) })
  return { state: cycle.state === 'closed' ? 'done' : 'current', hint }
}
