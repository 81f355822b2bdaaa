CREATE SCHEMA credentials;

-- The code tables: programs, cycles, components and service points are numbers in a credential, so that it stays
-- small enough for paper. A number is given once and never changes its meaning.
CREATE TABLE credentials.codes (
  kind text NOT NULL CHECK (kind IN ('program', 'cycle', 'component', 'point')),
  number int NOT NULL CHECK (number > 0),
  subject_id uuid NOT NULL,
  PRIMARY KEY (kind, number),
  UNIQUE (kind, subject_id)
);

-- Status lists. `indices` has every index of the list once, shuffled when the list is made; the first `taken` are
-- given away. So an index tells nothing about when or to whom it was issued, and none is ever drawn twice.
CREATE TABLE credentials.status_lists (
  number int PRIMARY KEY CHECK (number BETWEEN 1 AND 65535),
  indices int[] NOT NULL,
  taken int NOT NULL DEFAULT 0,
  CHECK (taken BETWEEN 0 AND cardinality(indices))
);

-- Credentials. Whose it is and what for is copied here when it is issued: it is what was signed. A population
-- table: no foreign keys.
CREATE TABLE credentials.credentials (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL UNIQUE,
  entitlement_id uuid NOT NULL,
  registrant_id uuid NOT NULL,
  program_id uuid NOT NULL,
  cycle_id uuid NOT NULL,
  area_id uuid NOT NULL,
  point_id uuid,
  holder_name text NOT NULL CHECK (holder_name <> ''),
  status_list int NOT NULL,
  status_index int NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz NOT NULL,
  kid text NOT NULL,
  qr text NOT NULL,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'revoked')),
  state_reason text,
  state_changed_at timestamptz,
  issued_at timestamptz NOT NULL,
  CHECK (valid_from < valid_until),
  CHECK (state = 'active' OR state_reason <> ''),
  UNIQUE (status_list, status_index)
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX credentials_one_live ON credentials.credentials (entitlement_id) WHERE state <> 'revoked';
CREATE INDEX credentials_by_entitlement ON credentials.credentials (entitlement_id, id);
CREATE INDEX credentials_by_registrant ON credentials.credentials (registrant_id, id);
CREATE INDEX credentials_by_cycle ON credentials.credentials (cycle_id, id);
