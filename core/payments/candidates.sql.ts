import sql, { type Sql } from 'sql-template-tag'

/** Cash of a cycle that is due and in no payment. */
export const uncovered = (cycleId: string): Sql => sql`
  SELECT e.id, e.registrant_id, e.area_id, e.amount_minor
  FROM programs.payable_entitlements e
  WHERE e.cycle_id = ${cycleId}
    AND NOT EXISTS (SELECT FROM payments.payments p WHERE p.entitlement_id = e.id AND p.part = 1 AND p.live)`

/**
 * What a new batch may hold of the beneficiaries after one and up to another: a payment each, with its id and
 * number already drawn.
 */
export const newPayments = (cycleId: string, after: string, upTo: string): Sql => sql`
  SELECT kernel.uuid7() AS payment_id, kernel.random_ref() AS ref, 1::smallint AS number, e.id AS entitlement_id,
    e.registrant_id, e.area_id, e.amount_minor AS amount, NULL::text AS refusal, false AS must_change,
    NULL::uuid AS old_payee_id, NULL::text AS old_account, NULL::text AS reason_code
  FROM (${uncovered(cycleId)}) e
  WHERE e.registrant_id > ${after}::uuid AND e.registrant_id <= ${upTo}::uuid`

/** By reason code (empty for none), the rule for making a failed payment anew (`RetryRule`). */
export type RetryRules = { codes: readonly string[]; rules: readonly string[] }

/**
 * What a retry may hold of the payments that failed or came back in a batch, at the positions after one and up to
 * another: those that have no later attempt, with the number of their next one. `refusal` tells why one must
 * wait; one that `must_change` goes to another account or not at all.
 */
export const failedPayments = (batchId: string, rules: RetryRules, after: number, upTo: number): Sql => sql`
  SELECT p.id AS payment_id, p.ref,
    (SELECT max(l.number) + 1 FROM payments.attempts l WHERE l.payment_id = p.id)::smallint AS number,
    p.entitlement_id, p.registrant_id, a.area_id, p.amount,
    CASE
      WHEN e.id IS NULL THEN 'not_due'
      WHEN EXISTS (SELECT FROM payments.review_items i WHERE i.payment_id = p.id AND i.resolved_at IS NULL)
        THEN 'under_review'
      WHEN r.rule = 'never' THEN 'needs_review'
    END AS refusal,
    r.rule = 'if_changed' AS must_change, a.payee_id AS old_payee_id,
    concat_ws(' ', a.account_kind, a.account_value, a.bank_code) AS old_account, coalesce(a.reason_code, '') AS reason_code
  FROM payments.attempts a
  JOIN payments.batches b ON b.id = a.batch_id
  JOIN payments.payments p ON p.id = a.payment_id AND p.live
  JOIN unnest(${[...rules.codes]}::text[], ${[...rules.rules]}::text[]) AS r (code, rule) ON r.code = coalesce(a.reason_code, '')
  LEFT JOIN programs.payable_entitlements e
    ON e.id = p.entitlement_id AND e.cycle_id = b.cycle_id AND e.amount_minor >= p.amount
  WHERE a.batch_id = ${batchId} AND a.state IN ('failed', 'returned') AND a.position > ${after} AND a.position <= ${upTo}
    AND NOT EXISTS (
      SELECT FROM payments.attempts l
      WHERE l.payment_id = a.payment_id AND l.number > a.number AND l.state <> 'cancelled')`

/**
 * Finds out who is paid and where, into the temporary table `candidates`: a row per payment of `due`, with `cause` for
 * those that cannot be made. For a group the payee is its principal recipient, else its head; for an individual,
 * the person. The account is the payee's preferred one.
 */
export const resolveCandidates = (due: Sql): Sql => sql`
  CREATE TEMP TABLE candidates ON COMMIT DROP AS
  WITH due AS MATERIALIZED (${due}), payees AS (
    SELECT d.*, b.status,
      CASE b.kind WHEN 'individual' THEN b.id ELSE coalesce(principal.member_id, head.member_id) END AS payee_id
    FROM due d
    JOIN registry.people b ON b.id = d.registrant_id
    LEFT JOIN registry.active_memberships principal
      ON principal.group_id = b.id AND principal.roles @> '{principal_recipient}'
    LEFT JOIN registry.active_memberships head ON head.group_id = b.id AND head.roles @> '{head}'
  )
  SELECT p.*, i.name AS payee_name, a.kind AS account_kind, a.value AS account_value, a.bank_code,
    kernel.reference('PY', p.ref) || '-' || p.number AS end_to_end_id, NULL::text AS detail,
    CASE
      WHEN p.refusal IS NOT NULL THEN p.refusal
      WHEN p.status <> 'active' THEN 'inactive'
      WHEN p.payee_id IS NULL THEN 'no_recipient'
      WHEN i.id IS NULL THEN 'inactive'
      WHEN a.id IS NULL THEN 'no_account'
      WHEN p.must_change AND p.payee_id = p.old_payee_id
        AND concat_ws(' ', a.kind, a.value, a.bank_code) = p.old_account THEN 'account_unchanged'
    END AS cause
  FROM payees p
  LEFT JOIN registry.active_individuals i ON i.id = p.payee_id AND i.death_date IS NULL
  LEFT JOIN registry.preferred_accounts a ON a.registrant_id = i.id`

/** Those that nothing is known against yet, for the writer to check. */
export const toCheck: Sql = sql`
  SELECT payment_id, end_to_end_id, amount, payee_name, account_kind, account_value, bank_code
  FROM candidates WHERE cause IS NULL`

/** What the writer would refuse. */
export const markBad = (
  ids: readonly string[],
  causes: readonly string[],
  details: readonly string[],
): Sql => sql`
  UPDATE candidates c SET cause = bad.cause, detail = bad.detail
  FROM unnest(${[...ids]}::uuid[], ${[...causes]}::text[], ${[...details]}::text[]) AS bad (id, cause, detail)
  WHERE c.payment_id = bad.id`

/** The payments of a new batch. Those of a retry exist. */
export const insertPayments = (currency: string): Sql => sql`
  INSERT INTO payments.payments (id, ref, entitlement_id, registrant_id, amount, currency)
  SELECT payment_id, ref, entitlement_id, registrant_id, amount, ${currency} FROM candidates
  WHERE cause IS NULL AND old_payee_id IS NULL ORDER BY registrant_id, entitlement_id`

/** Their attempts, at the positions from `first` on. */
export const insertAttempts = (batchId: string, first: number, at: Date): Sql => sql`
  INSERT INTO payments.attempts (payment_id, number, batch_id, position, amount, end_to_end_id, area_id, payee_id, payee_name,
    account_kind, account_value, bank_code, changed_at)
  SELECT payment_id, number, ${batchId}, ${first} - 1 + row_number() OVER (ORDER BY registrant_id, entitlement_id), amount,
    end_to_end_id, area_id, payee_id, payee_name, account_kind, account_value, bank_code, ${at}::timestamptz
  FROM candidates WHERE cause IS NULL`

export const insertExceptions = (batchId: string): Sql => sql`
  INSERT INTO payments.exceptions (batch_id, entitlement_id, registrant_id, area_id, amount, cause, detail)
  SELECT ${batchId}, entitlement_id, registrant_id, area_id, amount, cause, detail FROM candidates WHERE cause IS NOT NULL`
