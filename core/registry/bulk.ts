import sql, { type Sql } from 'sql-template-tag'
import { accountFields, groupFields, memberFields } from './hanging.ts'

/*
 * Set-based writing of people, groups and what hangs on them. Each function gives one statement over `rows`, a query
 * with the columns named here; the caller runs it in its own unit of work, beside the audit entry, and has
 * checked what the rows say. Uniqueness is still held by the database.
 */

/** Where rows come from: kept with every registrant. */
export type BulkSource = { kind: 'import' | 'demo'; id: string; at: Date }

/** `rows`: id, area_id, name, given_name, family_name, sex, birth_date, birth_precision, phones, attributes. */
export const insertIndividuals = (rows: Sql, source: BulkSource): Sql => sql`
  INSERT INTO registry.registrants (id, ref, kind, area_id, name, given_name, family_name, sex, birth_date,
    birth_precision, phones, attributes, source, source_id, created_at, updated_at)
  SELECT n.id, kernel.random_ref(), 'individual', n.area_id, n.name, n.given_name, n.family_name, n.sex, n.birth_date,
    n.birth_precision, n.phones, n.attributes, ${source.kind}, ${source.id}, ${source.at}, ${source.at}
  FROM (${rows}) n`

/** `rows`: id, area_id, name, group_type, attributes. */
export const insertGroups = (rows: Sql, source: BulkSource): Sql => sql`
  INSERT INTO registry.registrants (id, ref, kind, area_id, name, group_type, attributes, source, source_id, created_at,
    updated_at)
  SELECT n.id, kernel.random_ref(), 'group', n.area_id, n.name, n.group_type, n.attributes, ${source.kind}, ${source.id},
    ${source.at}, ${source.at}
  FROM (${rows}) n`

/** `rows`: group_id, member_id, started_on, roles, relationship. */
export const insertMemberships = (rows: Sql): Sql => sql`
  INSERT INTO registry.memberships (group_id, member_id, started_on, roles, relationship)
  SELECT n.group_id, n.member_id, n.started_on, n.roles, n.relationship FROM (${rows}) n`

/** `rows`: registrant_id, type, value. */
export const insertIdentifiers = (rows: Sql, at: Date): Sql => sql`
  INSERT INTO registry.identifiers (id, registrant_id, type, value, created_at)
  SELECT kernel.uuid7(), n.registrant_id, n.type, n.value, ${at} FROM (${rows}) n`

/** Raises the version of registrants whose identifiers a statement changes (it returns registrant_id, type, value). */
const withVersion = (changed: Sql, at: Date, before: Sql, after: Sql): Sql => sql`
  WITH changed AS (${changed})
  UPDATE registry.registrants r SET version = r.version + 1, updated_at = ${at}
  FROM changed c WHERE r.id = c.registrant_id
  RETURNING r.id, r.version, jsonb_build_object('identifier.' || c.type, ${before}) AS before,
    jsonb_build_object('identifier.' || c.type, ${after}) AS after`

const NONE = sql`NULL::text`

/**
 * Gives registrants there are an identifier each. `rows`: registrant_id, type, value. Gives: id, version (the new
 * one), before and after (jsonb: `identifier.TYPE`).
 */
export const addIdentifiers = (rows: Sql, at: Date): Sql =>
  withVersion(
    sql`${insertIdentifiers(rows, at)} RETURNING registrant_id, type, value`,
    at,
    NONE,
    sql`c.value`,
  )

/** Invalidates a live identifier of each registrant. Takes and gives what `addIdentifiers` does. */
export const invalidateIdentifiers = (rows: Sql, at: Date): Sql =>
  withVersion(
    sql`UPDATE registry.identifiers i SET status = 'invalidated' FROM (${rows}) n
        WHERE i.registrant_id = n.registrant_id AND i.type = n.type AND i.value = n.value AND i.status = 'live'
        RETURNING i.registrant_id, i.type, i.value`,
    at,
    sql`c.value`,
    NONE,
  )

/** `rows`: registrant_id, kind, value, bank_code. They become the preferred accounts. */
export const insertAccounts = (rows: Sql, at: Date): Sql => sql`
  INSERT INTO registry.payment_accounts (id, registrant_id, kind, value, bank_code, preferred, created_at)
  SELECT kernel.uuid7(), n.registrant_id, n.kind, n.value, n.bank_code, true, ${at} FROM (${rows}) n`

/** Keeps others from changing registrants until the unit of work ends. `ids`: a query giving uuid column `id`. */
export const lockRegistrants = (ids: Sql): Sql => sql`
  SELECT id FROM registry.registrants WHERE id IN (${ids}) ORDER BY id FOR UPDATE`

