import sql, { type Sql } from 'sql-template-tag'

/** Sets up to this size are indexed by each of their ids, larger ones by the range of them (as the indexes say). */
const SMALL = sql`cardinality(e.item_ids) <= 200`
const LARGE = sql`cardinality(e.item_ids) > 200`

/**
 * A query for the entries that touched any of some rows, as their subject or as one of a set. Gives `xid` and `id`
 * (the key of the entry), `touched` (which of the rows) and `item` (its place in `item_ids`, and in the arrays of
 * `details`, from 1; null when it is the subject). Quick by index, however large the trail and the sets.
 */
export const entriesTouching = (ids: readonly string[]): Sql => sql`
  SELECT e.xid, e.id, e.subject_id AS touched, NULL::int AS item
  FROM audit.entries e WHERE e.subject_id = ANY(${[...ids]}::uuid[])
  UNION ALL
  SELECT e.xid, e.id, t.id, array_position(e.item_ids, t.id)
  FROM unnest(${[...ids]}::uuid[]) t (id) JOIN audit.entries e ON e.item_ids @> ARRAY[t.id] AND ${SMALL}
  UNION ALL
  SELECT e.xid, e.id, t.id, array_position(e.item_ids, t.id)
  FROM unnest(${[...ids]}::uuid[]) t (id)
  JOIN audit.entries e ON audit.span(e.item_ids) @> t.id AND ${LARGE} AND t.id = ANY(e.item_ids)`
