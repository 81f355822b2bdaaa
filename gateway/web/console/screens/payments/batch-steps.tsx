import { type Step, type StepState, Steps } from '../../../ui/components/steps.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import type { Batch, BatchState } from './words.tsx'

const KEYS = ['made', 'submitted', 'approved', 'sent', 'reported', 'reconciled'] as const

/** How many of the steps are behind a batch that is in a state. */
const PASSED: Record<BatchState, number> = {
  draft: 1,
  submitted: 2,
  approved: 3,
  sending: 3,
  sent: 4,
  reconciled: 6,
  cancelled: 1,
}

/** Whether the bank has said anything yet. */
export const isReported = ({ outcomes }: Batch): boolean =>
  outcomes.some(({ state }) => !['prepared', 'sent', 'cancelled'].includes(state))

const passedBy = (batch: Batch): number => {
  if (!batch.isFilled) return 0
  if (batch.state === 'cancelled') return batch.approved ? 3 : batch.submitted ? 2 : 1
  return batch.state === 'sent' && isReported(batch) ? 5 : PASSED[batch.state]
}

/** The way of a batch, from being made to the bank's last answer: who took which step, and which is next. */
export const BatchSteps = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const format = useFormat()
  const passed = passedBy(batch)
  const signed = (step: { by: string; at: string } | null) =>
    step ? t('by', { name: step.by, when: format.relative(step.at) }) : undefined
  const hints: Partial<Record<(typeof KEYS)[number], string | undefined>> = {
    made: signed(batch.prepared),
    submitted: signed(batch.submitted),
    approved: signed(batch.approved),
    sent: batch.sentAt ? format.relative(batch.sentAt) : undefined,
  }
  const stateOf = (index: number): StepState => {
    if (index < passed) return 'done'
    if (batch.state === 'cancelled') return index === passed ? 'blocked' : 'todo'
    return index === passed ? 'current' : 'todo'
  }
  const steps: Step[] = KEYS.map((key, index) => {
    const state = stateOf(index)
    const hint = state === 'blocked' ? t('batchStates.cancelled') : state === 'done' ? hints[key] : undefined
    return { key, label: t(`steps.${key}`), state, hint }
  })
  return <Steps label={t('way')} steps={steps} />
}
