CREATE SCHEMA programs;

-- Who is helped with what, and by which rules. `rules` are CEL; all of them must hold.
CREATE TABLE programs.programs (
  id uuid PRIMARY KEY,
  code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,11}$'),
  name text NOT NULL CHECK (name <> ''),
  target text NOT NULL CHECK (target IN ('individual', 'group')),
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- A fund of the ledger; none when nothing is given in cash.
  fund_id uuid,
  rules text[] NOT NULL CHECK (cardinality(rules) BETWEEN 1 AND 20),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'ended')),
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  CONSTRAINT programs_code UNIQUE (code)
);

-- What each beneficiary gets in a cycle. `amount` and `maximum` are whole numbers: minor units of the
-- program's currency for cash, units of the item in kind. A formula gives currency units or units of the item.
CREATE TABLE programs.components (
  id uuid PRIMARY KEY,
  program_id uuid NOT NULL REFERENCES programs.programs (id),
  position smallint NOT NULL,
  code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,11}$'),
  kind text NOT NULL CHECK (kind IN ('cash', 'in_kind')),
  item text,
  unit text,
  basis text NOT NULL CHECK (basis IN ('fixed', 'per_member', 'formula')),
  amount bigint CHECK (amount > 0),
  maximum bigint CHECK (maximum > 0),
  formula text,
  -- No longer part of what is prepared; kept for what was.
  retired boolean NOT NULL DEFAULT false,
  CONSTRAINT components_code UNIQUE (program_id, code),
  CHECK ((kind = 'in_kind') = (item IS NOT NULL) AND (kind = 'in_kind') = (unit IS NOT NULL)),
  CHECK ((basis = 'formula') = (formula IS NOT NULL) AND (basis = 'formula') = (amount IS NULL)),
  CHECK (maximum IS NULL OR basis = 'per_member')
);

-- One period of a registrant in a program. Those who are not eligible have none.
CREATE TABLE programs.enrolments (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT enrolments_ref UNIQUE,
  program_id uuid NOT NULL,
  registrant_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN
    ('candidate', 'enrolled', 'suspended', 'waitlisted', 'exited', 'not_eligible', 'duplicate')),
  -- Why it is suspended or was exited.
  reason text,
  started_on date NOT NULL,
  ended_on date,
  version int NOT NULL DEFAULT 1,
  CHECK ((status IN ('exited', 'not_eligible', 'duplicate')) = (ended_on IS NOT NULL))
);
CREATE UNIQUE INDEX enrolments_one_open ON programs.enrolments (program_id, registrant_id) WHERE ended_on IS NULL;
-- Those of one registrant are found through the programs, which are few.
CREATE INDEX enrolments_by_program ON programs.enrolments (program_id, registrant_id, id);

-- One round of giving. `basis` is what was used to prepare it: rules, components, target, currency and fund.
CREATE TABLE programs.cycles (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT cycles_ref UNIQUE,
  program_id uuid NOT NULL REFERENCES programs.programs (id),
  code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,11}$'),
  name text NOT NULL CHECK (name <> ''),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN
    ('draft', 'prepared', 'submitted', 'approved', 'distributing', 'closed', 'cancelled')),
  valid_from date NOT NULL,
  valid_until date NOT NULL,
  -- The preparation asked for last. A job that works on another one stops.
  preparation int NOT NULL DEFAULT 0,
  -- Registrants up to this one are done; none: the former preparation is still to be removed.
  prepared_up_to uuid,
  evaluation_date date,
  basis jsonb,
  -- The last cycle approved before this one was prepared.
  compared_with uuid,
  enrolled bigint,
  prepared_by uuid,
  prepared_by_name text,
  prepared_at timestamptz,
  submitted_by uuid,
  submitted_by_name text,
  submitted_at timestamptz,
  digest bytea,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  created_at timestamptz NOT NULL,
  CONSTRAINT cycles_code UNIQUE (program_id, code),
  CHECK (valid_until >= valid_from),
  CHECK (state NOT IN ('submitted', 'approved', 'distributing', 'closed') OR digest IS NOT NULL)
) WITH (fillfactor = 50);

-- What a beneficiary gets of a component in a cycle: minor units of the currency for cash, units of the item in
-- kind. Made, approved and fulfilled in whole sets: half of each page is left free and what changes is in no
-- index, so that updates stay on their page (HOT). Those of one registrant are found through the cycles.
CREATE TABLE programs.entitlements (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL CONSTRAINT entitlements_ref UNIQUE,
  amount bigint NOT NULL CHECK (amount > 0),
  fulfilled bigint NOT NULL DEFAULT 0,
  cycle_id uuid NOT NULL,
  registrant_id uuid NOT NULL,
  component_id uuid NOT NULL,
  -- The registrant's area when the cycle was prepared.
  area_id uuid NOT NULL,
  -- 0: the regular one.
  sequence smallint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'approved', 'fulfilled', 'cancelled', 'expired')),
  -- What the amount was worked out from: `size` of the household, `value` of the formula before rounding.
  inputs jsonb NOT NULL,
  CONSTRAINT entitlements_once UNIQUE (cycle_id, registrant_id, component_id, sequence),
  CHECK (fulfilled BETWEEN 0 AND amount),
  CHECK ((status = 'fulfilled') = (fulfilled = amount))
) WITH (fillfactor = 50);

-- Beneficiaries for whom preparing gave no entitlement. `zero` is reported; the others are exceptions to resolve.
CREATE TABLE programs.findings (
  cycle_id uuid NOT NULL,
  registrant_id uuid NOT NULL,
  component_id uuid NOT NULL,
  area_id uuid NOT NULL,
  problem text NOT NULL CHECK (problem IN ('zero', 'unknown', 'negative', 'too_large')),
  value numeric,
  PRIMARY KEY (cycle_id, registrant_id, component_id)
);

-- Sums of a prepared cycle by component and area: what a cycle shows without reading its entitlements.
CREATE TABLE programs.totals (
  cycle_id uuid NOT NULL,
  component_id uuid NOT NULL,
  area_id uuid NOT NULL,
  entitlements bigint NOT NULL,
  amount numeric NOT NULL,
  zeros bigint NOT NULL,
  exceptions bigint NOT NULL,
  PRIMARY KEY (cycle_id, component_id, area_id)
);

-- What a job has just filled is unknown to the planner until it is analysed, which only the owner may do.
CREATE FUNCTION programs.analyze_filled() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE programs.enrolments, programs.entitlements;
END
$$;
