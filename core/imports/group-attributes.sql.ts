import sql, { type Sql } from 'sql-template-tag'
import { attributeKey } from './attributes.ts'
import type { ImportRow } from './model.ts'

const KEY = attributeKey({ kind: 'group', code: '' })

/** Whether the file has a column for an attribute of households. */
export const saysOfGroups = (im: ImportRow): boolean =>
  Object.keys(im.mapping ?? {}).some(key => key.startsWith(KEY))

/** Errors: rows of a chunk, not resolved yet, that say something else of their household than an earlier one does. */
export const recordDisagreements = (im: ImportRow, chunk: number): Sql => sql`
  INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
  SELECT ${im.id}, d.line, 'error', ${JSON.stringify(im.mapping)}::jsonb ->> (${KEY}::text || d.key), 'attribute-differs',
    format('Line %s says something else of the household.', d.first_line)
  FROM (
    SELECT s.line, a.key, a.value, first_value(a.value) OVER unit AS first, first_value(s.line) OVER unit AS first_line
    FROM imports.staged_rows s, jsonb_each(s.group_attributes) a
    WHERE s.import_id = ${im.id} AND s.chunk = ${chunk} AND s.household IS NOT NULL
    WINDOW unit AS (PARTITION BY s.household COLLATE "C", a.key COLLATE "C" ORDER BY s.line)
  ) d
  WHERE d.value <> d.first`

/** What the rows of a household, which agree, say of it together, in the row of its head in the table `chunk`. */
export const saidOfGroup: Sql = sql`(
  SELECT jsonb_object_agg(a.key, a.value) FROM jsonb_array_elements(said_of_group) said (of_row), jsonb_each(said.of_row) a)`

/** Warnings: the file says something new of a household that is in the registry. An import changes people, not groups. */
export const recordKeptGroups = (im: ImportRow): Sql => sql`
  INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
  SELECT ${im.id}, c.line, 'warning', NULL, 'household-kept',
    'The household is in the registry with other attributes, which stay as they are.'
  FROM chunk c JOIN registry.active_groups g ON g.id = c.group_id
  WHERE c.group_is_known AND c.said_of_group IS NOT NULL AND NOT c.is_left_out AND NOT g.attributes @> ${saidOfGroup}`
