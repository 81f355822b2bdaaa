-- Small tables that everybody joins; a view would only give them a second name.
-- Published as it is: areas.areas
-- Published as it is: areas.closure

-- All areas in the subtrees of some, or NULL when they are more than a thousand: for WHERE clauses, whose plan is a
-- good one only when the areas themselves stand in it (on a million people up to fifty times as fast as a sub-select,
-- which PostgreSQL takes for ten areas whatever it gives).
-- That is why it says IMMUTABLE and reads a table: PostgreSQL then works it out when it makes the plan. Give it
-- parameters, never literals: a plan that is kept is made without their values, and asks anew each time.
CREATE OR REPLACE FUNCTION areas.subtrees(roots uuid[]) RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN count(*) <= 1000 THEN coalesce(array_agg(area_id), '{}') END
  FROM (SELECT area_id FROM areas.closure WHERE ancestor_id = ANY(roots) LIMIT 1001) a
$$;
