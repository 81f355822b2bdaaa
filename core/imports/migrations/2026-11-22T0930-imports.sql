CREATE SCHEMA imports;

-- A file of people on its way into the registry. `mapping`, `options` and `found` are kept with it, so that the
-- next file of the same shape can be read in the same way.
CREATE TABLE imports.imports (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL UNIQUE,
  file_id uuid NOT NULL,
  file_name text NOT NULL,
  state text NOT NULL CHECK (state IN
    ('testing', 'tested', 'refused', 'cancelled', 'committing', 'paused', 'committed', 'undoing', 'undone')),
  options jsonb NOT NULL,
  mapping jsonb,
  found jsonb,
  totals jsonb,
  job text,
  created_by uuid NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX imports_by_creator ON imports.imports (created_by, id DESC);

-- Whole households, a few thousand people each: what one transaction checks or commits. `committed_at` is
-- written by the transaction that writes the people, so nothing is done twice or left out.
CREATE TABLE imports.chunks (
  import_id uuid NOT NULL,
  chunk int NOT NULL,
  rows int NOT NULL,
  people int NOT NULL DEFAULT 0,
  groups int NOT NULL DEFAULT 0,
  -- Those in which a registrant of this import has a part.
  own_memberships int NOT NULL DEFAULT 0,
  updated int NOT NULL DEFAULT 0,
  left_out int NOT NULL DEFAULT 0,
  committed_at timestamptz,
  PRIMARY KEY (import_id, chunk)
);

-- The rows of a file as they were understood. Unlogged: a crash of the database empties it, which the counts in
-- `chunks` show, and the file is read again.
CREATE UNLOGGED TABLE imports.staged_rows (
  import_id uuid NOT NULL,
  chunk int NOT NULL,
  line int NOT NULL,
  household text,
  relation text,
  name text,
  given_name text,
  family_name text,
  sex text,
  birth_date date,
  birth_precision text,
  phone text,
  area_id uuid,
  identifier_type text,
  identifier text,
  account_kind text,
  account text,
  bank_code text
);
CREATE INDEX staged_rows_by_chunk ON imports.staged_rows (import_id, chunk);

-- What is wrong with a row: `error` (cannot be taken), `conflict` (a person has to decide), `held` (nothing wrong
-- with it, but with another row of its household), `warning` (taken all the same).
CREATE TABLE imports.row_issues (
  import_id uuid NOT NULL,
  line int NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  severity text NOT NULL CHECK (severity IN ('error', 'conflict', 'held', 'warning')),
  column_name text,
  code text NOT NULL,
  message text NOT NULL,
  PRIMARY KEY (import_id, line, id)
);

-- What people who were in the registry before looked like: for undoing.
CREATE TABLE imports.updated_people (
  import_id uuid NOT NULL,
  registrant_id uuid NOT NULL,
  version int NOT NULL,
  before jsonb NOT NULL,
  PRIMARY KEY (import_id, registrant_id)
);
