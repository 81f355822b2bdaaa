import sql, { type Sql } from 'sql-template-tag'

/*
 * What hangs on registrants, as fields of theirs: `identifier.TYPE`, `account.KIND` (all of the kind), and memberships
 * on both sides, `member.IN-…` of the group and `group.GR-…` of the member. Fields that come and go, so that an entry of
 * the trail says no more than what was changed.
 */

/** An account `a`. */
const account = sql`jsonb_build_object('value', a.value, 'bankCode', a.bank_code, 'preferred', a.preferred)`

/** A membership `m`, in a query of rows with `roles` and `relationship`. */
const membership = sql`jsonb_build_object('roles', m.roles, 'relationship', m.relationship)`

/** Of accounts (a query of whole rows): id of the registrant, field, value. */
export const accountFields = (accounts: Sql): Sql => sql`
  SELECT a.registrant_id AS id, 'account.' || a.kind AS field, jsonb_agg(${account} ORDER BY a.id) AS value
  FROM (${accounts}) a GROUP BY a.registrant_id, a.kind`

/** Of memberships (a query of group_id, member_id, roles, relationship): id of the registrant, field, value; for the group. */
export const memberFields = (memberships: Sql): Sql => sql`
  SELECT m.group_id AS id, 'member.' || kernel.reference('IN', p.ref) AS field, ${membership} AS value
  FROM (${memberships}) m JOIN registry.registrants p ON p.id = m.member_id`

/** The same for the member. */
export const groupFields = (memberships: Sql): Sql => sql`
  SELECT m.member_id AS id, 'group.' || kernel.reference('GR', g.ref) AS field, ${membership} AS value
  FROM (${memberships}) m JOIN registry.registrants g ON g.id = m.group_id`

/** Fields that registrants got (a query of id, field, value), as what was changed of each: id, before and after. */
export const gained = (fields: Sql): Sql => sql`
  SELECT f.id, jsonb_object_agg(f.field, NULL) AS before, jsonb_object_agg(f.field, f.value) AS after
  FROM (${fields}) f GROUP BY f.id`
