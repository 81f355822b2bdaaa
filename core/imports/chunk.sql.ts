import sql, { type Sql } from 'sql-template-tag'
import type { FieldKey } from './fields.ts'
import type { ImportRow } from './model.ts'

/** More people than this under one household key is a wrong key. */
const LARGEST_HOUSEHOLD = 200

/** The header that a field has in the file, for people to find the column by. */
const columnName = (im: ImportRow, key: FieldKey): Sql => sql`${im.mapping?.[key] ?? null}::text`

/**
 * Makes the planner look rows up by index until the unit of work ends. What it knows of the registry can be long out
 * of date while an import fills it: it would take the tables for empty and read them whole for every row.
 */
export const lookUpByIndex: Sql = sql`
  SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true), set_config('enable_material', 'off', true)`

const groupType = (im: ImportRow): Sql => sql`${im.options.groupType ?? 'household'}::text`

/**
 * Who may turn out to be known: whom the identifiers of a chunk name, and the members of their households. Locked
 * before they are compared with.
 */
export const knownPeople = (im: ImportRow, chunk: number): Sql => sql`
  WITH named AS (
    SELECT i.registrant_id AS id, s.household
    FROM imports.staged_rows s
    JOIN registry.live_identifiers i ON i.type = s.identifier_type AND i.value = s.identifier
    WHERE s.import_id = ${im.id} AND s.chunk = ${chunk}
  )
  SELECT id FROM named
  UNION
  SELECT o.member_id
  FROM named n
  JOIN registry.active_memberships m ON m.member_id = n.id
  JOIN registry.active_groups a ON a.id = m.group_id AND a.group_type = ${groupType(im)}
  JOIN registry.active_memberships o ON o.group_id = m.group_id
  WHERE n.household IS NOT NULL`

/**
 * The staged rows of a chunk, each beside the person that its identifier names and the groups that person is in.
 * Joined row by row through indexes: fresh rows have no statistics that a planner could go by.
 */
const withNamed = (im: ImportRow, chunk: number): Sql => sql`
  SELECT s.*, coalesce(s.household, '#' || s.line) COLLATE "C" AS unit, kernel.uuid7() AS fresh_id, kernel.uuid7() AS fresh_group_id,
    EXISTS (SELECT FROM imports.row_issues e
            WHERE e.import_id = s.import_id AND e.line = s.line AND e.severity IN ('error', 'conflict')) AS is_wrong,
    i.registrant_id AS named_id, g.groups
  FROM imports.staged_rows s
  LEFT JOIN registry.live_identifiers i ON i.type = s.identifier_type AND i.value = s.identifier
  LEFT JOIN LATERAL (
    SELECT array_agg(m.group_id) AS groups
    FROM registry.active_memberships m
    JOIN registry.active_groups a ON a.id = m.group_id AND a.group_type = ${groupType(im)}
    WHERE m.member_id = i.registrant_id
  ) g ON true
  WHERE s.import_id = ${im.id} AND s.chunk = ${chunk}`

/** What a row's household is as a whole: over one window, so that one sort does. */
const asUnits = (rows: Sql): Sql => sql`
  SELECT r.*, count(*) OVER unit AS size, min(line) OVER unit AS first_line,
    count(*) FILTER (WHERE relation = 'head') OVER unit AS heads,
    coalesce(area_id::text, min(area_id::text) FILTER (WHERE relation = 'head') OVER unit,
      min(area_id::text) OVER unit)::uuid AS unit_area_id,
    CASE WHEN relation = 'head' THEN
      jsonb_agg(group_attributes) FILTER (WHERE group_attributes IS NOT NULL) OVER unit
    END AS said_of_group,
    (min(groups[1]::text) OVER unit)::uuid AS known_group_id,
    min(groups[1]::text) OVER unit <> max(groups[1]::text) OVER unit
      OR max(cardinality(groups)) OVER unit > 1 AS is_split,
    first_value(fresh_group_id) OVER unit AS new_group_id
  FROM (${rows}) r WINDOW unit AS (PARTITION BY unit)`

/** A name without what does not make it another one: case, composition (Unicode NFC) and white space. */
const plain = (name: Sql): Sql => sql`lower(normalize(regexp_replace(btrim(${name}), '\\s+', ' ', 'g'), NFC))`

const nameAgrees = sql`${plain(sql`k.name`)} = ${plain(sql`r.name`)}`

/** Whether the date in the file is the known one, as exactly as the file has it (unknown parts are 01). */
const birthAgrees = sql`(r.birth_date = date_trunc(
  CASE r.birth_precision WHEN 'day' THEN 'day' WHEN 'month' THEN 'month' ELSE 'year' END, k.birth_date)::date)`

/**
 * Each row beside the person it is about, when that person is known: by the identifier; or, in a household that is
 * known through others, as its one member with the same name and date of birth, as exactly as the file has it.
 */
