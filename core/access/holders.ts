import sql, { type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Permission } from './permissions.ts'
import { isPredefined, ROLES } from './roles.ts'

/** Whose right it is: everybody's who holds a role, or a permission. `anywhere`: whatever their grant is limited to. */
export type Right = { role: string; anywhere?: boolean } | { permission: Permission }

/** A person, as others are told of them; `userId` is one of their accounts. */
export type Holder = { userId: string; personId: string; username: string; name: string }

/**
 * The active users with a right to a row: a query giving `user_id`, `person_id`, `username`, `name` and `identities` (the
 * person and all their users), to stand beside the columns that say which area and program the row belongs to. The
 * other side of `visible`: who, not what. Whom a provider's groups last gave it is among them, signed in or not: a
 * quorum does not shrink because people sleep.
 */
export const holders = (right: Right, columns: { area: Sql; program: Sql }): Sql => {
  const anywhere = 'role' in right && right.anywhere === true
  const inReach = sql`
    (g.area_ids IS NULL OR EXISTS (
      SELECT FROM areas.closure c WHERE c.area_id = ${columns.area} AND c.ancestor_id = ANY(g.area_ids)))
    AND (g.program_ids IS NULL OR ${columns.program} = ANY(g.program_ids))`
  return sql`
    SELECT DISTINCT ON (u.person_id) u.id AS user_id, u.person_id, u.username, u.name, u.person_id || ARRAY(
      SELECT o.id FROM access.users o WHERE o.person_id = u.person_id) AS identities
    FROM access.users u JOIN access.grants g ON g.holder_id = u.id
    WHERE u.status = 'active' AND ${holds(right)} AND ${anywhere ? sql`true` : inReach}
    ORDER BY u.person_id, u.id`
}

/** Over grants `g`: they give a right. */
export const holds = (right: Right): Sql => {
  if ('role' in right) return sql`g.role = ${right.role}`
  const predefined = Object.keys(ROLES).filter(role => ROLES[role]!.includes(right.permission))
  return sql`(g.role = ANY(${predefined}::text[])
    OR EXISTS (SELECT FROM access.roles r WHERE r.code = g.role AND ${right.permission}::text = ANY(r.permissions)))`
}

/** The users who may sign in: a query giving `id`. */
export const ACTIVE_USERS: Sql = sql`SELECT u.id FROM access.users u WHERE u.status = 'active'`

/** What is asked of people and roles by those who name them. */
export const readHolders = (db: Db) => ({
  /** Active users by their names. Those there are not are left out. */
  usersNamed: async (usernames: readonly string[]): Promise<Holder[]> =>
    db.query<Holder>(sql`
      SELECT id AS "userId", person_id AS "personId", username, name FROM access.users
      WHERE username = ANY(${[...usernames]}::text[]) AND status = 'active' ORDER BY username`),

  /** The areas to which all grants of a person are limited, over all their accounts. Who has one without limits is left out. */
  areasOf: async (personIds: readonly string[]): Promise<Map<string, string[]>> => {
    const rows = await db.query<{ person_id: string; areas: string[] }>(sql`
      SELECT u.person_id, array_agg(DISTINCT a) AS areas
      FROM access.users u JOIN access.grants g ON g.holder_id = u.id LEFT JOIN unnest(g.area_ids) a ON true
      WHERE u.person_id = ANY(${[...personIds]}::uuid[])
      GROUP BY u.person_id HAVING bool_and(g.area_ids IS NOT NULL)`)
    return new Map(rows.map(r => [r.person_id, r.areas]))
  },

  /** Which of these persons have a permission with any of their users, within whatever limits. */
  personsWith: async (permission: Permission, personIds: readonly string[]): Promise<Set<string>> => {
    const rows = await db.query<{ person_id: string }>(sql`
      SELECT DISTINCT u.person_id FROM access.users u JOIN access.grants g ON g.holder_id = u.id
      WHERE u.person_id = ANY(${[...personIds]}::uuid[]) AND u.status = 'active' AND ${holds({ permission })}`)
    return new Set(rows.map(r => r.person_id))
  },

  /** Whether any active user or API client has a right, and a permission beside it, within whatever limits. */
  isHeld: async (right: Right, beside: Permission): Promise<boolean> =>
    (await db.one(sql`
      SELECT FROM access.grants g WHERE ${holds(right)}
        AND g.holder_id IN (SELECT g.holder_id FROM access.grants g WHERE ${holds({ permission: beside })})
        AND (EXISTS (SELECT FROM access.users u WHERE u.id = g.holder_id AND u.status = 'active')
          OR EXISTS (SELECT FROM access.clients c WHERE c.id = g.holder_id AND c.status = 'active'))
      LIMIT 1`)) !== undefined,

  /** Which of these roles do not give a permission. */
  rolesWithout: async (permission: Permission, codes: readonly string[]): Promise<string[]> => {
    const rows = await db.query<{ code: string }>(sql`
      SELECT code FROM access.roles WHERE code = ANY(${[...codes]}::text[]) AND ${permission}::text = ANY(permissions)`)
    const giving = new Set(rows.map(r => r.code))
    return codes.filter(code => !(isPredefined(code) ? ROLES[code]!.includes(permission) : giving.has(code)))
  },

  /** Which of these are no roles, neither predefined nor made by an administrator. */
  unknownRoles: async (codes: readonly string[]): Promise<string[]> => {
    const rows = await db.query<{ code: string }>(
      sql`SELECT code FROM access.roles WHERE code = ANY(${[...codes]}::text[])`,
    )
    const made = new Set(rows.map(r => r.code))
    return codes.filter(code => !isPredefined(code) && !made.has(code))
  },
})
