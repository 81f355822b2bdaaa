import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Actor, Grant } from '../kernel/index.ts'
import { GIVEN } from './grants.ts'
import { withinReach } from './machines.ts'
import { ROLE_MASKS } from './masks.ts'
import { isPredefined, ROLES } from './roles.ts'

type GrantRow = {
  role: string
  area_ids: string[] | null
  program_ids: string[] | null
  /** Of a role that an administrator made. */
  permissions: string[] | null
  masks: string[] | null
}

/** How long a process may go on with what it knew of an account: the longest a disabled user still gets in. */
const REMEMBERED_MS = 1_000

/**
 * An account and its grants as they are at this moment, when it is active. A client is as active as its owner. What
 * follows from a provider's groups counts for who signed in by it, until it ends; otherwise only what was given.
 */
export const loadActor =
  (db: Db) =>
  async (kind: 'user' | 'client', id: string, signedInBy?: string): Promise<Actor | undefined> => {
    const account =
      kind === 'user'
        ? sql`SELECT id, username AS name, person_id FROM access.users WHERE id = ${id} AND status = 'active'`
        : sql`
            SELECT c.id, c.client_id AS name, coalesce(o.person_id, m.person_id, c.id) AS person_id
            FROM access.clients c
            LEFT JOIN access.users o ON o.id = c.owner_id
            LEFT JOIN access.users m ON m.id = c.maker_id
            WHERE c.id = ${id} AND c.status = 'active' AND (o.status = 'active' OR c.owner_id IS NULL)`
    const row = await db.one<{ id: string; name: string; person_id: string; grants: GrantRow[] }>(sql`
      SELECT a.id, a.name, a.person_id, coalesce((
        SELECT jsonb_agg(jsonb_build_object('role', g.role, 'area_ids', g.area_ids, 'program_ids', g.program_ids,
                                            'permissions', r.permissions, 'masks', r.masks))
        FROM access.grants g LEFT JOIN access.roles r ON r.code = g.role
        WHERE g.holder_id = a.id
          AND (g.source = ${GIVEN} OR (g.source = ${signedInBy ?? null} AND g.expires_at > now()))), '[]') AS grants
      FROM (${account}) a`)
    if (!row) return undefined
    const granted = row.grants.map(toGrant)
    return {
      kind,
      id: row.id,
      name: row.name,
      personId: row.person_id,
      ...(signedInBy ? { signedInBy } : {}),
      grants: kind === 'client' ? await withinReach(db, row.id, granted) : granted,
    }
  }

/** Active accounts and their grants, as they are now (to within a second). */
export const createActors = (db: Db) => {
  const known = new Map<string, { at: number; actor: Promise<Actor | undefined> }>()
  const load = loadActor(db)

  return async (kind: 'user' | 'client', id: string, signedInBy?: string): Promise<Actor | undefined> => {
    const key = `${kind}:${id}:${signedInBy ?? ''}`
    const now = Date.now()
    const remembered = known.get(key)
    if (remembered && now - remembered.at < REMEMBERED_MS) return remembered.actor
    const actor = load(kind, id, signedInBy)
    if (known.size > 10_000) known.clear()
    known.set(key, { at: now, actor })
    actor.catch(() => known.delete(key))
    return actor
  }
}

/** An account as it is now, with no more than what it came with: a token may have been asked for less than it is granted. */
export const noMoreThan = (now: Actor, was: Actor): Actor => {
  const permissions = was.grants.reduce((all, g) => all.union(g.permissions), new Set<string>())
  if (permissions.has('*')) return now
  const grants = now.grants.map(g => ({ ...g, permissions: g.permissions.intersection(permissions) }))
  return { ...now, grants: grants.filter(g => g.permissions.size > 0) }
}

const toGrant = (row: GrantRow): Grant => ({
  role: row.role,
  permissions: new Set(isPredefined(row.role) ? ROLES[row.role] : row.permissions),
  masks: new Set(isPredefined(row.role) ? ROLE_MASKS[row.role] : row.masks),
  areaIds: row.area_ids,
  programIds: row.program_ids,
})
