import sql, { type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import {
  accountFields,
  gained,
  groupFields,
  insertAccounts,
  insertMemberships,
  memberFields,
} from '../registry/index.ts'
import type { Change } from './changes.ts'

/** New memberships of a chunk. */
const memberships = (day: string): Sql => sql`
  SELECT group_id, person_id AS member_id, ${day}::date AS started_on,
    CASE WHEN relation = 'head' THEN ARRAY['head'] ELSE '{}' END AS roles, nullif(relation, 'head') AS relationship,
    is_known, group_is_known
  FROM chunk WHERE NOT is_left_out AND group_id IS NOT NULL AND NOT is_member`

/** New accounts: of people who are new, or had none. */
const accounts = sql`
  SELECT person_id AS registrant_id, account_kind AS kind, account AS value, bank_code, is_known, person_id AS id,
    true AS preferred
  FROM chunk c
  WHERE NOT is_left_out AND account IS NOT NULL
    AND NOT (is_known AND EXISTS (SELECT FROM registry.live_accounts a WHERE a.registrant_id = c.person_id))`

/**
 * Writes the accounts and memberships of a chunk, whose people and groups are written. Gives what that changed of those
 * who were known before: an account, a member, a group that they did not have.
 */
export const writeHanging = async (db: Db, at: Date, day: string): Promise<Change[]> => {
  const paid = await db.query<Change>(
    gained(accountFields(sql`SELECT * FROM (${accounts}) a WHERE a.is_known`)),
  )
  await db.run(insertAccounts(accounts, at))
  const joined = await db.query<Change>(
    gained(sql`
      ${memberFields(sql`SELECT * FROM (${memberships(day)}) m WHERE m.group_is_known`)}
      UNION ALL
      ${groupFields(sql`SELECT * FROM (${memberships(day)}) m WHERE m.is_known`)}`),
  )
  await db.run(insertMemberships(memberships(day)))
  return [...paid, ...joined]
}
