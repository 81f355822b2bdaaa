-- A range of blocks whose entries were taken out of the trail, into a file that is kept elsewhere. Its row is signed like
-- a block, and continues the one before; the blocks stay.
CREATE TABLE audit.segments (
  number bigint PRIMARY KEY,
  from_height bigint NOT NULL UNIQUE,
  to_height bigint NOT NULL UNIQUE CHECK (to_height >= from_height),
  from_xid xid8 NOT NULL,
  to_xid xid8 NOT NULL,
  entries bigint NOT NULL,
  -- Name of the file, and the SHA-256 of its bytes.
  file text NOT NULL,
  sha256 bytea NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL,
  retired_at timestamptz NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.segments
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();

-- Only the owner of the trail retires entries, and only those of whole sealed blocks, the oldest first.
CREATE FUNCTION audit.segment_covers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  covered record;
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'audit.entries'::regclass), 'USAGE') THEN
    RAISE EXCEPTION 'only the owner of the audit trail retires entries' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT count(*) AS blocks, min(from_xid) AS from_xid, max(to_xid) AS to_xid, sum(entries) AS entries INTO covered
  FROM audit.blocks WHERE height BETWEEN NEW.from_height AND NEW.to_height;
  IF NEW.from_height <> coalesce((SELECT max(to_height) FROM audit.segments), 0) + 1
    OR covered.blocks <> NEW.to_height - NEW.from_height + 1
    OR (covered.from_xid, covered.to_xid, covered.entries) IS DISTINCT FROM (NEW.from_xid, NEW.to_xid, NEW.entries)
  THEN
    RAISE EXCEPTION 'the segment is not the whole of the oldest blocks' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER covers BEFORE INSERT ON audit.segments FOR EACH ROW EXECUTE FUNCTION audit.segment_covers();

-- Entries leave in one way: all of those that a segment covers, at once.
DROP TRIGGER append_only ON audit.entries;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON audit.entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();

CREATE FUNCTION audit.refuse_unless_retired() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  newest audit.segments;
BEGIN
  SELECT * INTO newest FROM audit.segments ORDER BY number DESC LIMIT 1;
  IF newest IS NULL OR NOT EXISTS (SELECT FROM gone)
    OR EXISTS (SELECT FROM gone WHERE xid < newest.from_xid OR xid >= newest.to_xid)
  THEN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER append_only_but_retired AFTER DELETE ON audit.entries
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_unless_retired();

-- Takes the entries of the newest segment out of the trail; it acts with the rights of who calls it, and only the owner
-- may delete. Refuses when they are not as many as the segment says.
CREATE FUNCTION audit.retire(segment bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  s audit.segments;
  removed bigint;
BEGIN
  SELECT * INTO STRICT s FROM audit.segments WHERE number = segment;
  DELETE FROM audit.entries WHERE xid >= s.from_xid AND xid < s.to_xid;
  GET DIAGNOSTICS removed = ROW_COUNT;
  IF removed <> s.entries THEN
    RAISE EXCEPTION 'segment % has % entries, the trail %', segment, s.entries, removed USING ERRCODE = 'check_violation';
  END IF;
  RETURN removed;
END
$$;
