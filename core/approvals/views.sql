-- What other modules may join: what was submitted, the last request of a subject being the one with the highest id.

CREATE VIEW approvals.requests_view AS
SELECT id, ref, subject_type, subject_id, state, bypassed, digest
FROM approvals.requests;
