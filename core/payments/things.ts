import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Fields } from '../kernel/index.ts'
import type { Thing } from '../things/index.ts'

const batchThing: Thing = {
  type: 'payment-batch',
  named: ['batch'],
  permission: 'payment:read',
  born: ['payment-batch.create'],
  money: { fields: ['total'], currency: sql`SELECT id, currency FROM payments.batches` },
  all: sql`
    SELECT id, ref, NULL::text AS code, 'batch' AS kind, NULL::uuid AS area_id, program_id FROM payments.batches`,
  state: sql`
    SELECT b.id, jsonb_build_object('cycle', kernel.reference('CY', c.ref), 'currency', b.currency, 'debtor', b.debtor,
      'remittance', b.remittance, 'requestedOn', b.requested_on, 'retryOf', kernel.reference('PB', r.ref),
      'reviewed', b.reviewed, 'messageId', b.message_id, 'state', b.state, 'payments', b.payments,
      'total', b.total::text, 'exceptions', b.exceptions, 'sha256', b.file_sha256, 'version', b.version) AS state
    FROM payments.batches b JOIN programs.cycle_codes c ON c.id = b.cycle_id
    LEFT JOIN payments.batches r ON r.id = b.retry_of`,
}

/** A batch as its history knows it. */
export const batchState = async (db: Db, id: string): Promise<Fields> => {
  const row = await db.one<{ state: Fields }>(
    sql`SELECT b.state FROM (${batchThing.state}) b WHERE b.id = ${id}`,
  )
  return row!.state
}

/** Batches, payments, reports and what they left to review, as the trail, the history and approvals know them. */
export const paymentThings: readonly Thing[] = [
  batchThing,
  {
    // That it was sent, or cancelled, is said of its whole batch at once; of each is said what the bank answered.
    type: 'payment',
    named: ['payment'],
    permission: 'payment:read',
    born: ['payment.prepare'],
    money: { fields: ['amount'], currency: sql`SELECT id, currency FROM payments.payments` },
    people: sql`SELECT id, registrant_id FROM payments.payments`,
    all: sql`
      SELECT p.id, p.ref, NULL::text AS code, 'payment' AS kind, a.area_id, b.program_id
      FROM payments.payments p
      JOIN payments.attempts a ON a.payment_id = p.id AND a.number = 1
      JOIN payments.batches b ON b.id = a.batch_id`,
    state: sql`
      SELECT p.id, jsonb_build_object('amount', p.amount::text, 'currency', p.currency, 'answer',
        (SELECT a.state FROM payments.attempts a
         WHERE a.payment_id = p.id AND a.state IN ('accepted', 'settled', 'failed', 'returned', 'unknown')
         ORDER BY a.number DESC LIMIT 1)) AS state
      FROM payments.payments p`,
  },
  {
    type: 'payment-report',
    named: ['report'],
    permission: 'payment:read',
    born: ['payment-report.receive'],
    all: sql`
      SELECT r.id, r.ref, NULL::text AS code, 'report' AS kind, NULL::uuid AS area_id, b.program_id
      FROM payments.reports r LEFT JOIN payments.batches b ON b.id = r.batch_id`,
    state: sql`
      SELECT r.id, jsonb_build_object('sha256', r.sha256, 'state', r.state, 'providerId', r.provider_id,
        'batch', kernel.reference('PB', b.ref), 'counts', r.counts, 'error', r.error) AS state
      FROM payments.reports r LEFT JOIN payments.batches b ON b.id = r.batch_id`,
  },
  {
    type: 'payment-review',
    named: ['review'],
    permission: 'payment:read',
    born: [],
    all: sql`
      SELECT i.id, i.ref, NULL::text AS code, 'review' AS kind, i.area_id, b.program_id
      FROM payments.review_items i JOIN payments.batches b ON b.id = i.batch_id`,
    state: sql`
      SELECT i.id, jsonb_build_object('kind', i.kind, 'resolved', i.resolved_at IS NOT NULL, 'comment', i.comment) AS state
      FROM payments.review_items i`,
  },
]
