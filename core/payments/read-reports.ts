import sql, { empty, type Sql } from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import { type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Ctx,
  formatReference,
  notFound,
  type Page,
  type PageRequest,
  refFromPath,
} from '../kernel/index.ts'
import type { ReportedStatus } from '../ports/payments.ts'
import type { ReportCounts } from './apply-report.ts'
import type { PaymentsDeps } from './index.ts'
import type { PaymentState, ReportState } from './rules.ts'
import { batchReference } from './store.ts'

/** A report of a provider. `providerId` and `batch` are known once it is applied, `error` when it was refused. */
export type ReportView = {
  reference: string
  state: ReportState
  providerId: string | null
  batch: string | null
  counts: ReportCounts | null
  error: string | null
  /** The rule that was broken, when there is a name for it. */
  errorRule: string | null
  sha256: string
  job: string
  receivedBy: string
  receivedAt: Date
  finishedAt: Date | null
}

export type ReviewKind = 'unmatched' | 'amount' | 'contradiction' | 'not_due'

/**
 * Something reported that only a person can judge: nothing was changed because of it. `keptState` is the state in
 * which the payment stays; `amount` (minor units) and the reasons are as the provider wrote them. `sent` is what we had
 * sent of that payment, and where it stands now.
 */
export type ReviewItemView = {
  reference: string
  kind: ReviewKind
  batch: string
  report: string
  payment: string | null
  line: number | null
  endToEndId: string | null
  groupId: string | null
  status: ReportedStatus
  nativeStatus: string | null
  reasonCode: string | null
  reasonText: string | null
  amount: bigint | null
  currency: string | null
  keptState: PaymentState | null
  sent: { amount: bigint; currency: string; state: PaymentState } | null
  createdAt: Date
  resolved: { by: string; at: Date; comment: string } | null
}

type ReportRow = {
  id: string
  ref: string
  state: ReportState
  provider_id: string | null
  batch_ref: string | null
  counts: ReportCounts | null
  error: string | null
  error_rule: string | null
  sha256: string
  job: string
  received_by_name: string
  received_at: Date
  finished_at: Date | null
}

const presentReport = (r: ReportRow): ReportView => ({
  reference: formatReference('report', r.ref),
  state: r.state,
  providerId: r.provider_id,
  batch: r.batch_ref === null ? null : batchReference(r.batch_ref),
  counts: r.counts,
  error: r.error,
  errorRule: r.error_rule,
  sha256: r.sha256,
  job: r.job,
  receivedBy: r.received_by_name,
  receivedAt: r.received_at,
  finishedAt: r.finished_at,
})

const reportId = { by: sql`r.id`, as: 'uuid' } as const
const REPORTS: Sortable = {
  columns: {
    receivedAt: reportId,
    state: { by: sql`r.state`, as: 'code' },
    receivedBy: { by: sql`r.received_by_name`, as: 'name' },
  },
  tie: reportId,
  otherwise: '-receivedAt',
}
const itemId = { by: sql`i.id`, as: 'uuid' } as const
const REVIEW_ITEMS: Sortable = {
  columns: { createdAt: itemId, kind: { by: sql`i.kind`, as: 'code' } },
  tie: itemId,
  otherwise: '-createdAt',
}

export type ReviewFilter = {
  batch?: string | undefined
  report?: string | undefined
  open?: boolean | undefined
}

