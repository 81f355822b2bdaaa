CREATE SCHEMA audit;

-- One row per thing done. `leaf` is the SHA-256 over the row's canonical text (audit.leaf below): the
-- sealer gathers the leaves of finished transactions into Merkle blocks, so writers never wait for each other.
CREATE TABLE audit.entries (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id uuid NOT NULL DEFAULT kernel.uuid7(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_kind text NOT NULL,
  actor_id uuid NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  subject_type text NOT NULL,
  subject_id uuid,
  -- Set-based work: how many rows, which ones, and the digest of what was written.
  items int,
  item_ids uuid[],
  before jsonb,
  after jsonb,
  reason text,
  request_id text NOT NULL,
  address text,
  leaf bytea NOT NULL,
  PRIMARY KEY (xid, id)
);
CREATE INDEX entries_by_subject ON audit.entries (subject_id, at);

-- A sealed range of transactions [from_xid, to_xid): entries of transactions that had all ended.
CREATE TABLE audit.blocks (
  height bigint PRIMARY KEY,
  from_xid xid8 NOT NULL,
  to_xid xid8 NOT NULL UNIQUE,
  entries int NOT NULL,
  root bytea NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL,
  sealed_at timestamptz NOT NULL
);

-- The text that an entry's leaf is the hash of. `concat_ws` would skip nulls; here every field has its place.
CREATE FUNCTION audit.leaf(e audit.entries) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    e.xid::text, e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_kind, e.actor_id,
    e.actor_name, e.action, e.subject_type, e.subject_id, e.items, array_to_string(e.item_ids, ','), e.before, e.after,
    e.reason, e.request_id, e.address)::text, 'UTF8'))
$$;

CREATE FUNCTION audit.fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.xid := pg_current_xact_id();
  NEW.at := clock_timestamp();
  NEW.leaf := audit.leaf(NEW);
  RETURN NEW;
END
$$;
CREATE TRIGGER fill BEFORE INSERT ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.fill();

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.blocks
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
