import sql, { type Sql } from 'sql-template-tag'
import { requireEverywhere, requirePermission, visible } from '../access/index.ts'
import { type Ctx, invalidField, notFound, requireVersion } from '../kernel/index.ts'
import type { Item, LocationView } from './catalogue.ts'
import type { InventoryDeps } from './index.ts'

type Named = { id: string; name: string; version: number }

/** An item of the catalogue, with the version that it is. */
export const getItem =
  ({ db }: InventoryDeps) =>
  async (ctx: Ctx, code: string): Promise<Item & { version: number }> => {
    requirePermission(ctx, 'inventory:read')
    const row = await db.one<Item & { version: number }>(
      sql`SELECT code, name, unit, version FROM inventory.items WHERE code = ${code}`,
    )
    if (!row) throw notFound('item')
    return row
  }

/** A warehouse or service point within reach, with the version that it is. */
export const getLocation =
  ({ db }: InventoryDeps) =>
  async (ctx: Ctx, code: string): Promise<LocationView & { version: number }> => {
    requirePermission(ctx, 'inventory:read')
    const row = await db.one<LocationView & { version: number }>(sql`
      SELECT l.code, l.name, l.kind, a.code AS area, a.name AS "areaName", l.version
      FROM inventory.locations l JOIN areas.areas a ON a.id = l.area_id
      WHERE l.code = ${code} AND l.kind <> 'virtual' AND ${visible(ctx, 'inventory:read', { area: sql`l.area_id` })}`)
    if (!row) throw notFound('location')
    return row
  }

/**
 * Gives an item another name, at the `version` that was read (any, when left out). Its unit stays what its stock is
 * counted in. Throws `invalid` at `/name`, `not_found`, `precondition_failed`.
 */
export const renameItem =
  (deps: InventoryDeps) =>
  async (ctx: Ctx, code: string, name: string, version?: number): Promise<void> => {
    requireEverywhere(ctx, 'inventory:write')
    await rename(
      deps,
      ctx,
      { type: 'item', action: 'item.rename' },
      sql`inventory.items`,
      sql`code = ${code}`,
      name,
      version,
    )
  }

/** The same for a warehouse or service point within reach. */
export const renameLocation =
  (deps: InventoryDeps) =>
  async (ctx: Ctx, code: string, name: string, version?: number): Promise<void> => {
    requirePermission(ctx, 'inventory:write')
    const which = sql`code = ${code} AND kind <> 'virtual' AND ${visible(ctx, 'inventory:write', { area: sql`area_id` })}`
    await rename(
      deps,
      ctx,
      { type: 'location', action: 'location.rename' },
      sql`inventory.locations`,
      which,
      name,
      version,
    )
  }

const rename = async (
  { db, audit }: InventoryDeps,
  ctx: Ctx,
  { type, action }: { type: string; action: string },
  table: Sql,
  which: Sql,
  wanted: string,
  version: number | undefined,
): Promise<void> => {
  const name = wanted.trim()
  if (name === '') throw invalidField('/name', 'required', 'A name has at least one letter.')
  await db.transaction(async () => {
    const row = await db.one<Named>(sql`SELECT id, name, version FROM ${table} WHERE ${which} FOR UPDATE`)
    if (!row) throw notFound(type)
    requireVersion(type, row.version, version)
    if (row.name === name) return
    await db.run(sql`UPDATE ${table} SET name = ${name}, version = version + 1 WHERE id = ${row.id}`)
    await audit.record(ctx, {
      action,
      subject: { type, id: row.id },
      before: { name: row.name },
      after: { name },
    })
  })
}
