import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Actor, Grant } from '../kernel/index.ts'
import { ROLE_TEXTS } from './roles.ts'

/**
 * What a grant gives where, as its holder is told: P-codes of areas and codes of programs, and what those are called, in
 * the same order; left out: everywhere, in all.
 */
export type OwnGrant = {
  role?: string
  roleName?: string
  permissions: string[]
  masks: string[]
  areas?: string[]
  areaNames?: string[]
  programs?: string[]
  programNames?: string[]
}
/** What an account is called, where mail of its user goes, and what it may do. A system has no mail. */
export type OwnProfile = { displayName: string; email?: string; grants: OwnGrant[] }

type Named = { code: string; name: string }

/** The caller's own account and its grants as they hold for it now, by codes. */
export const ownProfile =
  (db: Db) =>
  async ({ kind, id, name, grants }: Actor): Promise<OwnProfile> => {
    const account =
      kind === 'user'
        ? await db.one<{ name: string; email: string | null }>(
            sql`SELECT name, email FROM access.users WHERE id = ${id}`,
          )
        : await db.one<{ name: string; email: null }>(
            sql`SELECT name, NULL AS email FROM access.clients WHERE id = ${id}`,
          )
    return {
      displayName: account?.name ?? name,
      ...(account?.email ? { email: account.email } : {}),
      grants: await named(db, grants),
    }
  }

const named = async (db: Db, grants: readonly Grant[]): Promise<OwnGrant[]> => {
  const places = await namesOf(
    db,
    grants.flatMap(g => [...(g.areaIds ?? []), ...(g.programIds ?? [])]),
  )
  const roles = await roleNamesOf(db, grants)
  const of = (ids: readonly string[]): Named[] =>
    ids.flatMap(id => places.get(id) ?? []).sort((a, b) => (a.code < b.code ? -1 : 1))
  return grants.map(({ role, permissions, masks, areaIds, programIds }) => {
    const areas = areaIds && of(areaIds)
    const programs = programIds && of(programIds)
    return {
      ...(role === undefined ? {} : { role, roleName: roles.get(role) ?? role }),
      permissions: [...permissions].sort(),
      masks: [...(masks ?? [])].sort(),
      ...(areas ? { areas: areas.map(a => a.code), areaNames: areas.map(a => a.name) } : {}),
      ...(programs ? { programs: programs.map(p => p.code), programNames: programs.map(p => p.name) } : {}),
    }
  })
}

/** Codes and names of areas and programs, by their ids. */
const namesOf = async (db: Db, ids: readonly string[]): Promise<Map<string, Named>> => {
  if (ids.length === 0) return new Map()
  const rows = await db.query<Named & { id: string }>(sql`
    SELECT id, code, name FROM areas.areas WHERE id = ANY(${ids}::uuid[])
    UNION ALL SELECT id, code, name FROM programs.program_codes WHERE id = ANY(${ids}::uuid[])`)
  return new Map(rows.map(({ id, ...place }) => [id, place]))
}

/** What roles are called: the predefined ones as they always are, the others as they were named. */
const roleNamesOf = async (db: Db, grants: readonly Grant[]): Promise<Map<string, string>> => {
  const names = new Map(Object.entries(ROLE_TEXTS).map(([code, { name }]) => [code, name]))
  const custom = grants.flatMap(({ role }) => (role !== undefined && !names.has(role) ? [role] : []))
  if (custom.length === 0) return names
  const rows = await db.query<Named>(
    sql`SELECT code, name FROM access.roles WHERE code = ANY(${custom}::text[])`,
  )
  for (const { code, name } of rows) names.set(code, name)
  return names
}
