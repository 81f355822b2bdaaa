-- Identifiers made by the database for set-based inserts; the counterparts of core/kernel/ids.ts.

-- A time-ordered UUID version 7 (RFC 9562 section 5.7). PostgreSQL has its own from 18 on.
DO $do$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE 'CREATE FUNCTION kernel.uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$ SELECT uuidv7() $$';
  ELSE
    EXECUTE $f$
      CREATE FUNCTION kernel.uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
        -- Forty-eight bits of milliseconds, the version, then the rest of a random UUID with its variant bits.
        SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
          || '7' || substr(gen_random_uuid()::text, 16))::uuid
      $$
    $f$;
  END IF;
END
$do$;

-- Fifty random bits: what a public reference shows. Unique by index; a clash is retried with a fresh draw.
CREATE FUNCTION kernel.random_ref() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT ('x' || right(translate(gen_random_uuid()::text, '-', ''), 13))::bit(52)::bigint & 1125899906842623
$$;

-- The public text of a reference number, with its check character (see core/kernel/ids.ts).
CREATE FUNCTION kernel.reference(prefix text, ref bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  digit int;
  acc int := 0;
  digits text := '';
BEGIN
  FOR i IN 0..9 LOOP
    digit := ((ref >> (45 - 5 * i)) & 31)::int;
    digits := digits || substr(alphabet, digit + 1, 1);
    acc := acc # digit;
    acc := CASE WHEN acc & 16 > 0 THEN ((acc << 1) # 37) & 31 ELSE acc << 1 END;
  END LOOP;
  RETURN prefix || '-' || left(digits, 5) || '-' || right(digits, 5) || substr(alphabet, acc + 1, 1);
END
$$;
