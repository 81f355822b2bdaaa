import sql, { type Sql } from 'sql-template-tag'
import { insertEach } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Ctx } from '../kernel/index.ts'
import type { GrantState } from './grants.ts'

/** Where grants come from that follow from a provider's groups, and how sign-ins by it are known. */
export const sourceOf = (providerCode: string) => `oidc:${providerCode}` as const

/** Takes away, at once and on the trail, those grants `g` of a provider's groups that a condition picks. */
export const takeGroupGrants = async (db: Db, ctx: Ctx, source: string, which: Sql): Promise<void> => {
  const state = sql`
    jsonb_agg(jsonb_build_object('role', g.role, 'areaIds', g.area_ids, 'programIds', g.program_ids)
      ORDER BY g.role, g.area_ids, g.program_ids)`
  const changed = await db.query<{ id: string; before: GrantState[]; after: GrantState[] | null }>(sql`
    WITH gone AS (DELETE FROM access.grants g WHERE g.source = ${source} AND (${which}) RETURNING g.id, g.holder_id)
    SELECT g.holder_id AS id, ${state} AS before, ${state} FILTER (WHERE g.id NOT IN (SELECT id FROM gone)) AS after
    FROM access.grants g WHERE g.source = ${source} AND g.holder_id IN (SELECT holder_id FROM gone)
    GROUP BY g.holder_id`)
  if (changed.length === 0) return
  const field = `grants.${source}`
  const changes = changed.map(c => ({ id: c.id, before: { [field]: c.before }, after: { [field]: c.after } }))
  await db.run(insertEach(ctx, 'user.groups-change', 'user', changes))
}
