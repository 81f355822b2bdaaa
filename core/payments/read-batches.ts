import sql, { empty, type Sql } from 'sql-template-tag'
import {
  andVisible,
  type Masking,
  type Masks,
  masking,
  requirePermission,
  shownAs,
  visible,
} from '../access/index.ts'
import { insertSet } from '../audit/index.ts'
import { type Db, type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Ctx,
  formatReference,
  type Page,
  type PageRequest,
  refAmong,
  refFromPath,
} from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import {
  type BatchState,
  type Debtor,
  EXCEPTIONS,
  type ExceptionCause,
  type ExceptionRepair,
  type PaymentState,
} from './rules.ts'
import { type BatchRow, batchByReference, batchReference } from './store.ts'

/** Who did something, and when. */
export type Step = { by: string; at: Date }

/** A batch; amounts in minor units. `job` is the last one that worked on it; `isFilled`: all its payments are in. */
export type BatchView = {
  reference: string
  program: string
  programName: string
  cycle: string
  cycleName: string
  retryOf: string | null
  state: BatchState
  isFilled: boolean
  provider: 'iso20022'
  currency: string
  /** The code of the fund that it is paid from. */
  fund: string
  payments: number
  total: bigint
  exceptions: number
  debtor: Debtor
  requestedOn: string
  messageId: string
  sha256: string | null
  job: string | null
  prepared: Step
  submitted: Step | null
  approved: Step | null
  /** The last request for its approval. */
  approval: string | null
  sentAt: Date | null
  version: number
}

/** How much of a batch is in each state, as far as the actor may see. */
export type Outcome = { state: PaymentState; payments: number; total: bigint }

export type BatchFilter = {
  program?: string | undefined
  cycle?: string | undefined
  state?: BatchState | undefined
}

/** One try to make a payment, as part of a batch. */
export type PaymentView = {
  reference: string
  attempt: number
  endToEndId: string
  entitlement: string
  beneficiary: string
  payee: string
  account: { kind: string; value: string; bankCode: string | null }
  amount: bigint
  currency: string
  state: PaymentState
  nativeStatus: string | null
  reasonCode: string | null
  reasonText: string | null
  changedAt: Date
}

/** Somebody who could not be put into a batch. */
export type ExceptionView = {
  entitlement: string
  beneficiary: string
  name: string
  amount: bigint
  currency: string
  cause: ExceptionCause
  words: string
  detail: string | null
  repair: ExceptionRepair
}

type ListRow = BatchRow & {
  program: string
  program_name: string
  fund_code: string
  cycle_name: string
  cycle_ref: string
  retry_ref: string | null
  approval_ref: string | null
}

const step = (by: string | null, at: Date | null): Step | null =>
  by === null || at === null ? null : { by, at }

const present = (b: ListRow): BatchView => ({
  reference: batchReference(b.ref),
  program: b.program,
  programName: b.program_name,
  cycle: formatReference('cycle', b.cycle_ref),
  cycleName: b.cycle_name,
  retryOf: b.retry_ref === null ? null : batchReference(b.retry_ref),
  state: b.state,
  isFilled: b.filled_at !== null,
  provider: 'iso20022',
  currency: b.currency,
  fund: b.fund_code,
  payments: b.payments,
  total: BigInt(b.total),
  exceptions: b.exceptions,
  debtor: b.debtor,
  requestedOn: b.requested_on,
  messageId: b.message_id,
  sha256: b.file_sha256,
  job: b.job,
  prepared: { by: b.prepared_by_name, at: b.prepared_at },
  submitted: step(b.submitted_by_name, b.submitted_at),
  approved: step(b.approved_by_name, b.approved_at),
  approval: b.approval_ref === null ? null : formatReference('approval', b.approval_ref),
  sentAt: b.sent_at,
  version: b.version,
})

const batches = (key: Sql = empty) => sql`
  SELECT b.*, c.program_code AS program, g.name AS program_name, f.code AS fund_code, c.ref AS cycle_ref, c.name AS cycle_name, r.ref AS retry_ref,
    (SELECT q.ref FROM approvals.requests_view q WHERE q.subject_id = b.id AND q.subject_type = 'payment-batch'
     ORDER BY q.id DESC LIMIT 1) AS approval_ref ${key}
  FROM payments.batches b
  JOIN programs.cycle_codes c ON c.id = b.cycle_id
  JOIN programs.program_codes g ON g.id = b.program_id
  JOIN ledger.fund_codes f ON f.id = b.fund_id
  LEFT JOIN payments.batches r ON r.id = b.retry_of`

const id = { by: sql`b.id`, as: 'uuid' } as const
const BATCHES: Sortable = {
  columns: {
    preparedAt: id,
    program: { by: sql`c.program_code`, as: 'code' },
    state: { by: sql`b.state`, as: 'code' },
    payments: { by: sql`b.payments`, as: 'number' },
    total: { by: sql`b.total`, as: 'number' },
    exceptions: { by: sql`b.exceptions`, as: 'number' },
    requestedOn: { by: sql`b.requested_on`, as: 'day' },
  },
  tie: id,
  otherwise: '-preparedAt',
}

