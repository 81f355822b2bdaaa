import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { ruleViolated } from '../kernel/index.ts'
import { ROLES } from './roles.ts'

const ADMINISTRATION = 'access administration'

/**
 * Accounts, grants and roles are changed by one unit of work at a time: what a change rests on (who is whose person,
 * who holds a role, who is left to administer) stays true until it commits. Call it before anything is locked.
 */
export const alone = async (db: Db): Promise<void> => {
  await db.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${ADMINISTRATION}, 0))`)
}

const ADMINISTERING = Object.keys(ROLES).filter(role => ROLES[role]!.includes('user:write'))

/**
 * Runs a change that may take a user the right to administer users, in its unit of work. Throws `rule_violated`
 * (`last-administrator`) when nobody would be left who can sign in and has it everywhere.
 */
export const keepingAdministrator = async <T>(db: Db, change: () => Promise<T>): Promise<T> => {
  await alone(db)
  const before = await hasAdministrator(db)
  const result = await change()
  if (before && !(await hasAdministrator(db)))
    throw ruleViolated('last-administrator', 'Nobody would be left who can administer users everywhere.')
  return result
}

/** Over grants `g`: gives the right to administer users, everywhere. */
export const administers = sql`
  g.area_ids IS NULL AND g.program_ids IS NULL AND (g.role = ANY(${ADMINISTERING}::text[]) OR EXISTS (
    SELECT FROM access.roles r WHERE r.code = g.role AND 'user:write' = ANY(r.permissions)))`

/**
 * Whether somebody could sign in and administer users everywhere: with a password what they were given, by a provider also
 * what its groups gave when they last did.
 */
export const hasAdministrator = async (db: Db): Promise<boolean> => {
  const row = await db.one<{ yes: boolean }>(sql`
    SELECT EXISTS (
      SELECT FROM access.users u JOIN access.grants g ON g.holder_id = u.id
      WHERE u.status = 'active' AND ${administers} AND (
        (g.source = 'given' AND u.password_hash <> '') OR EXISTS (
          SELECT FROM access.identities i JOIN access.identity_providers p ON p.id = i.provider_id
          WHERE i.user_id = u.id AND i.confirmed_at IS NOT NULL AND p.state = 'active'
            AND g.source IN ('given', 'oidc:' || p.code)))) AS yes`)
  return row!.yes
}
