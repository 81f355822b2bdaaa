import sql, { empty, join, type Sql } from 'sql-template-tag'
import { type Ctx, forbidden, type Grant, notFound } from '../kernel/index.ts'
import { MASKABLE, type Maskable } from './masks.ts'
import type { Permission } from './permissions.ts'

const gives = (grant: Grant, permission: Permission) =>
  grant.permissions.has('*') || grant.permissions.has(permission)

const grantsFor = (ctx: Ctx, permission: Permission): Grant[] =>
  ctx.actor.grants.filter(g => gives(g, permission))

/** Refuses, unless the actor holds the permission somewhere. Which rows it reaches is `visible`'s business. */
export const requirePermission = (ctx: Ctx, permission: Permission): void => {
  if (grantsFor(ctx, permission).length === 0)
    throw forbidden(`This needs the permission ${permission}, which ${ctx.actor.name} does not have.`)
}

/** The columns of a query that say which area and which program a row belongs to. */
export type ScopedColumns = { area?: Sql; program?: Sql }

/**
 * **The row filter**: a boolean for WHERE that holds for the rows the actor may reach with a permission. Every
 * query over people, programs and what hangs on them goes through here; nothing else decides on scope.
 * A restriction to areas means their whole subtrees, worked out once per statement, not once per row. A table
 * without a program column is filtered by area only, one without an area column by program only.
 */
export const visible = (ctx: Ctx, permission: Permission, columns: ScopedColumns): Sql =>
  reached(grantsFor(ctx, permission), columns)

/**
 * A boolean that holds for the rows that the actor reaches in a role; with `anywhere`, for all rows when they hold it at
 * all. For what is given to a role rather than to a permission.
 */
export const reachedInRole = (ctx: Ctx, role: string, columns: ScopedColumns, anywhere = false): Sql => {
  const grants = ctx.actor.grants.filter(g => g.role === role)
  return reached(anywhere ? grants.map(g => ({ ...g, areaIds: null, programIds: null })) : grants, columns)
}

/**
 * A boolean that holds for the rows whose field the actor may see in full: those that a grant reaches which does not
 * mask it. Stands in a query that `visible` has filtered; the rest of the rows show the field only in part.
 */
export const clear = (ctx: Ctx, permission: Permission, field: Maskable, columns: ScopedColumns): Sql =>
  reached(
    grantsFor(ctx, permission).filter(g => !g.masks?.has(field)),
    columns,
  )

/**
 * The rows that may be looked up by a field: those that show it in full. Otherwise what is kept from somebody could be
 * found out by asking. Throws `forbidden` (`masked`) when there can be none.
 */
export const searchable = (
  ctx: Ctx,
  permission: Permission,
  field: Maskable,
  columns: ScopedColumns,
): Sql => {
  if (grantsFor(ctx, permission).every(g => g.masks?.has(field)))
    throw forbidden(
      `Your role sees people's data of this kind (${field}) only in part, and cannot look them up by it.`,
      'masked',
    )
  return clear(ctx, permission, field, columns)
}

/** What a permission shows only in part, in some rows or in all: what any of its grants masks. */
export const masksOf = (ctx: Ctx, permission: Permission): ReadonlySet<string> =>
  new Set(grantsFor(ctx, permission).flatMap(g => [...(g.masks ?? [])]))

/**
 * What is kept from somebody who reads everywhere, of what cannot be told row by row: what every grant masks that is
 * limited in nothing.
 */
export const masksEverywhere = (ctx: Ctx, permission: Permission): ReadonlySet<Maskable> => {
  const grants = grantsFor(ctx, permission).filter(g => g.areaIds === null && g.programIds === null)
  return new Set(MASKABLE.filter(field => grants.every(g => g.masks?.has(field))))
}

const reached = (grants: readonly Grant[], columns: ScopedColumns): Sql => {
  if (grants.length === 0) return sql`false`
  const each = grants.map(g => {
    const conditions = [
      g.areaIds && columns.area ? inSubtrees(columns.area, g.areaIds) : undefined,
      g.programIds && columns.program
        ? sql`${columns.program} = ANY(${[...g.programIds]}::uuid[])`
        : undefined,
    ].filter(c => c !== undefined)
    return conditions.length === 0 ? undefined : sql`(${join(conditions, ' AND ')})`
  })
  return each.some(c => c === undefined) ? sql`true` : sql`(${join(each as Sql[], ' OR ')})`
}

/** What belongs to no area and no program is reached by those alone whose grant is limited in neither. */
export const visibleOfAll = (ctx: Ctx, permission: Permission): Sql =>
  visible(ctx, permission, { area: sql`NULL::uuid`, program: sql`NULL::uuid` })

/**
 * The row filter of what belongs to no area and no program but is somebody's: whoever made it, by the column `maker`, and
 * those whose grant is limited in nothing.
 */
export const ownOrVisible = (ctx: Ctx, permission: Permission, maker: Sql): Sql =>
  sql`(${maker} = ${ctx.actor.id} OR ${visibleOfAll(ctx, permission)})`

/** `AND` and the row filter, or nothing for an actor without restrictions: keeps plans as they would be by hand. */
export const andVisible = (ctx: Ctx, permission: Permission, columns: ScopedColumns): Sql => {
  const filter = visible(ctx, permission, columns)
  return filter.sql === 'true' ? empty : sql`AND ${filter}`
}

/** Which of the two ways stands in the plan is settled while it is made: see `areas.subtrees`. */
const inSubtrees = (area: Sql, roots: readonly string[]) => {
  const granted = sql`${[...roots]}::uuid[]`
  return sql`CASE WHEN areas.subtrees(${granted}) IS NULL
    THEN ${area} IN (SELECT area_id FROM areas.closure WHERE ancestor_id = ANY(${granted}))
    ELSE ${area} = ANY(areas.subtrees(${granted})) END`
}

/**
 * Refuses work on a program outside the actor's reach, exactly as if the program did not exist.
 * For writes; reads use `visible`.
 */
export const requireProgram = (ctx: Ctx, permission: Permission, programId: string): void => {
  requirePermission(ctx, permission)
  if (!grantsFor(ctx, permission).some(g => g.programIds === null || g.programIds.includes(programId)))
    throw notFound('program')
}

/** Refuses work that touches the whole country and every program, to those whose grant is limited in either. */
export const requireEverywhere = (ctx: Ctx, permission: Permission): void => {
  requirePermission(ctx, permission)
  const grants = grantsFor(ctx, permission)
  if (!grants.some(g => g.areaIds === null))
    throw forbidden('This works on every area, and your grant covers only some.', 'area-scope')
  if (!grants.some(g => g.areaIds === null && g.programIds === null))
    throw forbidden('This works on every program, and your grant covers only some.', 'program-scope')
}

/**
 * Refuses work on all of a program (its cycles, its definition) to those whose grant for it covers only some
 * areas; to those without one at all, exactly as if the program did not exist.
 */
export const requireWholeProgram = (ctx: Ctx, permission: Permission, programId: string): void => {
  requireProgram(ctx, permission, programId)
  const grants = grantsFor(ctx, permission).filter(
    g => g.programIds === null || g.programIds.includes(programId),
  )
  if (!grants.some(g => g.areaIds === null))
    throw forbidden('This works on every area, and your grant covers only some.', 'area-scope')
}
