-- On whose behalf somebody acted, and what a set-based change made of each row.
ALTER TABLE audit.entries
  ADD behalf_id uuid,
  ADD behalf_name text,
  -- {"before": [...], "after": [...]}: the changed fields of each row of item_ids, in their order.
  ADD details jsonb;

-- Entries without the new fields keep the text that they always had.
CREATE OR REPLACE FUNCTION audit.leaf(e audit.entries) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to((jsonb_build_array(
    e.xid::text, e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_kind, e.actor_id,
    e.actor_name, e.action, e.subject_type, e.subject_id, e.items, array_to_string(e.item_ids, ','), e.before, e.after,
    e.reason, e.request_id, e.address) || CASE WHEN num_nonnulls(e.behalf_id, e.behalf_name, e.details) = 0 THEN '[]'
    ELSE jsonb_build_array(e.behalf_id, e.behalf_name, e.details) END)::text, 'UTF8'))
$$;

-- A thousand ids compress little, and pglz takes most of the time of an insert to find that out.
DO $do$
BEGIN
  IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
    ALTER TABLE audit.entries
      ALTER item_ids SET COMPRESSION lz4, ALTER details SET COMPRESSION lz4,
      ALTER before SET COMPRESSION lz4, ALTER after SET COMPRESSION lz4;
  END IF;
END
$do$;

-- Which entries touched a row: small sets by each id, large ones by the range of their ids, which are in order.
CREATE TYPE audit.uuid_range AS RANGE (SUBTYPE = uuid, MULTIRANGE_TYPE_NAME = audit.uuid_ranges);
CREATE FUNCTION audit.span(ids uuid[]) RETURNS audit.uuid_range LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT audit.uuid_range(ids[1], ids[cardinality(ids)], '[]')
$$;
CREATE INDEX entries_by_item ON audit.entries USING gin (item_ids) WHERE cardinality(item_ids) <= 200;
CREATE INDEX entries_by_span ON audit.entries USING gist (audit.span(item_ids)) WHERE cardinality(item_ids) > 200;

-- What auditors ask for: newest first, by who and by what; and by time, id and request, which cost next to nothing.
CREATE INDEX entries_by_actor ON audit.entries (actor_id, xid, id);
CREATE INDEX entries_by_action ON audit.entries (action, xid, id);
CREATE INDEX entries_by_time ON audit.entries USING brin (at, id) WITH (autosummarize = on);
CREATE INDEX entries_by_request ON audit.entries USING hash (request_id);
