-- A server without lz4 has only pglz, which takes half the time of an insert and makes a thousand ids no smaller.
DO $do$
BEGIN
  IF NOT (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
    ALTER TABLE audit.entries ALTER item_ids SET STORAGE EXTERNAL;
  END IF;
END
$do$;