const withKnown = (rows: Sql, reachable: Sql): Sql => sql`
  SELECT r.*, k.id AS known_id, k.phones AS known_phones, k.attributes AS known_attributes,
    ${birthAgrees} AS birth_agrees, ${nameAgrees} AS name_agrees,
    k.kind = 'individual' AND k.status = 'active' AND ${reachable} AS can_be_updated,
    cardinality(n.ids) > 1 AS is_ambiguous,
    min(line) OVER person AS person_first_line, max(line) OVER person AS person_last_line
  FROM (${rows}) r
  LEFT JOIN LATERAL (
    SELECT array_agg(k.id) AS ids
    FROM registry.active_memberships m JOIN registry.active_individuals k ON k.id = m.member_id
    WHERE r.named_id IS NULL AND r.household IS NOT NULL AND m.group_id = r.known_group_id
      AND ${nameAgrees} AND (r.birth_date IS NULL OR ${birthAgrees})
  ) n ON true
  LEFT JOIN registry.records k ON k.id = coalesce(r.named_id, CASE WHEN cardinality(n.ids) = 1 THEN n.ids[1] END)
  WINDOW person AS (PARTITION BY k.id)`

/**
 * Resolves the staged rows of one chunk against each other and against the registry, into the temporary table
 * `chunk`: one row per line, with
 * - `person_id`, of the person that the row is about, when known (`is_known`: see `withKnown`), or a new one;
 *   `named_id`, when it is the identifier that tells;
 * - `group_id`, of the group that known members of the household are in (`group_is_known`) or a new one; null for
 *   people without a household; `is_member` when the person is in it already;
 * - `said_of_group`, in the head's row: the group attributes of all rows of the household (a jsonb array);
 * - `code` of what was found wrong here, if anything was;
 * - `is_left_out`: something is wrong with this row or with another one of its household.
 *
 * The same statement serves the test and the commit, so the test tells what the commit will do.
 * `reachable` is the row filter over `k.area_id`.
 */
export const resolveChunk = (im: ImportRow, chunk: number, reachable: Sql): Sql => sql`
  CREATE TEMP TABLE chunk ON COMMIT DROP AS
  SELECT f.*, bool_or(is_wrong OR code IS NOT NULL) OVER unit AS is_left_out,
    min(line) FILTER (WHERE is_wrong OR code IS NOT NULL) OVER unit AS wrong_line
  FROM (
    SELECT u.*, known_id IS NOT NULL AS is_known, coalesce(known_id, fresh_id) AS person_id,
      known_group_id IS NOT NULL AS group_is_known,
      CASE WHEN household IS NOT NULL THEN coalesce(known_group_id, new_group_id) END AS group_id,
      known_id IS NOT NULL AND (named_id IS NULL OR coalesce(known_group_id = ANY(groups), false)) AS is_member,
      CASE line WHEN person_first_line THEN person_last_line ELSE person_first_line END AS other_line,
      CASE
        WHEN named_id IS NOT NULL AND NOT can_be_updated THEN 'identifier-held'
        WHEN known_id IS NOT NULL AND NOT can_be_updated THEN 'member-held'
        WHEN NOT name_agrees AND NOT birth_agrees THEN 'identity-differs'
        WHEN is_ambiguous THEN 'member-ambiguous'
        WHEN known_id IS NOT NULL AND person_first_line <> person_last_line AND NOT is_wrong THEN 'member-twice'
        WHEN known_id IS NULL AND unit_area_id IS NULL AND NOT is_wrong THEN 'area-missing'
        WHEN household IS NULL THEN NULL
        WHEN line = first_line AND heads <> 1 THEN 'household-head'
        WHEN line = first_line AND size > ${LARGEST_HOUSEHOLD} THEN 'household-size'
        WHEN line = first_line AND is_split THEN 'household-split'
        WHEN relation = 'head' AND EXISTS (
          SELECT FROM registry.active_memberships h
          WHERE h.group_id = known_group_id AND h.roles @> '{head}' AND h.member_id IS DISTINCT FROM known_id)
          THEN 'head-differs'
      END AS code
    FROM (${withKnown(asUnits(withNamed(im, chunk)), reachable)}) u
  ) f WINDOW unit AS (PARTITION BY unit)`

/** What the codes of `resolveChunk` mean: code, severity, column_name, message (`%`: see `recordFindings`). */
const meanings = (im: ImportRow): Sql => sql`
  (VALUES
    ('identifier-held', 'conflict', ${columnName(im, 'identifier')},
     'The identifier belongs to a registrant that cannot be updated from here.'),
    ('identity-differs', 'conflict', ${columnName(im, 'identifier')},
     'The identifier belongs to somebody with another name and another date of birth.'),
    ('member-held', 'conflict', ${columnName(im, 'name')},
     'A member of the household in the registry has this name and cannot be updated from here.'),
    ('member-ambiguous', 'conflict', ${columnName(im, 'name')},
     'More than one member of the household in the registry has this name and date of birth.'),
    ('member-twice', 'conflict', ${columnName(im, 'name')}, 'Line % is about the same person of the registry.'),
    ('area-missing', 'error', ${columnName(im, 'area')}, 'A person needs an area, and the household has none.'),
    ('household-head', 'error', ${columnName(im, 'relation')}, 'A household has one head; this one has %.'),
    ('household-size', 'error', ${columnName(im, 'household')},
     'More people have this household than a household can have.'),
    ('household-split', 'conflict', ${columnName(im, 'household')},
     'Members of this household are in different households of the registry.'),
    ('head-differs', 'conflict', ${columnName(im, 'relation')}, 'The household has another head in the registry.')
  ) AS meaning (code, severity, column_name, message)`

