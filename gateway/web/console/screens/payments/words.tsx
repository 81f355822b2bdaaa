import type { components } from '../../../ui/api/schema.generated.ts'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'

type Schemas = components['schemas']
export type Batch = Schemas['PaymentBatchDetail']
export type BatchState = Schemas['PaymentBatchState']
export type PaymentState = Schemas['PaymentState']
export type Report = Schemas['PaymentReport']
export type ReviewItem = Schemas['PaymentReviewItem']
export type Repair = Schemas['PaymentRepair']

export const BATCH_STATES: readonly BatchState[] = [
  'draft',
  'submitted',
  'approved',
  'sending',
  'sent',
  'reconciled',
  'cancelled',
]
export const PAYMENT_STATES: readonly PaymentState[] = [
  'prepared',
  'sent',
  'accepted',
  'settled',
  'failed',
  'returned',
  'unknown',
  'cancelled',
]

const BATCH_TONES: Record<BatchState, Tone> = {
  draft: 'neutral',
  submitted: 'info',
  approved: 'info',
  sending: 'info',
  sent: 'info',
  reconciled: 'good',
  cancelled: 'warning',
}
const PAYMENT_TONES: Record<PaymentState, Tone> = {
  prepared: 'neutral',
  sent: 'info',
  accepted: 'info',
  settled: 'good',
  failed: 'bad',
  returned: 'bad',
  unknown: 'warning',
  cancelled: 'neutral',
}
const REPORT_TONES: Record<Report['state'], Tone> = { received: 'info', applied: 'good', refused: 'bad' }

/** Where a batch stands. */
export const BatchTag = ({ state }: { state: BatchState }) => {
  const t = useText('payments')
  return <Tag tone={BATCH_TONES[state]}>{t(`batchStates.${state}`)}</Tag>
}

/** What became of one payment, as far as it is known. */
export const PaymentTag = ({ state }: { state: PaymentState }) => {
  const t = useText('payments')
  return <Tag tone={PAYMENT_TONES[state]}>{t(`paymentStates.${state}`)}</Tag>
}

/** What became of a report. */
export const ReportTag = ({ state }: { state: Report['state'] }) => {
  const t = useText('payments')
  return <Tag tone={REPORT_TONES[state]}>{t(`reportStates.${state}`)}</Tag>
}

/** What a bank's code for a failure means. The texts of `payment-reasons` have to be there. */
export const reasonWords = (code: string | null, otherwise: string): string =>
  textOr('payment-reasons', `codes.${code || 'none'}`, otherwise)

/** Why somebody is not in a batch. */
export const causeWords = (cause: string, otherwise: string): string =>
  textOr('payment-reasons', `exceptions.${cause}`, otherwise)

/** The end of an account number: enough to tell two apart, too little to pay to. What came masked stays as it came. */
export const maskedAccount = (value: string): string =>
  value.includes('•') || value.length <= KEPT ? value : `•••• ${value.slice(-KEPT)}`
const KEPT = 4
