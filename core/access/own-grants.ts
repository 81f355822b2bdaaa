import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Grant } from '../kernel/index.ts'

/** What a grant gives where, as its holder is told: P-codes of areas and codes of programs; left out: everywhere, in all. */
export type OwnGrant = {
  role?: string
  permissions: string[]
  masks: string[]
  areas?: string[]
  programs?: string[]
}

/** An account's grants as they hold for it now, by codes. */
export const ownGrants =
  (db: Db) =>
  async (grants: readonly Grant[]): Promise<OwnGrant[]> => {
    const ids = grants.flatMap(g => [...(g.areaIds ?? []), ...(g.programIds ?? [])])
    const rows =
      ids.length === 0
        ? []
        : await db.query<{ id: string; code: string }>(sql`
            SELECT id, code FROM areas.areas WHERE id = ANY(${ids}::uuid[])
            UNION ALL SELECT id, code FROM programs.program_codes WHERE id = ANY(${ids}::uuid[])`)
    const codes = new Map(rows.map(r => [r.id, r.code]))
    const named = (of: readonly string[]) => of.flatMap(id => codes.get(id) ?? []).sort()
    return grants.map(({ role, permissions, masks, areaIds, programIds }) => ({
      ...(role === undefined ? {} : { role }),
      permissions: [...permissions].sort(),
      masks: [...(masks ?? [])].sort(),
      ...(areaIds ? { areas: named(areaIds) } : {}),
      ...(programIds ? { programs: named(programIds) } : {}),
    }))
  }
