import sql, { empty } from 'sql-template-tag'
import { type Permission, requirePermission, visible } from '../access/index.ts'
import { beginningOf, type Db, partOf, type Sortable, type SortKey, sorted } from '../db/index.ts'
import { type Ctx, notFound, type Page, type PageRequest } from '../kernel/index.ts'

/**
 * An area by its P-code. `names` holds it in further languages, by language tag (BCP 47); `ancestors` are those above it,
 * from the country down; `children` counts those right below it.
 */
export type Area = {
  code: string
  name: string
  level: number
  parent: string | null
  names: Record<string, string>
  ancestors: { code: string; name: string }[]
  children: number
  version: number
}

/** `q`: how a code begins, or part of a name in any language; `parent`: those right below the area with this code. */
export type AreaFilter = { q?: string; parent?: string; level?: number }

const COLUMNS = sql`a.code, a.name, a.level, p.code AS parent, a.names, a.version,
  coalesce((SELECT json_agg(json_build_object('code', up.code, 'name', up.name) ORDER BY up.level)
            FROM areas.closure c JOIN areas.areas up ON up.id = c.ancestor_id
            WHERE c.area_id = a.id AND up.id <> a.id), '[]') AS ancestors,
  (SELECT count(*)::int FROM areas.areas below WHERE below.parent_id = a.id) AS children`

const code = { by: sql`a.code`, as: 'code' } as const
const AREAS: Sortable = {
  columns: { code, name: { by: sql`a.name`, as: 'name' }, level: { by: sql`a.level`, as: 'number' } },
  tie: code,
  otherwise: 'code',
}

const matching = (q: string) => sql`AND (a.code ILIKE ${beginningOf(q)} OR a.name ILIKE ${partOf(q)}
  OR EXISTS (SELECT FROM jsonb_each_text(a.names) n WHERE n.value ILIKE ${partOf(q)}))`

export const readAreas = (db: Db) => ({
  /** Areas within the caller's reach, by code unless sorted otherwise. */
  list: async (ctx: Ctx, filter: AreaFilter, page: PageRequest): Promise<Page<Area>> => {
    requirePermission(ctx, 'area:read')
    const list = sorted(AREAS, page)
    const rows = await db.query<Area & SortKey>(sql`
      SELECT ${COLUMNS} ${list.key} FROM areas.areas a LEFT JOIN areas.areas p ON p.id = a.parent_id
      WHERE ${visible(ctx, 'area:read', { area: sql`a.id` })}
        ${filter.parent === undefined ? empty : sql`AND p.code = ${filter.parent}`}
        ${filter.level === undefined ? empty : sql`AND a.level = ${filter.level}`}
        ${filter.q === undefined ? empty : matching(filter.q)}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    return list.page<Area>(rows)
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
