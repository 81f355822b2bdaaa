-- What other modules may join. Amounts are minor units of the currency for cash, units of the item in kind.

CREATE VIEW programs.program_codes AS
SELECT id, code, name, target, currency, fund_id, state
FROM programs.programs;

CREATE VIEW programs.cycle_codes AS
SELECT c.id, c.ref, c.program_id, p.code AS program_code, c.code, c.name, c.state, c.valid_from, c.valid_until,
  -- The fund its cash was committed in, whatever the program says by now.
  coalesce((c.basis->>'fundId')::uuid, p.fund_id) AS fund_id
FROM programs.cycles c JOIN programs.programs p ON p.id = c.program_id;

CREATE VIEW programs.open_enrolments AS
SELECT id, ref, program_id, registrant_id, status, started_on
FROM programs.enrolments
WHERE ended_on IS NULL;

-- Every entitlement that was approved, whatever became of it. Name the cycle, or the registrant (found through
-- the cycles' index): there is no other way in but `id` and `ref`.
CREATE VIEW programs.entitlements_view AS
SELECT e.id, e.ref, e.registrant_id, e.area_id, e.sequence, e.amount, e.fulfilled, e.status,
  p.id AS program_id, p.code AS program_code, p.name AS program_name,
  c.id AS cycle_id, c.ref AS cycle_ref, c.code AS cycle_code, c.name AS cycle_name, c.state AS cycle_state,
  c.valid_from, c.valid_until,
  k.id AS component_id, k.code AS component_code, k.kind, k.item AS item_code, k.unit,
  CASE WHEN k.kind = 'cash' THEN p.currency END AS currency
FROM programs.cycles c
JOIN programs.programs p ON p.id = c.program_id
JOIN programs.entitlements e ON e.cycle_id = c.id
JOIN programs.components k ON k.id = e.component_id
WHERE e.status <> 'draft';

-- Cash that is due: approved, and not all of it paid.
CREATE VIEW programs.payable_entitlements AS
SELECT e.id, e.ref, e.registrant_id, e.area_id, e.component_id, c.program_id, c.id AS cycle_id,
  coalesce((c.basis->>'fundId')::uuid, p.fund_id) AS fund_id, p.currency,
  e.amount - e.fulfilled AS amount_minor, c.valid_from, c.valid_until
FROM programs.cycles c
JOIN programs.programs p ON p.id = c.program_id
JOIN programs.entitlements e ON e.cycle_id = c.id
JOIN programs.components k ON k.id = e.component_id
WHERE c.state IN ('approved', 'distributing') AND e.status = 'approved' AND k.kind = 'cash';
