import sql, { type Sql } from 'sql-template-tag'

/**
 * A query that gives, for every area that one serves, the service point of the people living there
 * (`area_id`, `point_id`): the point whose own area is the deepest at or above theirs; of several in the same
 * area the one whose code comes first. To be joined, by other modules too, as a sub-select or CTE.
 */
export const pointsByArea: Sql = sql`
  SELECT DISTINCT ON (served.area_id) served.area_id, p.id AS point_id
  FROM inventory.points p
  JOIN areas.closure served ON served.ancestor_id = p.area_id
  CROSS JOIN LATERAL (SELECT count(*) AS depth FROM areas.closure above WHERE above.area_id = p.area_id) own
  ORDER BY served.area_id, own.depth DESC, p.code`
