import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Actor, Grant } from '../kernel/index.ts'
import { permissionsOf } from './roles.ts'

type GrantRow = { role: string; area_ids: string[] | null; program_ids: string[] | null }

/** How long a process may go on with what it knew of an account: the longest a disabled user still gets in. */
const REMEMBERED_MS = 1_000

/** Active accounts and their grants, as they are now (to within a second). */
export const createActors = (db: Db) => {
  const known = new Map<string, { at: number; actor: Promise<Actor | undefined> }>()

  const load = async (kind: 'user' | 'client', id: string): Promise<Actor | undefined> => {
    const account =
      kind === 'user'
        ? sql`SELECT id, username AS name FROM access.users WHERE id = ${id} AND status = 'active'`
        : sql`SELECT id, client_id AS name FROM access.clients WHERE id = ${id} AND status = 'active'`
    const row = await db.one<{ id: string; name: string; grants: GrantRow[] }>(sql`
      SELECT a.id, a.name, coalesce((
        SELECT jsonb_agg(jsonb_build_object('role', role, 'area_ids', area_ids, 'program_ids', program_ids))
        FROM access.grants g WHERE g.holder_id = a.id), '[]') AS grants
      FROM (${account}) a`)
    return row && { kind, id: row.id, name: row.name, grants: row.grants.map(toGrant) }
  }

  return async (kind: 'user' | 'client', id: string): Promise<Actor | undefined> => {
    const key = `${kind}:${id}`
    const now = Date.now()
    const remembered = known.get(key)
    if (remembered && now - remembered.at < REMEMBERED_MS) return remembered.actor
    const actor = load(kind, id)
    if (known.size > 10_000) known.clear()
    known.set(key, { at: now, actor })
    actor.catch(() => known.delete(key))
    return actor
  }
}

const toGrant = (row: GrantRow): Grant => ({
  permissions: permissionsOf(row.role),
  areaIds: row.area_ids,
  programIds: row.program_ids,
})
