CREATE SCHEMA idempotency;

-- Answers already given, by account and key. Written in the transaction of what was done, so a key is here
-- exactly when its effect is.
CREATE TABLE idempotency.answers (
  actor_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status int NOT NULL,
  headers jsonb NOT NULL,
  body jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (actor_id, key)
);
CREATE INDEX answers_by_age ON idempotency.answers (created_at);
