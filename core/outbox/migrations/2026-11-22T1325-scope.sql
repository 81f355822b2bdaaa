-- Whom a message concerns (none: only who may see everything hears of it), and its transaction: others read messages in
-- the order of (xid, id), up to the oldest transaction still open, so that none that commits late is passed over.
ALTER TABLE outbox.messages
  ADD COLUMN program_id uuid,
  ADD COLUMN area_id uuid,
  ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX messages_in_order ON outbox.messages (xid, id);
