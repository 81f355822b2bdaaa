CREATE SCHEMA notifications;

-- What a person is told, in codes: the words are the reader's. `params` and the subject name things, never people.
CREATE TABLE notifications.notifications (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL,
  kind text NOT NULL,
  -- What it is told for: nobody is told twice for the same.
  cause text NOT NULL,
  subject_type text NOT NULL,
  subject_name text NOT NULL,
  params jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  read_at timestamptz,
  -- The transaction that wrote it last, for those who look on: see jobs.jobs.
  changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT notifications_once UNIQUE (user_id, cause)
);
CREATE INDEX notifications_by_user ON notifications.notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications.notifications (user_id) WHERE read_at IS NULL;
CREATE INDEX notifications_unread_by_subject ON notifications.notifications (subject_name, kind) WHERE read_at IS NULL;
CREATE INDEX notifications_by_change ON notifications.notifications (changed);
CREATE INDEX notifications_by_age ON notifications.notifications (created_at);
