CREATE SCHEMA payments;

-- Payments that go to one provider together, with maker and checker. `payments` and `total` (minor units) are the
-- control count and total: what is submitted, approved and stated in the file.
CREATE TABLE payments.batches (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT batches_ref UNIQUE,
  program_id uuid NOT NULL,
  cycle_id uuid NOT NULL,
  fund_id uuid NOT NULL,
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  provider text NOT NULL CHECK (provider = 'iso20022'),
  -- Who pays, from which account, at which bank: as it was when the batch was made.
  debtor jsonb NOT NULL,
  -- What the payees read on their statements.
  remittance text NOT NULL,
  requested_on date NOT NULL,
  -- The batch whose failed payments this one makes anew, and the reasons of failure that a person has looked into.
  retry_of uuid REFERENCES payments.batches (id),
  reviewed text[] NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'draft' CHECK (state IN
    ('draft', 'submitted', 'approved', 'sending', 'sent', 'reconciled', 'cancelled')),
  version int NOT NULL DEFAULT 1,
  -- How far the job is that puts payments in; when it was done.
  filled_up_to text,
  filled_at timestamptz,
  payments int NOT NULL DEFAULT 0 CHECK (payments >= 0),
  total bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
  exceptions int NOT NULL DEFAULT 0 CHECK (exceptions >= 0),
  job text,
  message_id text NOT NULL CONSTRAINT batches_message UNIQUE,
  file_id uuid,
  file_sha256 text,
  prepared_by uuid NOT NULL,
  prepared_by_name text NOT NULL,
  prepared_at timestamptz NOT NULL,
  submitted_by uuid,
  submitted_by_name text,
  submitted_at timestamptz,
  approved_by uuid,
  approved_by_name text,
  approved_at timestamptz,
  sending_at timestamptz,
  sent_at timestamptz,
  CHECK (approved_by IS NULL OR (approved_by <> prepared_by AND approved_by <> submitted_by)),
  CHECK (state NOT IN ('approved', 'sending', 'sent', 'reconciled') OR approved_by IS NOT NULL),
  CHECK (state IN ('draft', 'cancelled') OR (filled_at IS NOT NULL AND payments > 0)),
  CHECK (state NOT IN ('sent', 'reconciled') OR (file_id IS NOT NULL AND file_sha256 IS NOT NULL))
);
CREATE UNIQUE INDEX batches_one_filling ON payments.batches (cycle_id) WHERE filled_at IS NULL;

-- What is paid of an entitlement: at most one live payment a part, for ever. Its state is that of its last attempt.
CREATE TABLE payments.payments (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT payments_ref UNIQUE,
  entitlement_id uuid NOT NULL,
  part smallint NOT NULL DEFAULT 1,
  registrant_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency char(3) NOT NULL,
  -- False once its batch was cancelled: then nothing was ever sent.
  live boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX payments_one_live ON payments.payments (entitlement_id, part) WHERE live;

-- The tries to make a payment, each an instruction with a permanent id. A new one exists only after the former has
-- definitely failed or come back: only one is `live`. States change in whole sets: half of each page is left free,
-- and what changes unless an attempt fails is in no index, so that updates stay on their page (HOT).
CREATE TABLE payments.attempts (
  payment_id uuid NOT NULL,
  number smallint NOT NULL,
  batch_id uuid NOT NULL,
  -- The place in the file, from 0.
  position int NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  end_to_end_id text NOT NULL CONSTRAINT attempts_end_to_end UNIQUE CHECK (length(end_to_end_id) BETWEEN 1 AND 35),
  -- The beneficiary's area, when the attempt was made.
  area_id uuid NOT NULL,
  -- Who is paid and where: as it was when the attempt was made.
  payee_id uuid NOT NULL,
  payee_name text NOT NULL,
  account_kind text NOT NULL,
  account_value text NOT NULL,
  bank_code text,
  state text NOT NULL DEFAULT 'prepared' CHECK (state IN
    ('prepared', 'sent', 'accepted', 'settled', 'failed', 'returned', 'unknown', 'cancelled')),
  live boolean NOT NULL DEFAULT true,
  -- What the provider said last: its own status and reason, and the report that brought it.
  native_status text,
  reason_code text,
  reason_text text,
  report_id uuid,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (payment_id, number),
  CONSTRAINT attempts_position UNIQUE (batch_id, position),
  CHECK (live = (state NOT IN ('failed', 'returned', 'cancelled')))
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX attempts_one_live ON payments.attempts (payment_id) WHERE live;

-- Who could not be put into a batch, and why: nobody is skipped silently.
CREATE TABLE payments.exceptions (
  batch_id uuid NOT NULL,
  entitlement_id uuid NOT NULL,
  registrant_id uuid NOT NULL,
  area_id uuid NOT NULL,
  amount bigint NOT NULL,
  cause text NOT NULL,
  detail text,
  PRIMARY KEY (batch_id, entitlement_id)
);

-- Which positions of a batch a group of its file holds, so that a report on a whole group finds them.
CREATE TABLE payments.file_groups (
  batch_id uuid NOT NULL REFERENCES payments.batches (id),
  group_id text NOT NULL,
  first int NOT NULL,
  last int NOT NULL,
  PRIMARY KEY (batch_id, group_id)
);

-- Reports from a provider. One that was refused changed nothing and may come again.
CREATE TABLE payments.reports (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT reports_ref UNIQUE,
  file_id uuid NOT NULL,
  sha256 text NOT NULL,
  state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'applied', 'refused')),
  job text,
  -- What the report calls itself, and the batch it is about.
  provider_id text,
  batch_id uuid REFERENCES payments.batches (id),
  counts jsonb,
  error text,
  received_by uuid NOT NULL,
  received_by_name text NOT NULL,
  received_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE UNIQUE INDEX reports_once ON payments.reports (sha256) WHERE state <> 'refused';

-- What a report says that cannot be acted on without a person. The same thing said again is the same item.
CREATE TABLE payments.review_items (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT review_items_ref UNIQUE,
  kind text NOT NULL CHECK (kind IN ('unmatched', 'amount', 'contradiction', 'not_due')),
  batch_id uuid NOT NULL,
  report_id uuid NOT NULL,
  payment_id uuid,
  area_id uuid,
  line int,
  end_to_end_id text,
  instruction_id text,
  group_id text,
  status text NOT NULL,
  native_status text,
  reason_code text,
  reason_text text,
  amount bigint,
  currency text,
  -- The state that the attempt was in, and stays in.
  kept_state text,
  created_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolved_by uuid,
  resolved_by_name text,
  comment text,
  CHECK ((resolved_at IS NULL) = (comment IS NULL)),
  CONSTRAINT review_items_once UNIQUE NULLS NOT DISTINCT
    (batch_id, kind, end_to_end_id, instruction_id, group_id, status, amount, currency)
);
CREATE INDEX review_items_of_payment ON payments.review_items (payment_id) WHERE resolved_at IS NULL;
