import type { components } from '../../../ui/api/schema.generated.ts'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'

export type Approval = components['schemas']['Approval']
export type ApprovalSummary = components['schemas']['ApprovalSummary']
export type ApprovalState = components['schemas']['ApprovalState']
export type Verdict = 'approve' | 'return' | 'reject'

export const STATES: readonly ApprovalState[] = [
  'pending',
  'approved',
  'returned',
  'rejected',
  'withdrawn',
  'expired',
]

const TONES: Record<ApprovalState, Tone> = {
  pending: 'info',
  approved: 'good',
  returned: 'warning',
  rejected: 'bad',
  withdrawn: 'neutral',
  expired: 'warning',
}

/** Where a request stands. */
export const StateTag = ({ state }: { state: ApprovalState }) => {
  const t = useText('approvals')
  return <Tag tone={TONES[state]}>{t(`states.${state}`)}</Tag>
}

/** What a risk is called in a word or two. */
export const riskName = (risk: string): string => textOr('approvals', `risks.${risk}.name`, risk)

/** What exactly a risk means. */
export const riskMeaning = (risk: string): string => textOr('approvals', `risks.${risk}.means`, risk)

/** Why somebody cannot decide. */
export const reasonText = (reason: string): string => textOr('approvals', `reasons.${reason}`, reason)

/** Those that are only to be known are no warnings. */
const MILD = ['first-time', 'paid-anew', 'submitted-again']

export const riskTone = (risk: string): Tone =>
  risk === 'changed-since-submitted' ? 'bad' : MILD.includes(risk) ? 'info' : 'warning'

/** What there is to look at before deciding, each in a word or two. */
export const RiskTags = ({ risks }: { risks: readonly string[] }) => (
  <span class="ap-tags">
    {risks.map(risk => (
      <Tag key={risk} tone={riskTone(risk)} {...(risk === 'overdue' ? { icon: 'clock' } : {})}>
        {riskName(risk)}
      </Tag>
    ))}
  </span>
)
