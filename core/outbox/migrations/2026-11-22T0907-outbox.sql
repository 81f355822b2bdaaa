CREATE SCHEMA outbox;

-- What happened, for others to hear: written in the transaction that made it happen.
CREATE TABLE outbox.messages (
  id uuid PRIMARY KEY,
  type text NOT NULL,
  subject_id uuid NOT NULL,
  payload jsonb NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT now()
);

-- What waits to be relayed; a row leaves when every consumer has taken it.
CREATE TABLE outbox.pending (
  message_id uuid PRIMARY KEY
);
