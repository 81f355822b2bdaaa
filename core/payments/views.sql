-- What other modules may join: every payment with the state of its last attempt. `is_open`: money may still move, so
-- what it pays must neither be cancelled nor expire.
CREATE VIEW payments.payments_view AS
SELECT p.id, p.ref, p.entitlement_id, p.registrant_id, p.amount, p.currency, a.batch_id, b.ref AS batch_ref, b.program_id,
  b.cycle_id, a.area_id, a.number AS attempt, a.state,
  a.state IN ('prepared', 'sent', 'accepted', 'unknown') AS is_open
FROM payments.payments p
JOIN LATERAL (
  SELECT * FROM payments.attempts t WHERE t.payment_id = p.id AND t.state <> 'cancelled' ORDER BY t.number DESC LIMIT 1
) a ON true
JOIN payments.batches b ON b.id = a.batch_id
WHERE p.live;

-- The cycles in which money may still move.
CREATE VIEW payments.open_batches AS
SELECT id, ref, cycle_id, state
FROM payments.batches
WHERE state NOT IN ('reconciled', 'cancelled');
