import sql, { join, type Sql } from 'sql-template-tag'
import { VERDICTS } from './rules.ts'
import type { BatchRow } from './store.ts'

/*
 * A report is applied in whole sets, in this order: `staged` holds its lines as they were read; `outcomes` what they
 * say of each payment of the batch, once; `changed` what became of the attempts. All three are temporary.
 */

export const createStaged: Sql = sql`
  CREATE TEMP TABLE staged (
    line int, kind text, end_to_end_id text, instruction_id text, group_id text, status text, native_status text,
    reason_code text, reason_text text, amount bigint, currency text
  ) ON COMMIT DROP`

export const COPY_STAGED = 'COPY staged FROM STDIN'

/** How much a status tells: of several lines about one thing, the one that tells most counts. */
const rank = sql`array_position(ARRAY['pending', 'accepted', 'settled', 'rejected'], s.status)`
/** Both final answers in one report: neither can be believed. */
const isTorn = sql`(bool_or(s.status = 'settled') OVER same AND bool_or(s.status = 'rejected') OVER same)`

/** `verdict` of every state and status. */
const verdicts = sql`(VALUES ${join(
  VERDICTS.map(v => sql`(${v.state}::text, ${v.status}::text, ${v.verdict}::text)`),
)}) AS v (state, status, verdict)`

/**
 * What the report says of single payments, and what is to become of each. `is_wrong`: it names another amount than
 * was sent. Nothing else changes the attempts meanwhile: the batch is locked.
 */
export const createOutcomes = (batch: BatchRow): Sql => sql`
  CREATE TEMP TABLE outcomes ON COMMIT DROP AS
  SELECT DISTINCT ON (a.position) a.position, a.state, v.verdict, s.line, s.status, s.native_status, s.reason_code,
    s.reason_text, s.amount, s.currency, ${isTorn} AS is_torn,
    bool_or(s.amount IS NOT NULL AND (s.amount <> a.amount OR s.currency IS DISTINCT FROM ${batch.currency})) OVER same AS is_wrong
  FROM staged s
  JOIN payments.attempts a ON a.end_to_end_id = s.end_to_end_id AND a.batch_id = ${batch.id}
  JOIN ${verdicts} ON v.state = a.state AND v.status = s.status
  WHERE s.kind = 'transaction'
  WINDOW same AS (PARTITION BY a.position)
  ORDER BY a.position, ${rank} DESC, (s.amount <> a.amount) IS TRUE DESC, s.line`

/** However much the planner knows of the table, a payment is found in it. */
export const indexOutcomes: Sql = sql`CREATE UNIQUE INDEX ON outcomes (position)`

/** What it says of groups and of the whole file, for the payments that it does not name. */
export const addOutcomesOfGroups = (batch: BatchRow): Sql => sql`
  WITH said AS (
    SELECT DISTINCT ON (s.group_id) s.group_id, s.line, s.status, s.native_status, s.reason_code, s.reason_text,
      ${isTorn} AS is_torn
    FROM staged s WHERE s.kind = 'group'
    WINDOW same AS (PARTITION BY s.group_id)
    ORDER BY s.group_id, ${rank} DESC
  ), ranges AS (
    SELECT g.first, g.last, said.*
    FROM payments.file_groups g
    JOIN LATERAL (
      SELECT * FROM said WHERE said.group_id = g.group_id OR said.group_id IS NULL
      ORDER BY said.group_id IS NULL LIMIT 1
    ) said ON said.status <> 'pending'
    WHERE g.batch_id = ${batch.id}
  )
  INSERT INTO outcomes (position, state, verdict, line, status, native_status, reason_code, reason_text, is_torn, is_wrong)
  SELECT a.position, a.state, v.verdict, r.line, r.status, r.native_status, r.reason_code, r.reason_text, r.is_torn, false
  FROM ranges r
  JOIN payments.attempts a ON a.batch_id = ${batch.id} AND a.position BETWEEN r.first AND r.last
  JOIN ${verdicts} ON v.state = a.state AND v.status = r.status
  WHERE NOT EXISTS (SELECT FROM outcomes o WHERE o.position = a.position)`

const review = (columns: Sql): Sql => sql`
  INSERT INTO payments.review_items (id, ref, kind, batch_id, report_id, payment_id, area_id, line, end_to_end_id, instruction_id,
    group_id, status, native_status, reason_code, reason_text, amount, currency, kept_state, created_at)
  SELECT kernel.uuid7(), kernel.random_ref(), ${columns}`
