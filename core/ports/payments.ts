/*
 * What payments need from a bank that is reached by files: a file of instructions goes out, reports about it
 * come back. Both are streams, because a cycle can have millions of payments.
 */
import type { Issue } from '../kernel/index.ts'
import type { UnifiedCode } from './plugin.ts'

/** An account that can be paid. `value` is an IBAN, a national account number, or a phone number in E.164. */
export type PayableAccount = {
  kind: 'iban' | 'bank_account' | 'mobile_wallet'
  value: string
  /** The BIC, else the national code, of the bank or wallet provider. */
  bankCode?: string | undefined
}

/** One payment to make. `endToEndId` is permanent: a retry of the same attempt carries the same one. */
export type PaymentInstruction = {
  /** 1 to 35 characters of `A-Z a-z 0-9 / - ? : ( ) . , ' +`; no slash at either end, no two in a row. */
  endToEndId: string
  amountMinor: bigint
  currency: string
  creditor: { name: string; account: PayableAccount }
  /** What the payee reads on the statement; may be empty. */
  remittance: string
}

/** What a file says about all of its instructions. */
export type PaymentFileHeader = {
  /** Permanent and unique per payer; the same characters as an end-to-end id, and short enough for `groupId`. */
  messageId: string
  created: Date
  /** The day the bank is asked to pay on (`YYYY-MM-DD`). */
  requestedExecutionDate: string
  debtor: {
    name: string
    account: PayableAccount /** BIC or national code of the payer's bank. */
    agent: string
  }
  currency: string
  /** How many instructions follow, and their sum. The file states both, so both are held to. */
  count: number
  totalMinor: bigint
}

export type PaymentFileWriter = {
  /**
   * What would keep an instruction out of a file; empty when nothing does. Pointers are into the instruction.
   * Ask before a batch is approved: `write` refuses the whole file for one bad instruction.
   */
  check(instruction: PaymentInstruction): Issue[]

  /**
   * The file, in pieces of UTF-8. Memory use does not depend on the number of instructions.
   *
   * Throws `invalid` (pointers into the header, or `/instructions/{position}/…`), and `rule_violated`
   * (`control-total`) when the instructions turn out not to be those the header announced. Pieces came out
   * by then: what was written before an error must never be sent.
   */
  write(
    header: PaymentFileHeader,
    instructions: AsyncIterable<PaymentInstruction> | Iterable<PaymentInstruction>,
  ): AsyncIterable<Buffer>

  /**
   * The id, within a file, of the group that holds the instruction at a position (from 0). A bank that rejects
   * a whole group names this id alone.
   */
  groupId(messageId: string, position: number): string
}

/**
 * What a bank says of a payment or of a group of them. `settled` and `rejected` are final; `accepted` is a
 * promise; `pending` is everything else, also every status that is not known here: never success, never failure.
 */
export type ReportedStatus = 'accepted' | 'settled' | 'pending' | 'rejected'

type Reported = {
  status: ReportedStatus
  /** The bank's own status code, for people. */
  nativeStatus: string | undefined
  /** The bank's reason code: `explain` tells what it means. */
  reasonCode: string | undefined
  /** What the bank added in its own words. Text from outside: show it, do not act on it. */
  reasonText: string | undefined
}

/**
 * A statement about all instructions of a file (`groupId` absent) or of one group in it. It holds for those
 * about which the report says nothing of their own.
 */
export type GroupReport = Reported & {
  kind: 'group'
  /** The report's own id: the same report may arrive twice. */
  reportId: string
  /** The `messageId` of the file it is about. */
  messageId: string
  groupId: string | undefined
}

/** A statement about one instruction. What has no end-to-end id cannot be matched and is for a person. */
export type TransactionReport = Reported & {
  kind: 'transaction'
  endToEndId: string | undefined
  instructionId: string | undefined
  /** The amount and currency of the instruction as the bank repeats it, when it does. */
  amountMinor: bigint | undefined
  currency: string | undefined
  /** Where in the file it begins. */
  line: number
}

/** Why payments fail, grouped by what cures it. */
export type FailureCause = Extract<
  UnifiedCode,
  'wrong_account' | 'closed_account' | 'blocked' | 'insufficient_funds' | 'provider_down' | 'unknown'
>

/**
 * What cures a failed payment: another account by change request, a new attempt, money in the payer's account
 * and then a new attempt, or a person who finds out.
 */
export type Repair = 'change_account' | 'retry' | 'fund_and_retry' | 'review'

/** A reason code in plain words (English; the code is the key for other languages), with its cure. */
export type ReasonExplanation = { words: string; cause: FailureCause; repair: Repair }

export type PaymentReportReader = {
  /**
   * What a report says, item by item, in the order of the file: groups come before their transactions.
   * Memory use does not depend on the length of the file.
   *
   * Throws `invalid` when the file is not whole, well-formed and in UTF-8, `unsupported` when it is another
   * kind of message and `too_large` when it is beyond the limits, always with line and column. Items came out
   * by then: what was read before an error must not be acted on.
   */
  read(bytes: AsyncIterable<Uint8Array>): AsyncIterable<GroupReport | TransactionReport>

  /** What a reason code means. A code that is absent or in no list is `unknown`, for a person to review. */
  explain(reasonCode: string | undefined): ReasonExplanation
}
