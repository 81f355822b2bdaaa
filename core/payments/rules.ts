import type { FailureCause, PaymentInstruction, Repair, ReportedStatus } from '../ports/payments.ts'

export type BatchState = 'draft' | 'submitted' | 'approved' | 'sending' | 'sent' | 'reconciled' | 'cancelled'
export type PaymentState =
  | 'prepared'
  | 'sent'
  | 'accepted'
  | 'settled'
  | 'failed'
  | 'returned'
  | 'unknown'
  | 'cancelled'
export type ReportState = 'received' | 'applied' | 'refused'

/** Who pays: `agent` is the BIC or national code of the payer's bank. */
export type Debtor = {
  name: string
  account: PaymentInstruction['creditor']['account']
  agent: string
}

const BATCH_MOVES = {
  submit: { from: ['draft'], to: 'submitted' },
  cancel: { from: ['draft', 'submitted', 'approved'], to: 'cancelled' },
  // Again from `sending`: when its job was given up, another one goes on.
  send: { from: ['approved', 'sending'], to: 'sending' },
} as const satisfies Record<string, { from: readonly BatchState[]; to: BatchState }>
export type BatchMove = keyof typeof BATCH_MOVES

/** The state that a move leads to; undefined when it is not possible from where the batch is. */
export const afterMove = (state: BatchState, move: BatchMove): BatchState | undefined => {
  const { from, to } = BATCH_MOVES[move]
  return (from as readonly BatchState[]).includes(state) ? to : undefined
}

/**
 * What becomes of an attempt about which something is reported: another state; `keep`, because it is known already or
 * comes late; or `contradiction`, because one of two final answers must be wrong and only a person can find out which.
 */
export const verdict = (
  state: PaymentState,
  status: ReportedStatus,
): PaymentState | 'keep' | 'contradiction' => {
  if (state === 'prepared' || state === 'cancelled') return status === 'pending' ? 'keep' : 'contradiction'
  if (status === 'pending') return 'keep'
  const isOpen = state === 'sent' || state === 'accepted' || state === 'unknown'
  if (status === 'accepted') return isOpen && state !== 'accepted' ? 'accepted' : 'keep'
  if (isOpen) return status === 'settled' ? 'settled' : 'failed'
  if (status === 'settled') return state === 'failed' ? 'contradiction' : 'keep'
  return state === 'failed' ? 'keep' : 'contradiction'
}

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
const STATUSES: readonly ReportedStatus[] = ['accepted', 'settled', 'pending', 'rejected']

/** `verdict` as a table, for statements over whole sets. */
export const VERDICTS = PAYMENT_STATES.flatMap(state =>
  STATUSES.map(status => ({ state, status, verdict: verdict(state, status) })),
)

/** Why somebody could not be put into a batch. */
export type ExceptionCause =
  | 'no_recipient'
  | 'inactive'
  | 'no_account'
  | 'bad_account'
  | 'bad_details'
  | 'account_unchanged'
  | 'needs_review'
  | 'under_review'
  | 'not_due'

/** What cures an exception. Beside those of failures: somebody has to be named who receives for the group. */
export type ExceptionRepair = Repair | 'name_recipient' | 'add_account' | 'correct_details'

export const EXCEPTIONS: Record<ExceptionCause, { words: string; repair: ExceptionRepair }> = {
  no_recipient: {
    words: 'The group has neither a principal recipient nor a head.',
    repair: 'name_recipient',
  },
  inactive: { words: 'The beneficiary or the payee is disabled or has died.', repair: 'review' },
  no_account: { words: 'The payee has no preferred account.', repair: 'add_account' },
  bad_account: { words: 'The account cannot be written into a payment file.', repair: 'change_account' },
  bad_details: { words: 'The payment cannot be written into a payment file.', repair: 'correct_details' },
  account_unchanged: {
    words: 'The payment failed because of the account, and the account is still the same.',
    repair: 'change_account',
  },
  needs_review: { words: 'Why the payment failed has to be found out first.', repair: 'review' },
  under_review: { words: 'What was reported about the payment has to be reviewed first.', repair: 'review' },
  not_due: { words: 'The entitlement is no longer due.', repair: 'review' },
}

/** When a failed payment may be made anew: at once, only to another account, or not before a person has looked. */
export type RetryRule = 'always' | 'if_changed' | 'never'

/**
 * The rule for a reason of failure. One that a person has looked into (`isReviewed`) is tried again; a blocked
 * account is never blocked for somebody else's.
 */
export const retryRule = (cause: FailureCause, repair: Repair, isReviewed: boolean): RetryRule => {
  if (repair === 'change_account' || cause === 'blocked') return 'if_changed'
  return repair === 'review' && !isReviewed ? 'never' : 'always'
}
