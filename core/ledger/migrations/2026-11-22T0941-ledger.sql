CREATE SCHEMA ledger;

-- A fund and the balances of its four accounts. They stand in one row: every posting locks it, so postings to a
-- fund are one after the other and never deadlock. What is allocated is always somewhere (the sum), and an
-- account other than the source never goes below nothing, so commitments cannot exceed the allocation.
CREATE TABLE ledger.funds (
  id uuid PRIMARY KEY,
  code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,11}$'),
  name text NOT NULL CHECK (name <> ''),
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  source bigint NOT NULL DEFAULT 0,
  available bigint NOT NULL DEFAULT 0 CHECK (available >= 0),
  committed bigint NOT NULL DEFAULT 0 CHECK (committed >= 0),
  disbursed bigint NOT NULL DEFAULT 0 CHECK (disbursed >= 0),
  created_at timestamptz NOT NULL,
  CONSTRAINT funds_code UNIQUE (code),
  CONSTRAINT funds_balanced CHECK (source + available + committed + disbursed = 0)
) WITH (fillfactor = 50);

-- Double entry: each posting moves an amount (minor units) from the credited to the debited account of a fund.
-- A cause (an allocation, a cycle, a settlement) posts once per kind.
CREATE TABLE ledger.postings (
  id uuid PRIMARY KEY,
  fund_id uuid NOT NULL REFERENCES ledger.funds (id),
  kind text NOT NULL,
  debit text NOT NULL,
  credit text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  cause_type text NOT NULL CHECK (cause_type <> ''),
  cause_id uuid NOT NULL,
  posted_at timestamptz NOT NULL,
  CONSTRAINT postings_once UNIQUE (cause_id, cause_type, kind, fund_id),
  CHECK ((kind, debit, credit) IN (
    ('allocation', 'available', 'source'),
    ('commitment', 'committed', 'available'),
    ('release', 'available', 'committed'),
    ('disbursement', 'disbursed', 'committed'),
    ('return', 'committed', 'disbursed')))
);
CREATE INDEX postings_by_fund ON ledger.postings (fund_id, id);

CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'postings are append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.postings
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