/** What may be asked about reports and what they left to do. */
export const readReports = ({ db }: PaymentsDeps) => {
  /** A report that is about no batch (yet) is seen by whoever brought it, and by those who may see all programs. */
  const reports = (ctx: Ctx, key: Sql = empty) => sql`
    SELECT r.*, b.ref AS batch_ref ${key}
    FROM payments.reports r LEFT JOIN payments.batches b ON b.id = r.batch_id
    WHERE (${visible(ctx, 'payment:read', { program: sql`b.program_id` })} OR (b.id IS NULL AND r.received_by = ${ctx.actor.id}))`

  return {
    /** Reports, newest first unless sorted otherwise. */
    listReports: async (ctx: Ctx, page: PageRequest): Promise<Page<ReportView>> => {
      requirePermission(ctx, 'payment:read')
      const list = sorted(REPORTS, page)
      const rows = await db.query<ReportRow & SortKey>(sql`
        ${reports(ctx, list.key)} ${list.after} ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      const { items, next } = list.page<ReportRow>(rows)
      return { items: items.map(presentReport), next }
    },

    getReport: async (ctx: Ctx, reference: string): Promise<ReportView> => {
      requirePermission(ctx, 'payment:read')
      const row = await db.one<ReportRow>(
        sql`${reports(ctx)} AND r.ref = ${refFromPath('report', reference)}`,
      )
      if (!row) throw notFound('report')
      return presentReport(row)
    },

    ...readReviewItems(db),
  }
}

type ReviewRow = {
  id: string
  ref: string
  kind: ReviewKind
  batch_ref: string
  report_ref: string
  payment_ref: string | null
  line: number | null
  end_to_end_id: string | null
  group_id: string | null
  status: ReportedStatus
  native_status: string | null
  reason_code: string | null
  reason_text: string | null
  amount: string | null
  currency: string | null
  kept_state: PaymentState | null
  sent_amount: string | null
  sent_currency: string
  sent_state: PaymentState
  created_at: Date
  resolved_at: Date | null
  resolved_by_name: string
  comment: string
}

/** What reports left for a person to judge. */
const readReviewItems = (db: PaymentsDeps['db']) => {
  const items = (ctx: Ctx, key: Sql = empty) => sql`
    SELECT i.*, b.ref AS batch_ref, r.ref AS report_ref, p.ref AS payment_ref,
      a.amount AS sent_amount, b.currency AS sent_currency, a.state AS sent_state ${key}
    FROM payments.review_items i
    JOIN payments.batches b ON b.id = i.batch_id
    JOIN payments.reports r ON r.id = i.report_id
    LEFT JOIN payments.payments p ON p.id = i.payment_id
    LEFT JOIN payments.attempts a ON a.payment_id = i.payment_id AND a.batch_id = i.batch_id
    WHERE ${visible(ctx, 'payment:read', { program: sql`b.program_id`, area: sql`i.area_id` })}`

  return {
    /** The work list, newest first unless sorted otherwise; with `open`, what nobody has resolved yet (or, false, what somebody has). */
    listReviewItems: async (
      ctx: Ctx,
      { batch, report, open }: ReviewFilter,
      page: PageRequest,
    ): Promise<Page<ReviewItemView>> => {
      requirePermission(ctx, 'payment:read')
      const list = sorted(REVIEW_ITEMS, page)
      const rows = await db.query<ReviewRow & SortKey>(sql`
        ${items(ctx, list.key)}
          ${batch === undefined ? empty : sql`AND b.ref = ${refFromPath('batch', batch)}`}
          ${report === undefined ? empty : sql`AND r.ref = ${refFromPath('report', report)}`}
          ${open === undefined ? empty : sql`AND (i.resolved_at IS NULL) = ${open}`}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      const { items: found, next } = list.page<ReviewRow>(rows)
      return { items: found.map(presentItem), next }
    },

    getReviewItem: async (ctx: Ctx, reference: string): Promise<ReviewItemView> => {
      requirePermission(ctx, 'payment:read')
      const row = await db.one<ReviewRow>(sql`${items(ctx)} AND i.ref = ${refFromPath('review', reference)}`)
      if (!row) throw notFound('review')
      return presentItem(row)
    },
  }
}

const presentItem = (r: ReviewRow): ReviewItemView => ({
  reference: formatReference('review', r.ref),
  kind: r.kind,
  batch: batchReference(r.batch_ref),
  report: formatReference('report', r.report_ref),
  payment: r.payment_ref === null ? null : formatReference('payment', r.payment_ref),
  line: r.line,
  endToEndId: r.end_to_end_id,
  groupId: r.group_id,
  status: r.status,
  nativeStatus: r.native_status,
  reasonCode: r.reason_code,
  reasonText: r.reason_text,
  amount: r.amount === null ? null : BigInt(r.amount),
  currency: r.currency,
  keptState: r.kept_state,
  sent:
    r.sent_amount === null
      ? null
      : { amount: BigInt(r.sent_amount), currency: r.sent_currency, state: r.sent_state },
  createdAt: r.created_at,
  resolved: r.resolved_at === null ? null : { by: r.resolved_by_name, at: r.resolved_at, comment: r.comment },
})
