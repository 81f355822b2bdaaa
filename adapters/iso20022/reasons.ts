import type { FailureCause, ReasonExplanation, Repair, ReportedStatus } from '#core/ports/payments.ts'

/**
 * Statuses of groups and transactions (ISO 20022 external code sets, `ExternalPaymentGroupStatus1Code` and
 * `ExternalPaymentTransactionStatus1Code`). All others are `pending`: `RCVD`, `PDNG` and `PART` by meaning, a
 * code we do not know because it must be neither success nor failure, and `CANC` and `BLCK` because we have
 * asked for neither, so that a person has to look.
 */
const STATUS: ReadonlyMap<string, ReportedStatus> = new Map([
  ['ACTC', 'accepted'],
  ['ACCP', 'accepted'],
  ['ACFC', 'accepted'],
  ['ACSP', 'accepted'],
  ['ACWC', 'accepted'],
  ['ACWP', 'accepted'],
  ['ACSC', 'settled'],
  ['ACCC', 'settled'],
  ['RJCT', 'rejected'],
])

export const statusOf = (code: string | undefined): ReportedStatus =>
  (code === undefined ? undefined : STATUS.get(code)) ?? 'pending'

const REPAIR: Record<FailureCause, Repair> = {
  wrong_account: 'change_account',
  closed_account: 'change_account',
  blocked: 'review',
  insufficient_funds: 'fund_and_retry',
  provider_down: 'retry',
  unknown: 'review',
}

/**
 * Reasons of a rejection (`ExternalStatusReason1Code`), as far as they occur with credit transfers. What is
 * wrong on the payer's side or in the file is `unknown` on purpose: no change to the payee's account cures it.
 */
const REASONS: Record<FailureCause, Record<string, string>> = {
  wrong_account: {
    AC01: 'The account number is wrong or has the wrong format.',
    AC03: "The payee's account number is wrong or missing.",
    AC11: "The payee's account is in another currency.",
    AC14: "The payee's account is of a type that cannot be paid to.",
    BE01: 'The account belongs to somebody else.',
    BE06: "The payee is not known at the payee's bank.",
    BE23: 'The phone number or alias is not linked to an account.',
    CNOR: "The payee's bank is not reachable through this clearing system.",
    RC01: 'The bank code is wrong.',
    RC04: "The code of the payee's bank is wrong or missing.",
  },
  closed_account: {
    AC04: 'The account is closed.',
    AC07: "The payee's account is closed.",
  },
  blocked: {
    AC06: 'The account is blocked.',
    AG01: 'This kind of payment is not allowed on the account.',
    MD07: 'The account holder has died.',
    RR04: 'A regulation forbids the payment.',
  },
  insufficient_funds: {
    AM04: "There is not enough money in the payer's account.",
    AM23: "There is not enough money in the payer's account at the clearing system.",
  },
  provider_down: {
    AB03: 'The payment was not settled in time.',
    AB05: "The payee's bank did not answer in time.",
    AB06: 'A bank on the way did not answer in time.',
    AB07: 'A bank on the way was not connected.',
    AB08: "The payee's bank was not connected.",
    AB09: "The payee's bank had an error.",
    AB10: 'A bank on the way had an error.',
    ED05: 'The settlement failed.',
    TM01: 'The file came after the closing time of the day.',
  },
  unknown: {
    AC02: "The payer's account number is wrong.",
    AC05: "The payer's account is closed.",
    AG03: 'The bank does not offer this kind of payment.',
    AM02: 'The amount is not allowed.',
    AM03: 'The currency is not allowed.',
    AM05: 'The bank says that it has this payment already. It must not be sent again.',
    AM10: 'The sum in the file does not agree with its payments.',
    AM14: 'The amount is above the limit agreed with the bank.',
    AM18: 'The number of payments in the file does not agree.',
    DT01: 'The execution date is not possible.',
    DU01: 'The bank has a file with this id already. It must not be sent again.',
    DU03: 'The bank has this payment already. It must not be sent again.',
    DU04: 'The bank has a payment with this end-to-end id already. It must not be sent again.',
    FF01: 'The file has a format the bank does not accept.',
    MS02: 'The account holder refused, without saying why.',
    MS03: 'The bank gave no reason.',
    NARR: 'The bank explains it in its own words.',
  },
}

const EXPLANATIONS: ReadonlyMap<string, ReasonExplanation> = new Map(
  (Object.keys(REASONS) as FailureCause[]).flatMap(cause =>
    Object.entries(REASONS[cause]).map(
      ([code, words]) => [code, { words, cause, repair: REPAIR[cause] }] as const,
    ),
  ),
)

/** See `PaymentReportReader.explain`. */
export const explainReason = (code: string | undefined): ReasonExplanation =>
  (code === undefined ? undefined : EXPLANATIONS.get(code)) ?? {
    words:
      code === undefined
        ? 'The bank gave no reason.'
        : `The bank gave a reason that is not in the list: ${code}.`,
    cause: 'unknown',
    repair: REPAIR.unknown,
  }