const once = sql`ON CONFLICT ON CONSTRAINT review_items_once DO NOTHING`

/** Final answers that contradict each other or what is known, and amounts that were not sent. */
export const reviewContradictions = (batch: BatchRow, reportId: string, at: Date): Sql => sql`
  ${review(sql`CASE WHEN o.is_wrong THEN 'amount' ELSE 'contradiction' END, a.batch_id, ${reportId}::uuid, a.payment_id, a.area_id,
    o.line, a.end_to_end_id, NULL, NULL, o.status, o.native_status, o.reason_code, o.reason_text, o.amount, o.currency, o.state,
    ${at}::timestamptz`)}
  FROM outcomes o
  JOIN payments.attempts a ON a.batch_id = ${batch.id} AND a.position = o.position
  WHERE o.is_wrong OR o.is_torn OR o.verdict = 'contradiction'
  ${once}`

/** Lines about nothing that was in the file. */
export const reviewUnmatched = (batch: BatchRow, reportId: string, at: Date): Sql => sql`
  ${review(sql`'unmatched', ${batch.id}::uuid, ${reportId}::uuid, NULL, NULL, s.line, s.end_to_end_id, s.instruction_id, s.group_id,
    s.status, s.native_status, s.reason_code, s.reason_text, s.amount, s.currency, NULL, ${at}::timestamptz`)}
  FROM staged s
  WHERE CASE s.kind
    WHEN 'transaction' THEN NOT EXISTS (
      SELECT FROM payments.attempts a WHERE a.end_to_end_id = s.end_to_end_id AND a.batch_id = ${batch.id})
    ELSE s.group_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM payments.file_groups g WHERE g.batch_id = ${batch.id} AND g.group_id = s.group_id)
    END
  ${once}`

export const createChanged: Sql = sql`
  CREATE TEMP TABLE changed (payment_id uuid, entitlement_id uuid, state text, amount bigint, was text) ON COMMIT DROP`

/** Takes the attempts to the states that the report calls for, as far as they may go there. */
export const applyOutcomes = (batch: BatchRow, reportId: string, at: Date): Sql => sql`
  WITH moved AS (
    UPDATE payments.attempts a
    SET state = o.verdict, live = o.verdict <> 'failed', native_status = o.native_status, reason_code = o.reason_code,
      reason_text = o.reason_text, report_id = ${reportId}, changed_at = ${at}
    FROM outcomes o
    WHERE a.batch_id = ${batch.id} AND a.position = o.position AND NOT o.is_wrong AND NOT o.is_torn
      AND o.verdict NOT IN ('keep', 'contradiction')
    RETURNING a.payment_id, a.state, a.amount, 
      CASE WHEN o.state <> 'sent' THEN o.state WHEN a.number > 1 THEN (
        SELECT f.state FROM payments.attempts f
        WHERE f.payment_id = a.payment_id AND f.number < a.number AND f.state <> 'cancelled' ORDER BY f.number DESC LIMIT 1)
      END AS was
  )
  INSERT INTO changed SELECT m.payment_id, p.entitlement_id, m.state, m.amount, m.was
  FROM moved m JOIN payments.payments p ON p.id = m.payment_id`

/** The payments that stay as they are, without a doubt: nothing is decided about them yet, or nothing new is said. */
export const countKept: Sql = sql`
  SELECT count(*) FILTER (WHERE status = 'pending')::int AS pending,
    count(*) FILTER (WHERE status <> 'pending')::int AS unchanged
  FROM outcomes WHERE verdict = 'keep' AND NOT is_wrong AND NOT is_torn`

/** What was settled of entitlements that nothing could be booked to: the money is gone, and a person has to know. */
export const reviewNotDue = (
  batch: BatchRow,
  reportId: string,
  at: Date,
  booked: readonly string[],
): Sql => sql`
  ${review(sql`'not_due', a.batch_id, ${reportId}::uuid, a.payment_id, a.area_id, NULL, a.end_to_end_id, NULL, NULL, 'settled',
    a.native_status, NULL, NULL, a.amount, ${batch.currency}, a.state, ${at}::timestamptz`)}
  FROM changed c
  JOIN payments.attempts a ON a.payment_id = c.payment_id AND a.batch_id = ${batch.id}
  WHERE c.state = 'settled' AND NOT EXISTS (
    SELECT FROM unnest(${[...booked]}::uuid[]) AS b (id) WHERE b.id = c.entitlement_id)
  ${once}`