/**
 * Changes fields of individuals. `rows`: id, fields (jsonb, by column name; a key that is absent leaves the field as
 * it is). Gives, for those that differ: id, version (the new one), before and after (jsonb, the changed fields).
 * Each step is worked out once, whatever the planner thinks of the table: one that was emptied, vacuumed and filled
 * again counts as empty to it.
 */
export const updateIndividuals = (rows: Sql, at: Date): Sql => sql`
  WITH wanted AS MATERIALIZED (${rows}), differing AS MATERIALIZED (
    SELECT r.id, jsonb_object_agg(f.key, to_jsonb(r) -> f.key) AS before, jsonb_object_agg(f.key, f.value) AS after
    FROM wanted w JOIN registry.registrants r ON r.id = w.id, jsonb_each(w.fields) f
    WHERE r.kind = 'individual' AND to_jsonb(r) -> f.key IS DISTINCT FROM f.value
    GROUP BY r.id
  )
  UPDATE registry.registrants r
  SET (area_id, name, given_name, family_name, sex, birth_date, birth_precision, phones, attributes) =
      (SELECT n.area_id, n.name, n.given_name, n.family_name, n.sex, n.birth_date, n.birth_precision, n.phones,
         n.attributes
       FROM jsonb_populate_record(r, d.after) n),
    version = r.version + 1, updated_at = ${at}
  FROM differing d WHERE r.id = d.id
  RETURNING r.id, r.version, d.before, d.after`

/**
 * What became of the registrants of a source: how many there are, how many were changed since, and how many current
 * memberships they have a part in (registrants, changed, memberships).
 */
export const sourceState = (sourceId: string): Sql => sql`
  WITH own AS (SELECT id, version, status FROM registry.registrants WHERE source_id = ${sourceId})
  SELECT (SELECT count(*) FROM own)::int AS registrants,
    (SELECT count(*) FROM own WHERE version > 1 OR status <> 'active')::int AS changed,
    (SELECT count(*) FROM (
       SELECT m.group_id, m.member_id FROM own JOIN registry.memberships m ON m.group_id = own.id WHERE m.ended_on IS NULL
       UNION
       SELECT m.group_id, m.member_id FROM own JOIN registry.memberships m ON m.member_id = own.id WHERE m.ended_on IS NULL
     ) m)::int AS memberships`

/**
 * Disables all registrants of a source: their memberships end on `day`, their identifiers and accounts are live no
 * longer. Gives id and before (jsonb: what hung on them, as in `hanging.ts`), also of the others who lose a member or a
 * group by it (not `disabled`). Registrants are never deleted.
 */
export const disableSource = (sourceId: string, at: Date, day: string, reason: string): Sql => sql`
  WITH own AS (
    UPDATE registry.registrants
    SET status = 'disabled', disabled_at = ${at}, disabled_reason = ${reason}, version = version + 1, updated_at = ${at}
    WHERE source_id = ${sourceId} AND status = 'active' RETURNING id
  ), memberships AS (
    UPDATE registry.memberships SET ended_on = greatest(started_on, ${day}::date)
    WHERE ended_on IS NULL AND (group_id IN (SELECT id FROM own) OR member_id IN (SELECT id FROM own))
    RETURNING group_id, member_id, roles, relationship
  ), identifiers AS (
    UPDATE registry.identifiers SET status = 'invalidated'
    WHERE status = 'live' AND registrant_id IN (SELECT id FROM own)
    RETURNING registrant_id, type, value
  ), accounts AS (
    UPDATE registry.payment_accounts SET status = 'invalidated'
    WHERE status = 'live' AND registrant_id IN (SELECT id FROM own)
    RETURNING id, registrant_id, kind, value, bank_code, preferred
  ), lost AS (
    SELECT registrant_id AS id, 'identifier.' || type AS field, to_jsonb(value) AS value FROM identifiers
    UNION ALL ${accountFields(sql`SELECT * FROM accounts`)}
    UNION ALL ${memberFields(sql`SELECT * FROM memberships`)}
    UNION ALL ${groupFields(sql`SELECT * FROM memberships`)}
  )
  SELECT r.id, own.id IS NOT NULL AS disabled,
    coalesce(jsonb_object_agg(l.field, l.value) FILTER (WHERE l.field IS NOT NULL), '{}') AS before
  FROM (SELECT id FROM own UNION SELECT id FROM lost) r
  LEFT JOIN own ON own.id = r.id LEFT JOIN lost l ON l.id = r.id
  GROUP BY r.id, own.id`
