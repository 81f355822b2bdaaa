import sql, { type Sql } from 'sql-template-tag'
import { andVisible, type Masking, type Masks, masking, shownAs } from '../access/index.ts'
import { insertSet } from '../audit/index.ts'
import { type Ctx, csvLine, formatMinor, formatReference } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import { EXCEPTIONS, type ExceptionCause } from './rules.ts'
import { type BatchRow, batchByReference } from './store.ts'

/** Rows read at a time. */
const PAGE = 2_000
const COLUMNS = [
  'payment',
  'end_to_end_id',
  'attempt',
  'beneficiary',
  'name',
  'account_kind',
  'account',
  'bank_code',
  'amount',
  'currency',
  'state',
  'reason_code',
  'reason',
  'repair',
]

type Beneficiary = {
  shown?: Record<string, boolean>
  kind: 'group' | 'individual'
  beneficiary_ref: string
}
type FailedRow = Beneficiary & {
  position: number
  ref: string
  end_to_end_id: string
  number: number
  payee_name: string
  account_kind: string
  account_value: string
  bank_code: string | null
  amount: string
  state: string
  reason_code: string | null
}
type LeftOutRow = Beneficiary & { id: string; name: string; amount: string; cause: ExceptionCause }

/**
 * Who was not paid by a batch, as far as the actor may see: what failed or came back, and who never got into it, with
 * the reason and what cures it. Comes as lines of CSV, with names and accounts as the actor sees them elsewhere; that it
 * was fetched is on the audit trail.
 */
export const failuresFile = (deps: PaymentsDeps) => async (ctx: Ctx, reference: string) => {
  const { db } = deps
  const batch = await batchByReference(db, ctx, 'payment:read', reference)
  const columns = { area: sql`a.area_id`, program: sql`${batch.program_id}::uuid` }
  const inReach = andVisible(ctx, 'payment:read', columns)
  await db.run(
    insertSet(
      ctx,
      {
        action: 'payment.list',
        subject: { type: 'payment-batch', id: batch.id },
        after: { state: 'failed' },
      },
      sql`SELECT p.registrant_id AS id FROM payments.attempts a JOIN payments.payments p ON p.id = a.payment_id
          WHERE a.batch_id = ${batch.id} AND a.state IN ('failed', 'returned') ${inReach}
          UNION SELECT a.payee_id FROM payments.attempts a
          WHERE a.batch_id = ${batch.id} AND a.state IN ('failed', 'returned') ${inReach}
          UNION SELECT a.registrant_id FROM payments.exceptions a WHERE a.batch_id = ${batch.id} ${inReach}`,
    ),
  )
  return linesOf(deps, batch, inReach, masking(ctx, 'payment:read', columns))
}

async function* linesOf(
  deps: PaymentsDeps,
  batch: BatchRow,
  inReach: Sql,
  mask: Masking,
): AsyncGenerator<string> {
  yield `\ufeff${csvLine(COLUMNS, ',')}`
  for (let after = -1; ; ) {
    const rows = await deps.db.query<FailedRow>(sql`
      SELECT a.position, p.ref, a.end_to_end_id, a.number, b.kind, b.ref AS beneficiary_ref, a.payee_name,
        a.account_kind, a.account_value, a.bank_code, a.amount, a.state, a.reason_code ${mask.select}
      FROM payments.attempts a
      JOIN payments.payments p ON p.id = a.payment_id
      JOIN registry.people b ON b.id = p.registrant_id
      WHERE a.batch_id = ${batch.id} AND a.position > ${after} AND a.state IN ('failed', 'returned') ${inReach}
      ORDER BY a.position LIMIT ${PAGE}`)
    yield rows.map(row => failedLine(deps, batch, row, mask.of(row))).join('')
    if (rows.length < PAGE) break
    after = rows.at(-1)!.position
  }
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await deps.db.query<LeftOutRow>(sql`
      SELECT a.entitlement_id AS id, b.kind, b.ref AS beneficiary_ref, b.name, a.amount, a.cause ${mask.select}
      FROM payments.exceptions a JOIN registry.people b ON b.id = a.registrant_id
      WHERE a.batch_id = ${batch.id} AND a.entitlement_id > ${after}::uuid ${inReach}
      ORDER BY a.entitlement_id LIMIT ${PAGE}`)
    yield rows.map(row => leftOutLine(batch, row, mask.of(row))).join('')
    if (rows.length < PAGE) break
    after = rows.at(-1)!.id
  }
}

const failedLine = (
  { reader }: PaymentsDeps,
  { currency }: BatchRow,
  row: FailedRow,
  masks: Masks,
): string => {
  const { words, repair } = reader.explain(row.reason_code ?? undefined)
  return csvLine(
    [
      formatReference('payment', row.ref),
      row.end_to_end_id,
      String(row.number),
      formatReference(row.kind, row.beneficiary_ref),
      shownAs(masks, 'name', row.payee_name),
      row.account_kind,
      shownAs(masks, 'account', row.account_value),
      row.bank_code ?? '',
      formatMinor(BigInt(row.amount), currency),
      currency,
      row.state,
      row.reason_code ?? '',
      words,
      repair,
    ],
    ',',
  )
}

const leftOutLine = ({ currency }: BatchRow, row: LeftOutRow, masks: Masks): string => {
  const { words, repair } = EXCEPTIONS[row.cause]
  const nothing = ['', '', '']
  return csvLine(
    [
      ...nothing,
      formatReference(row.kind, row.beneficiary_ref),
      shownAs(masks, 'name', row.name),
      ...nothing,
      formatMinor(BigInt(row.amount), currency),
      currency,
      'left_out',
      row.cause,
      words,
      repair,
    ],
    ',',
  )
}
