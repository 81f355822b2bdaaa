import { Readable } from 'node:stream'
import { formatMinor } from '#core/kernel/index.ts'
import type {
  BatchOrder,
  BatchState,
  BatchView,
  ExceptionView,
  PaymentFilter,
  Payments,
  RetryOrder,
  ReviewItemView,
} from '#core/payments/index.ts'
import {
  type Call,
  created,
  expectedVersion,
  filterOf,
  noContent,
  ok,
  page,
  paging,
  type Reply,
  type Routes,
} from './kit.ts'

export const paymentRoutes = ({ payments }: { payments: Payments }): Routes => ({
  createPaymentBatch: async ({ ctx, params, body }) =>
    createdBatch(await payments.createBatch(ctx, params.reference!, (body ?? {}) as BatchOrder)),

  listPaymentBatches: async ({ ctx, query }) =>
    page(
      await payments.listBatches(
        ctx,
        query as { program?: string; cycle?: string; state?: BatchState },
        paging(query),
      ),
      presentBatch,
    ),

  getPaymentBatch: async ({ ctx, params }) => {
    const batch = await payments.getBatch(ctx, params.reference!)
    const outcomes = await payments.outcomes(ctx, params.reference!)
    return ok({ ...presentBatch(batch), outcomes: outcomes.map(withTotal(batch.currency)) }, batch.version)
  },

  listPayments: async ({ ctx, params, query }) =>
    page(
      await payments.listPayments(ctx, params.reference!, filterOf<PaymentFilter>(query), paging(query)),
      withAmount,
    ),

  listPaymentExceptions: async ({ ctx, params, query }) =>
    page(
      await payments.listExceptions(
        ctx,
        params.reference!,
        query as { cause?: ExceptionView['cause'] },
        paging(query),
      ),
      withAmount,
    ),

  submitPaymentBatch: moved(payments.submit),
  approvePaymentBatch: moved(payments.approve),
  cancelPaymentBatch: moved(payments.cancel),
  sendPaymentBatch: moved(payments.send),

  getPaymentFile: async ({ ctx, params }) => {
    const file = await payments.downloadFile(ctx, params.reference!)
    return {
      status: 200,
      headers: {
        'Content-Disposition': `attachment; filename="${file.name}"`,
        'Content-Length': String(file.size),
        'Content-Digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
      },
      raw: { type: 'application/xml', data: Readable.from(file.bytes()) },
    }
  },

  getPaymentFailures: async ({ ctx, params }) => {
    const { currency, failed, exceptions } = await payments.failures(ctx, params.reference!)
    const present = withTotal(currency)
    return ok({
      currency,
      failed: failed.map(group => ({ ...present(group), reasons: group.reasons.map(present) })),
      exceptions: exceptions.map(present),
    })
  },

  getFailedPaymentsFile: async ({ ctx, params }) => ({
    status: 200,
    headers: { 'Content-Disposition': `attachment; filename="${params.reference}-failed.csv"` },
    raw: {
      type: 'text/csv; charset=utf-8',
      data: Readable.from(await payments.failuresFile(ctx, params.reference!)),
    },
  }),

  retryPaymentBatch: async ({ ctx, params, query, body }) => {
    const order = (body ?? {}) as RetryOrder
    if (query.dryRun !== true) return createdBatch(await payments.retryBatch(ctx, params.reference!, order))
    const preview = await payments.previewRetry(ctx, params.reference!, order)
    const present = withTotal(preview.currency)
    return ok({
      ...present(preview),
      byReason: preview.byReason.map(present),
      left: preview.left.map(present),
    })
  },

  ...reportRoutes(payments),
})

/** What banks report, and what their reports leave to a person. */
const reportRoutes = (payments: Payments): Routes => ({
  receivePaymentReport: async ({ ctx, stream }) => {
    const received = await payments.receiveReport(ctx, stream())
    return { status: 202, body: received, headers: { Location: `/api/v1/jobs/${received.job}` } }
  },
  listPaymentReports: async ({ ctx, query }) =>
    page(await payments.listReports(ctx, paging(query)), report => report),
  getPaymentReport: async ({ ctx, params }) => ok(await payments.getReport(ctx, params.reference!)),

  listPaymentReviewItems: async ({ ctx, query }) =>
    page(
      await payments.listReviewItems(
        ctx,
        query as { batch?: string; report?: string; open?: boolean },
        paging(query),
      ),
      presentItem,
    ),
  getPaymentReviewItem: async ({ ctx, params }) =>
    ok(presentItem(await payments.getReviewItem(ctx, params.reference!))),
  resolvePaymentReviewItem: async ({ ctx, params, body }) => {
    await payments.resolveReviewItem(ctx, params.reference!, (body as { comment: string }).comment)
    return noContent
  },
})

const withTotal =
  (currency: string) =>
  <T extends { total: bigint }>(sum: T) => ({ ...sum, total: formatMinor(sum.total, currency) })

const withAmount = <T extends { amount: bigint; currency: string }>(row: T) => ({
  ...row,
  amount: formatMinor(row.amount, row.currency),
})

const presentBatch = (batch: BatchView) => withTotal(batch.currency)(batch)

/** An amount in a currency that the bank did not name cannot be shown as anything but what it is. */
const presentItem = (item: ReviewItemView) => ({
  ...item,
  amount: item.amount === null || item.currency === null ? null : formatMinor(item.amount, item.currency),
  sent: item.sent && { ...item.sent, amount: formatMinor(item.sent.amount, item.sent.currency) },
})

const createdBatch = (batch: BatchView): Reply =>
  created(`/api/v1/payment-batches/${batch.reference}`, presentBatch(batch), batch.version)

const moved =
  (move: Payments['submit']) =>
  async (call: Call): Promise<Reply> => {
    const { comment } = (call.body ?? {}) as { comment?: string }
    const batch = await move(call.ctx, call.params.reference!, expectedVersion(call), comment)
    return ok(presentBatch(batch), batch.version)
  }
