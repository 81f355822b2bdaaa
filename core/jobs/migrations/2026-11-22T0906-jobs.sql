CREATE SCHEMA jobs;

-- What people see of long work: graphile-worker runs it, this row tells how far it is.
CREATE TABLE jobs.jobs (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL UNIQUE,
  kind text NOT NULL,
  subject_id uuid,
  state text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
  done bigint NOT NULL DEFAULT 0,
  total bigint,
  cancel_requested boolean NOT NULL DEFAULT false,
  result jsonb,
  error text,
  created_by uuid NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX jobs_by_subject ON jobs.jobs (subject_id, created_at DESC);

-- One row per schedule and tick: whoever inserts it runs it (core/jobs/schedules.ts).
CREATE TABLE jobs.ticks (
  schedule text NOT NULL,
  tick timestamptz NOT NULL,
  claimed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (schedule, tick)
);

-- The queue's workers and the database session that shows each is alive.
CREATE TABLE jobs.workers (
  worker_id text PRIMARY KEY,
  session text NOT NULL
);
