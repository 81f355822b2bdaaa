import type { PaymentInstruction } from '../ports/payments.ts'
import { markBad, toCheck } from './candidates.sql.ts'
import type { PaymentsDeps } from './index.ts'
import type { ExceptionCause } from './rules.ts'

type CandidateRow = {
  payment_id: string
  end_to_end_id: string
  amount: string
  payee_name: string
  account_kind: PaymentInstruction['creditor']['account']['kind']
  account_value: string
  bank_code: string | null
}

/** The instruction that a row of an attempt stands for. */
export const toInstruction = (
  row: Omit<CandidateRow, 'payment_id'>,
  currency: string,
  remittance: string,
): PaymentInstruction => ({
  endToEndId: row.end_to_end_id,
  amountMinor: BigInt(row.amount),
  currency,
  creditor: {
    name: row.payee_name,
    account: { kind: row.account_kind, value: row.account_value, bankCode: row.bank_code ?? undefined },
  },
  remittance,
})

/** Has the writer check the candidates, and marks those it would refuse: one of them would spoil the whole file. */
export const checkCandidates = async (
  { db, writer }: PaymentsDeps,
  batch: { currency: string; remittance: string },
): Promise<void> => {
  const ids: string[] = []
  const causes: ExceptionCause[] = []
  const details: string[] = []
  for (const row of await db.query<CandidateRow>(toCheck)) {
    const [issue] = writer.check(toInstruction(row, batch.currency, batch.remittance))
    if (!issue) continue
    ids.push(row.payment_id)
    causes.push(issue.pointer.startsWith('/creditor/account') ? 'bad_account' : 'bad_details')
    details.push(issue.detail)
  }
  if (ids.length > 0) await db.run(markBad(ids, causes, details))
}