/** Issues of the chunk that are not recorded yet: what was found wrong, and the rows that are held back by it. */
export const recordFindings = (im: ImportRow): Sql => sql`
  INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
  SELECT ${im.id}, n.line, n.severity, n.column_name, n.code, n.message
  FROM (
    SELECT line, severity, column_name, code,
      replace(message, '%', (CASE code WHEN 'member-twice' THEN other_line ELSE heads END)::text) AS message
    FROM chunk JOIN ${meanings(im)} USING (code)
    UNION ALL
    SELECT line, 'held', NULL, 'household-held', format('Held back, for something is wrong with line %s of the household.', wrong_line)
    FROM chunk WHERE is_left_out AND NOT is_wrong AND code IS NULL
  ) n
  WHERE NOT EXISTS (SELECT FROM imports.row_issues e WHERE e.import_id = ${im.id} AND e.line = n.line AND e.code = n.code)`

/** Whether the person of a row of `chunk` has an identifier of the row's type. */
const hasOfType = sql`EXISTS (
  SELECT FROM registry.live_identifiers h WHERE h.registrant_id = person_id AND h.type = identifier_type)`

/** What rows add to people who were recognised without it: registrant_id, type, value. */
export const newIdentifiers = sql`
  SELECT person_id AS registrant_id, identifier_type AS type, identifier AS value
  FROM chunk WHERE identifier IS NOT NULL AND is_known AND named_id IS NULL AND NOT is_left_out AND NOT ${hasOfType}`

/** Accounts that somebody else has too, or that differ from the one a known person has, which then stays. */
export const recordAccountWarnings = (im: ImportRow): Sql => sql`
  INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
  SELECT ${im.id}, c.line, 'warning', ${columnName(im, 'account')}, w.code, w.message
  FROM chunk c, LATERAL (
    SELECT 'account-shared' AS code, 'Somebody else in the registry has the same account.' AS message
    WHERE EXISTS (SELECT FROM registry.live_accounts a WHERE a.value = c.account AND a.registrant_id <> c.person_id)
    UNION ALL
    SELECT 'account-kept', 'The person has another account in the registry, which stays: change it by a request.'
    WHERE c.is_known AND EXISTS (SELECT FROM registry.live_accounts a WHERE a.registrant_id = c.person_id)
      AND NOT EXISTS (SELECT FROM registry.live_accounts a WHERE a.registrant_id = c.person_id AND a.value = c.account)
  ) w
  WHERE c.account IS NOT NULL`

/** Identifiers that differ from the one of the same type that a member recognised by name has, which then stays. */
export const recordIdentifierWarnings = (im: ImportRow): Sql => sql`
  INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
  SELECT ${im.id}, line, 'warning', ${columnName(im, 'identifier')}, 'identifier-kept',
    'The person has another identifier of this type in the registry, which stays.'
  FROM chunk WHERE identifier IS NOT NULL AND is_known AND named_id IS NULL AND ${hasOfType}`

/** Rows of the whole file that name the same person (an error), or the same account or phone (a warning). */
export const recordRepeats = (im: ImportRow): Sql => sql`
  INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
  SELECT ${im.id}, r.line, d.severity, d.column_name, d.code,
    format(d.message, CASE r.line WHEN d.lines[1] THEN d.lines[2] ELSE d.lines[1] END)
  FROM (
    SELECT 'error' AS severity, ${columnName(im, 'identifier')} AS column_name, 'identifier-twice' AS code,
      'The same identifier is in line %s.' AS message, array_agg(line ORDER BY line) AS lines
    FROM imports.staged_rows WHERE import_id = ${im.id} AND identifier IS NOT NULL
    GROUP BY identifier_type, identifier HAVING count(*) > 1
    UNION ALL
    SELECT 'warning', ${columnName(im, 'account')}, 'account-twice', 'The same account is in line %s.',
      array_agg(line ORDER BY line)
    FROM imports.staged_rows WHERE import_id = ${im.id} AND account IS NOT NULL
    GROUP BY account HAVING count(*) > 1
    UNION ALL
    SELECT 'warning', ${columnName(im, 'phone')}, 'phone-twice', 'The same phone is in line %s, in another household.',
      array_agg(line ORDER BY line)
    FROM imports.staged_rows WHERE import_id = ${im.id} AND phone IS NOT NULL
    GROUP BY phone HAVING count(DISTINCT coalesce(household, '#' || line)) > 1
  ) d, unnest(d.lines) AS r (line)`
