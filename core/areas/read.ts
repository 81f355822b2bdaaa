import sql, { empty } from 'sql-template-tag'
import { type Permission, requirePermission, visible } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, decodeCursor, notFound, type Page, type PageRequest, pageOf } from '../kernel/index.ts'

/** An area by its P-code. `names` holds it in further languages, by language tag (BCP 47). */
export type Area = {
  code: string
  name: string
  level: number
  parent: string | null
  names: Record<string, string>
}

const COLUMNS = sql`a.code, a.name, a.level, p.code AS parent, a.names`

export const readAreas = (db: Db) => ({
  /** Areas in the order of their codes, within the caller's reach; of one parent, or of one level, when asked. */
  list: async (
    ctx: Ctx,
    filter: { parent?: string; level?: number },
    page: PageRequest,
  ): Promise<Page<Area>> => {
    requirePermission(ctx, 'area:read')
    const after = page.cursor ? decodeCursor(page.cursor, 1) : undefined
    const rows = await db.query<Area>(sql`
      SELECT ${COLUMNS} FROM areas.areas a LEFT JOIN areas.areas p ON p.id = a.parent_id
      WHERE ${visible(ctx, 'area:read', { area: sql`a.id` })}
        ${filter.parent === undefined ? empty : sql`AND p.code = ${filter.parent}`}
        ${filter.level === undefined ? empty : sql`AND a.level = ${filter.level}`}
        ${after ? sql`AND a.code > ${after[0]}` : empty}
      ORDER BY a.code LIMIT ${page.limit + 1}`)
    return pageOf(rows, page.limit, a => [a.code])
  },

  get: async (ctx: Ctx, code: string): Promise<Area> => {
    requirePermission(ctx, 'area:read')
    const row = await db.one<Area>(sql`
      SELECT ${COLUMNS} FROM areas.areas a LEFT JOIN areas.areas p ON p.id = a.parent_id
      WHERE a.code = ${code} AND ${visible(ctx, 'area:read', { area: sql`a.id` })}`)
    if (!row) throw notFound('area')
    return row
  },

  /** The database id of every area within reach, by P-code: for files that name areas. */
  reachable: async (ctx: Ctx, permission: Permission): Promise<ReadonlyMap<string, string>> => {
    const rows = await db.query<{ code: string; id: string }>(
      sql`SELECT a.code, a.id FROM areas.areas a WHERE ${visible(ctx, permission, { area: sql`a.id` })}`,
    )
    return new Map(rows.map(r => [r.code, r.id]))
  },

  /** The database ids behind codes: for grants and fixtures. Unknown codes are left out. */
  idsOf: async (codes: readonly string[]): Promise<Map<string, string>> => {
    const rows = await db.query<{ code: string; id: string }>(
      sql`SELECT code, id FROM areas.areas WHERE code = ANY(${[...codes]}::text[])`,
    )
    return new Map(rows.map(r => [r.code, r.id]))
  },
})
