-- Whoever had a hand in a request is kept by every identity that they had at that moment: the account, the person behind it
-- and that person's users. Who acts later is compared with that by all that they are then, so that no change of who is
-- whose person makes anybody another hand than they were.
UPDATE approvals.requests SET makers = makers || requested_by WHERE requested_by <> ALL (makers);

ALTER TABLE approvals.signatures RENAME COLUMN person_id TO identity;
INSERT INTO approvals.signatures (request_id, identity)
SELECT e.request_id, i.id FROM approvals.entries e CROSS JOIN LATERAL (VALUES (e.actor_id), (e.behalf_id)) AS i (id)
WHERE e.kind IN ('approve', 'return', 'reject') AND i.id IS NOT NULL
ON CONFLICT DO NOTHING;

ALTER TABLE approvals.bypasses ADD COLUMN identities uuid[];
UPDATE approvals.bypasses b SET identities = ARRAY[b.person_id] || ARRAY(
  SELECT e.actor_id FROM approvals.entries e WHERE e.request_id = b.request_id AND e.kind = 'bypass');
ALTER TABLE approvals.bypasses
  DROP COLUMN person_id,
  ALTER COLUMN identities SET NOT NULL,
  ADD CHECK (cardinality(identities) > 0),
  ADD CHECK ((finding IS NULL) = (reviewed_at IS NULL)),
  ADD CHECK (reviewed_by <> ALL (identities));

-- Who is named is named by a user of theirs, and is whoever that user's person is now. A person has the id of the first of
-- their users.
UPDATE approvals.policies SET tiers = replace(tiers::text, '"personId"', '"userId"')::jsonb;
UPDATE approvals.plans SET tiers = replace(tiers::text, '"personId"', '"userId"')::jsonb;
ALTER TABLE approvals.delegations DROP COLUMN delegator_person;
ALTER TABLE approvals.delegations RENAME COLUMN deputy_person TO deputy_id;
ALTER TABLE approvals.delegations ADD CHECK (deputy_id <> delegator_id) NOT VALID;
COMMENT ON COLUMN approvals.requests.makers IS 'Identities of whoever prepared or submitted it.';
COMMENT ON COLUMN approvals.requests.supervisors IS 'Users whom the submitter reports to.';
COMMENT ON COLUMN approvals.requests.roster IS 'Users who all have to decide in the present tier.';
