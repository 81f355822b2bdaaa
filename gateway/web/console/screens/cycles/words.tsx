import type { AnswerOf } from '../../../ui/api/queries.ts'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { Money } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { textOr, useText } from '../../../ui/i18n/index.ts'

export type Cycle = AnswerOf<'/api/v1/cycles/{reference}'>
export type CycleState = Cycle['state']
export type Entitlement = AnswerOf<'/api/v1/entitlements/{reference}'>
export type EntitlementStatus = Entitlement['status']

export const CYCLE_STATES = [
  'draft',
  'prepared',
  'submitted',
  'approved',
  'distributing',
  'closed',
  'cancelled',
] as const satisfies readonly CycleState[]

export const ENTITLEMENT_STATUSES = [
  'draft',
  'approved',
  'fulfilled',
  'cancelled',
  'expired',
] as const satisfies readonly EntitlementStatus[]

const TONES: Record<CycleState, Tone> = {
  draft: 'neutral',
  prepared: 'info',
  submitted: 'warning',
  approved: 'good',
  distributing: 'good',
  closed: 'info',
  cancelled: 'bad',
}
const STATUS_TONES: Record<EntitlementStatus, Tone> = {
  draft: 'neutral',
  approved: 'info',
  fulfilled: 'good',
  cancelled: 'bad',
  expired: 'warning',
}

/** The state of a cycle, in a word. */
export const CycleTag = ({ state }: { state: CycleState }) => {
  const t = useText('cycles')
  return <Tag tone={TONES[state]}>{t(`states.${state}`)}</Tag>
}

/** What became of an entitlement, in a word. */
export const EntitlementTag = ({ status }: { status: EntitlementStatus }) => {
  const t = useText('cycles')
  return <Tag tone={STATUS_TONES[status]}>{t(`statuses.${status}`)}</Tag>
}

/** What something is counted in: money by its currency, goods by their unit. */
export type Measure = { kind: 'cash' | 'in_kind'; unit: string }

/** Money or goods. Both come as texts, and are shown to the last digit. */
export const Measured = ({ of, amount }: { of: Measure; amount: string }) => {
  useText('cycles')
  const format = useFormat()
  if (of.kind === 'cash') return <Money amount={amount} currency={of.unit} />
  return (
    <span class="an-nowrap">
      {/* Formatting takes a decimal text as it is: no digit is lost on the way. */}
      <bdi class="an-number">{format.number(amount as unknown as number)}</bdi>{' '}
      <bdi>{textOr('cycles', `units.${of.unit}`, of.unit)}</bdi>
    </span>
  )
}
