CREATE SCHEMA registry;

-- Individuals and groups, one row each. Population tables carry no foreign keys (docs/decisions/0004), so that
-- they can be spread over machines; the use cases keep them whole.
CREATE TABLE registry.registrants (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('individual', 'group')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  area_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  given_name text,
  family_name text,
  sex text CHECK (sex IN ('female', 'male', 'other', 'unknown')),
  birth_date date,
  birth_precision text CHECK (birth_precision IN ('day', 'month', 'year', 'estimated')),
  death_date date,
  phones text[] NOT NULL DEFAULT '{}',
  group_type text CHECK (group_type IN ('household', 'family', 'community', 'cooperative', 'shelter', 'custom')),
  attributes jsonb NOT NULL DEFAULT '{}',
  -- Where the row came from: 'import', 'api', 'console', 'demo'; and which import or client.
  source text NOT NULL,
  source_id uuid,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz,
  disabled_reason text,
  CHECK ((kind = 'group') = (group_type IS NOT NULL)),
  CHECK (kind = 'individual' OR (sex IS NULL AND birth_date IS NULL AND death_date IS NULL)),
  CHECK ((birth_date IS NULL) = (birth_precision IS NULL)),
  CHECK ((status = 'disabled') = (disabled_at IS NOT NULL))
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX registrants_ref ON registry.registrants (ref);
CREATE INDEX registrants_by_area ON registry.registrants (area_id, kind, id);
CREATE INDEX registrants_by_phone ON registry.registrants USING gin (phones) WHERE phones <> '{}';
CREATE INDEX registrants_by_source ON registry.registrants (source_id) WHERE source_id IS NOT NULL;

CREATE TABLE registry.memberships (
  group_id uuid NOT NULL,
  member_id uuid NOT NULL,
  started_on date NOT NULL,
  ended_on date,
  roles text[] NOT NULL DEFAULT '{}',
  relationship text,
  CHECK (ended_on IS NULL OR ended_on >= started_on),
  CHECK (group_id <> member_id),
  CHECK (roles <@ ARRAY['head', 'principal_recipient', 'alternative_recipient', 'guardian', 'dependent']),
  PRIMARY KEY (group_id, member_id, started_on)
);
CREATE INDEX memberships_by_member ON registry.memberships (member_id);
CREATE UNIQUE INDEX one_active_membership ON registry.memberships (group_id, member_id) WHERE ended_on IS NULL;
CREATE UNIQUE INDEX one_active_head ON registry.memberships (group_id) WHERE ended_on IS NULL AND roles @> '{head}';
CREATE UNIQUE INDEX one_principal_recipient ON registry.memberships (group_id)
  WHERE ended_on IS NULL AND roles @> '{principal_recipient}';

-- Documents that name a person: at most one live of a type per registrant, and one registrant per live value.
CREATE TABLE registry.identifiers (
  id uuid PRIMARY KEY,
  registrant_id uuid NOT NULL,
  type text NOT NULL CHECK (type ~ '^[a-z][a-z0-9_]{0,39}$'),
  value text NOT NULL CHECK (value <> '' AND length(value) <= 100),
  status text NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'invalidated')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX identifiers_one_holder ON registry.identifiers (type, value) WHERE status = 'live';
CREATE UNIQUE INDEX identifiers_one_of_a_type ON registry.identifiers (registrant_id, type) WHERE status = 'live';

-- Where money can be sent. The preferred one is paid to.
CREATE TABLE registry.payment_accounts (
  id uuid PRIMARY KEY,
  registrant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('iban', 'bank_account', 'mobile_wallet')),
  value text NOT NULL CHECK (value <> '' AND length(value) <= 60),
  bank_code text,
  preferred boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'invalidated')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX accounts_one_preferred ON registry.payment_accounts (registrant_id)
  WHERE preferred AND status = 'live';
CREATE INDEX accounts_by_value ON registry.payment_accounts (value);

-- Custom attributes: what may stand in `registrants.attributes`, usable in rules by its code.
CREATE TABLE registry.attribute_definitions (
  kind text NOT NULL CHECK (kind IN ('individual', 'group')),
  code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  type text NOT NULL CHECK (type IN ('string', 'number', 'bool', 'date')),
  label text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, code)
);
