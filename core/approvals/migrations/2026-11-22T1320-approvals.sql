CREATE SCHEMA approvals;

-- Who has to agree to what: `condition` (CEL over the subject's facts; empty: always) picks the policy with the lowest rank.
CREATE TABLE approvals.policies (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT policies_code UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,29}$'),
  name text NOT NULL CHECK (name <> ''),
  subject_type text NOT NULL,
  condition text NOT NULL,
  rank int NOT NULL CHECK (rank BETWEEN 1 AND 1000000),
  tiers jsonb NOT NULL CHECK (jsonb_array_length(tiers) BETWEEN 1 AND 10),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'archived')),
  version int NOT NULL DEFAULT 1,
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX policies_active ON approvals.policies (subject_type, rank) WHERE state = 'active';

-- A policy as it was when something was submitted under it: never changed, shared by all requests with the same one.
CREATE TABLE approvals.plans (
  id uuid PRIMARY KEY,
  digest bytea NOT NULL CONSTRAINT plans_once UNIQUE,
  policy text,
  policy_version int,
  name text NOT NULL,
  tiers jsonb NOT NULL
);

-- Something submitted for approval. Persons are those behind accounts: `makers` prepared or submitted it, `supervisors` are
-- whom the submitter reports to, `roster` are those who all have to decide in the present tier.
CREATE TABLE approvals.requests (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT requests_ref UNIQUE,
  subject_type text NOT NULL,
  subject_id uuid NOT NULL,
  -- What it is called outside: CY-….
  subject_name text NOT NULL,
  program_id uuid,
  area_id uuid,
  title text NOT NULL,
  facts jsonb NOT NULL,
  amount bigint,
  currency char(3),
  items bigint,
  -- SHA-256 of the subject's content: what is approved is what was submitted.
  digest bytea NOT NULL,
  makers uuid[] NOT NULL CHECK (cardinality(makers) > 0),
  supervisors uuid[] NOT NULL DEFAULT '{}',
  requested_by uuid NOT NULL,
  requested_by_name text NOT NULL,
  requested_at timestamptz NOT NULL,
  -- The request for the same subject before this one.
  previous_id uuid REFERENCES approvals.requests (id),
  plan_id uuid NOT NULL REFERENCES approvals.plans (id),
  state text NOT NULL DEFAULT 'pending' CHECK (state IN
    ('pending', 'approved', 'rejected', 'returned', 'withdrawn', 'expired')),
  -- The tier that decides (from 0), how many deadlines of it have passed, and who agreed in it.
  tier smallint NOT NULL DEFAULT 0,
  level smallint NOT NULL DEFAULT 0,
  given int NOT NULL DEFAULT 0,
  required int NOT NULL DEFAULT 1 CHECK (required > 0),
  roster uuid[],
  opened_at timestamptz NOT NULL,
  due_at timestamptz,
  -- When the first deadline passed.
  overdue_since timestamptz,
  decided_at timestamptz,
  bypassed boolean NOT NULL DEFAULT false,
  version int NOT NULL DEFAULT 1,
  CHECK ((amount IS NULL) = (currency IS NULL)),
  CHECK ((state = 'pending') = (decided_at IS NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX requests_one_open ON approvals.requests (subject_type, subject_id) WHERE state = 'pending';
CREATE INDEX requests_of_subject ON approvals.requests (subject_id, id);
CREATE INDEX requests_pending ON approvals.requests (plan_id, tier, level, id) WHERE state = 'pending';
CREATE INDEX requests_in_order ON approvals.requests (id) WHERE state = 'pending';
CREATE INDEX requests_due ON approvals.requests (due_at) WHERE state = 'pending';
CREATE INDEX requests_by_requester ON approvals.requests (requested_by, id);

-- One person signs a request once, whatever the tier, and whether for themselves or as somebody's deputy (then both sign).
CREATE TABLE approvals.signatures (
  request_id uuid NOT NULL REFERENCES approvals.requests (id),
  person_id uuid NOT NULL,
  CONSTRAINT signatures_once PRIMARY KEY (request_id, person_id)
);

-- Everything that happened to a request, in order.
CREATE TABLE approvals.entries (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES approvals.requests (id),
  kind text NOT NULL CHECK (kind IN ('submit', 'approve', 'reject', 'return', 'withdraw', 'comment', 'escalate',
    'overdue', 'expire', 'acknowledge', 'bypass', 'review', 'changed')),
  tier smallint,
  actor_id uuid NOT NULL,
  actor_name text NOT NULL,
  behalf_id uuid,
  behalf_name text,
  comment text,
  at timestamptz NOT NULL
);
CREATE INDEX entries_of_request ON approvals.entries (request_id, id);

-- Tiers that only inform: they never hold anything up.
CREATE TABLE approvals.notices (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES approvals.requests (id),
  plan_id uuid NOT NULL,
  tier smallint NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT notices_once UNIQUE (request_id, tier)
);
CREATE INDEX notices_by_plan ON approvals.notices (plan_id, tier, id);
CREATE TABLE approvals.acknowledgements (
  notice_id uuid NOT NULL REFERENCES approvals.notices (id),
  person_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (notice_id, person_id)
);

-- Emergencies: approved at once by one person, and looked at afterwards by another.
CREATE TABLE approvals.bypasses (
  request_id uuid PRIMARY KEY REFERENCES approvals.requests (id),
  reason text NOT NULL CHECK (length(reason) >= 20),
  person_id uuid NOT NULL,
  actor_name text NOT NULL,
  at timestamptz NOT NULL,
  finding text CHECK (finding IN ('justified', 'not_justified')),
  comment text,
  reviewed_by uuid,
  reviewed_by_name text,
  reviewed_at timestamptz,
  CHECK ((finding IS NULL) = (reviewed_at IS NULL) AND reviewed_by IS DISTINCT FROM person_id)
);
CREATE INDEX bypasses_open ON approvals.bypasses (at) WHERE finding IS NULL;

-- Who decides for somebody who is away. Persons, not accounts: nobody is their own deputy.
CREATE TABLE approvals.delegations (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT delegations_ref UNIQUE,
  delegator_id uuid NOT NULL,
  delegator_person uuid NOT NULL,
  delegator_username text NOT NULL,
  deputy_person uuid NOT NULL,
  deputy_username text NOT NULL,
  -- Null: all.
  subject_types text[] CHECK (subject_types <> '{}'),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by_name text,
  CHECK (deputy_person <> delegator_person),
  CHECK (ends_at > starts_at)
);
CREATE INDEX delegations_of_deputy ON approvals.delegations (deputy_person, ends_at) WHERE revoked_at IS NULL;

-- Times in which nothing is submitted or decided, and no deadline passes. Null: all types, all programs.
CREATE TABLE approvals.freezes (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT freezes_ref UNIQUE,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  subject_types text[] CHECK (subject_types <> '{}'),
  program_ids uuid[] CHECK (program_ids <> '{}'),
  reason text NOT NULL CHECK (reason <> ''),
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL,
  CHECK (ends_at >= starts_at)
);
CREATE INDEX freezes_by_end ON approvals.freezes (ends_at);