/** A batch as it is now, for whoever has just worked on it. */
export const batchView = async (db: Db, id: string): Promise<BatchView> =>
  present((await db.one<ListRow>(sql`${batches()} WHERE b.id = ${id}`))!)

/** What may be asked about batches. Names and accounts are personal data: whose were shown is on the audit trail. */
export const readBatches = (deps: PaymentsDeps) => {
  const { db } = deps
  const listBatches = async (ctx: Ctx, filter: BatchFilter, page: PageRequest): Promise<Page<BatchView>> => {
    requirePermission(ctx, 'payment:read')
    const list = sorted(BATCHES, page)
    const rows = await db.query<ListRow & SortKey>(sql`
      ${batches(list.key)}
      WHERE ${visible(ctx, 'payment:read', { program: sql`b.program_id` })} ${conditions(filter)}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<ListRow>(rows)
    return { items: items.map(present), next }
  }

  return {
    /** Batches, newest first unless sorted otherwise. */
    listBatches,

    getBatch: async (ctx: Ctx, reference: string): Promise<BatchView> => {
      const { id } = await batchByReference(db, ctx, 'payment:read', reference)
      return batchView(db, id)
    },

    /** What became of a batch so far: the sums over all states are those of the batch. */
    outcomes: async (ctx: Ctx, reference: string): Promise<Outcome[]> => {
      const batch = await batchByReference(db, ctx, 'payment:read', reference)
      const rows = await db.query<{ state: PaymentState; n: number; sum: string }>(sql`
        SELECT a.state, count(*)::int AS n, sum(a.amount)::text AS sum FROM payments.attempts a
        WHERE a.batch_id = ${batch.id} ${inReach(ctx, batch)} GROUP BY a.state ORDER BY a.state`)
      return rows.map(({ state, n, sum }) => ({ state, payments: n, total: BigInt(sum) }))
    },

    listPayments: listPayments(deps),
    listExceptions: listExceptions(deps),
  }
}

/** How the payees of one batch are shown, by the alias `a`. */
const maskingOf = (ctx: Ctx, batch: { program_id: string }): Masking =>
  masking(ctx, 'payment:read', { area: sql`a.area_id`, program: sql`${batch.program_id}::uuid` })

/** The row filter over what belongs to one batch, by the alias `a`. */
const inReach = (ctx: Ctx, batch: { program_id: string }): Sql =>
  andVisible(ctx, 'payment:read', { area: sql`a.area_id`, program: sql`${batch.program_id}::uuid` })

const conditions = ({ program, cycle, state }: BatchFilter): Sql => sql`
  ${program === undefined ? empty : sql`AND c.program_code = ${program}`}
  ${cycle === undefined ? empty : sql`AND c.ref = ${refFromPath('cycle', cycle)}`}
  ${state === undefined ? empty : sql`AND b.state = ${state}`}`

/**
 * `q`: the reference of a payment or of a beneficiary, or what the bank knows a payment by. `reason`: the code that the
 * bank gave.
 */
export type PaymentFilter = {
  state?: PaymentState | undefined
  reason?: string | undefined
  q?: string | undefined
}

/** A batch may be of everybody: its payments stand in the orders that indexes have. */
const position = { by: sql`a.position`, as: 'number' } as const
const PAYMENTS: Sortable = { columns: { position }, tie: position, otherwise: 'position' }
const entitlement = { by: sql`a.entitlement_id`, as: 'uuid' } as const
const BATCH_EXCEPTIONS: Sortable = { columns: { entitlement }, tie: entitlement, otherwise: 'entitlement' }

const among = (q: string): Sql => {
  const withoutAttempt = q.replace(/^(.{13,15}?)-\d{1,3}$/, '$1')
  const { kind, ref } = refAmong(['payment', 'group', 'individual'], withoutAttempt, '/q')
  return kind === 'payment'
    ? sql`AND a.payment_id = (SELECT p.id FROM payments.payments p WHERE p.ref = ${ref})`
    : sql`AND a.payment_id IN (SELECT p.id FROM payments.payments p
            JOIN registry.people b ON b.id = p.registrant_id WHERE b.ref = ${ref} AND b.kind = ${kind})`
}

type PaymentRow = {
  shown?: Record<string, boolean>
  registrant_id: string
  payee_id: string
  ref: string
  position: number
  number: number
  end_to_end_id: string
  entitlement_ref: string
  beneficiary_kind: 'group' | 'individual'
  beneficiary_ref: string
  payee_name: string
  account_kind: string
  account_value: string
  bank_code: string | null
  amount: string
  state: PaymentState
  native_status: string | null
  reason_code: string | null
  reason_text: string | null
  changed_at: Date
}

/** Payments of a batch, in the order of its file unless sorted otherwise. */
const listPayments =
  ({ db }: PaymentsDeps) =>
  async (
    ctx: Ctx,
    reference: string,
    filter: PaymentFilter,
    page: PageRequest,
  ): Promise<Page<PaymentView>> => {
    const batch = await batchByReference(db, ctx, 'payment:read', reference)
    const mask = maskingOf(ctx, batch)
    const list = sorted(PAYMENTS, page)
    const rows = await db.query<PaymentRow & SortKey>(sql`
      SELECT p.registrant_id, a.payee_id, p.ref, a.position, a.number, a.end_to_end_id, e.ref AS entitlement_ref, b.kind AS beneficiary_kind,
        b.ref AS beneficiary_ref, a.payee_name, a.account_kind, a.account_value, a.bank_code, a.amount, a.state, a.native_status,
        a.reason_code, a.reason_text, a.changed_at ${mask.select} ${list.key}
      FROM (
        SELECT * FROM payments.attempts a
        WHERE a.batch_id = ${batch.id} ${inReach(ctx, batch)}
          ${filter.state === undefined ? empty : sql`AND a.state = ${filter.state}`}
          ${filter.reason === undefined ? empty : sql`AND a.reason_code = ${filter.reason}`}
          ${filter.q === undefined ? empty : among(filter.q)}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}
      ) a
      JOIN payments.payments p ON p.id = a.payment_id
      JOIN registry.people b ON b.id = p.registrant_id
      JOIN programs.entitlements_view e ON e.id = p.entitlement_id
      ORDER BY ${list.order}`)
    const { items, next } = list.page<PaymentRow>(rows)
    if (items.length > 0)
      await db.run(
        insertSet(
          ctx,
          { action: 'payment.list', subject: { type: 'payment-batch', id: batch.id }, after: { ...filter } },
          sql`SELECT DISTINCT unnest(${items.flatMap(r => [r.registrant_id, r.payee_id])}::uuid[]) AS id`,
        ),
      )
    return { items: items.map(row => presentPayment(row, batch.currency, mask.of(row))), next }
  }

const presentPayment = (r: PaymentRow, currency: string, masks: Masks): PaymentView => ({
  reference: formatReference('payment', r.ref),
  attempt: r.number,
  endToEndId: r.end_to_end_id,
  entitlement: formatReference('entitlement', r.entitlement_ref),
  beneficiary: formatReference(r.beneficiary_kind, r.beneficiary_ref),
  payee: shownAs(masks, 'name', r.payee_name),
  account: {
    kind: r.account_kind,
    value: shownAs(masks, 'account', r.account_value),
    bankCode: r.bank_code,
  },
  amount: BigInt(r.amount),
  currency,
  state: r.state,
  nativeStatus: r.native_status,
  reasonCode: r.reason_code,
  reasonText: r.reason_text,
  changedAt: r.changed_at,
})

type ExceptionRow = {
  shown?: Record<string, boolean>
  id: string
  registrant_id: string
  entitlement_ref: string
  kind: 'group' | 'individual'
  beneficiary_ref: string
  name: string
  amount: string
  cause: ExceptionCause
  detail: string | null
}

/** Who could not be put into a batch; `cause` narrows them. */
const listExceptions =
  ({ db }: PaymentsDeps) =>
  async (
    ctx: Ctx,
    reference: string,
    filter: { cause?: ExceptionCause | undefined },
    page: PageRequest,
  ): Promise<Page<ExceptionView>> => {
    const batch = await batchByReference(db, ctx, 'payment:read', reference)
    const mask = maskingOf(ctx, batch)
    const list = sorted(BATCH_EXCEPTIONS, page)
    const rows = await db.query<ExceptionRow & SortKey>(sql`
      SELECT a.entitlement_id AS id, a.registrant_id, e.ref AS entitlement_ref, b.kind, b.ref AS beneficiary_ref, b.name, a.amount,
        a.cause, a.detail ${mask.select} ${list.key}
      FROM (
        SELECT * FROM payments.exceptions a
        WHERE a.batch_id = ${batch.id} ${inReach(ctx, batch)}
          ${filter.cause === undefined ? empty : sql`AND a.cause = ${filter.cause}`}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}
      ) a
      JOIN registry.people b ON b.id = a.registrant_id
      JOIN programs.entitlements_view e ON e.id = a.entitlement_id
      ORDER BY ${list.order}`)
    const { items, next } = list.page<ExceptionRow>(rows)
    if (items.length > 0)
      await db.run(
        insertSet(
          ctx,
          { action: 'payment-exception.list', subject: { type: 'payment-batch', id: batch.id } },
          sql`SELECT unnest(${items.map(r => r.registrant_id)}::uuid[]) AS id`,
        ),
      )
    return { items: items.map(row => presentException(row, batch.currency, mask.of(row))), next }
  }

const presentException = (r: ExceptionRow, currency: string, masks: Masks): ExceptionView => ({
  entitlement: formatReference('entitlement', r.entitlement_ref),
  beneficiary: formatReference(r.kind, r.beneficiary_ref),
  name: shownAs(masks, 'name', r.name),
  amount: BigInt(r.amount),
  currency,
  cause: r.cause,
  ...EXCEPTIONS[r.cause],
  // Says what is wrong with a name or an account, and quotes it.
  detail: masks.has('name') || masks.has('account') ? null : r.detail,
})
