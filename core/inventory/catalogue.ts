import sql, { empty } from 'sql-template-tag'
import {
  andVisible,
  type Permission,
  requireEverywhere,
  requirePermission,
  visible,
} from '../access/index.ts'
import { partOf, type Sortable, type SortKey, sorted, violated } from '../db/index.ts'
import { type Ctx, conflict, invalidField, type Page, type PageRequest } from '../kernel/index.ts'
import type { InventoryDeps } from './index.ts'
import { checkItem, checkLocation } from './rules.ts'

/** Something that is handed out. `unit`: a common code of UN/ECE Recommendation 20. */
export type Item = { code: string; name: string; unit: string }
export type LocationKind = 'warehouse' | 'service_point'
/** A warehouse or service point; `area` is the code of the area it is in. */
export type Location = { code: string; name: string; kind: LocationKind; area: string }
export type LocationView = Location & { areaName: string }
/** `q` is part of a code or a name. */
export type ItemFilter = { q?: string | undefined }
export type LocationFilter = ItemFilter & { kind?: LocationKind | undefined }

const itemCode = { by: sql`code`, as: 'code' } as const
const ITEMS: Sortable = {
  columns: { code: itemCode, name: { by: sql`name`, as: 'name' }, unit: { by: sql`unit`, as: 'code' } },
  tie: itemCode,
  otherwise: 'code',
}
const locationCode = { by: sql`l.code`, as: 'code' } as const
const LOCATIONS: Sortable = {
  columns: {
    code: locationCode,
    name: { by: sql`l.name`, as: 'name' },
    kind: { by: sql`l.kind`, as: 'code' },
    areaName: { by: sql`a.name`, as: 'name' },
  },
  tie: locationCode,
  otherwise: 'code',
}

const taken = (what: string, code: string, constraint: string) => (error: unknown) => {
  if (violated(error) === constraint)
    throw conflict(`There is already ${what} with the code ${code}.`, 'code-taken')
  throw error
}

/** The item with a code. Throws `invalid` at `/item`, which names where the code was sent. */
export const itemByCode = async (db: InventoryDeps['db'], code: string): Promise<Item & { id: string }> => {
  const row = await db.one<Item & { id: string }>(
    sql`SELECT id, code, name, unit FROM inventory.items WHERE code = ${code}`,
  )
  if (!row) throw invalidField('/item', 'unknown', `There is no item with the code ${code}.`)
  return row
}

/** The warehouse or service point with a code, if it is within the actor's reach. Throws `invalid` at `pointer`. */
export const locationByCode = async (
  db: InventoryDeps['db'],
  ctx: Ctx,
  permission: Permission,
  code: string,
  pointer: string,
): Promise<{ id: string; code: string; kind: LocationKind }> => {
  const row = await db.one<{ id: string; code: string; kind: LocationKind }>(sql`
    SELECT id, code, kind FROM inventory.locations
    WHERE code = ${code} AND kind <> 'virtual' ${andVisible(ctx, permission, { area: sql`area_id` })}`)
  if (!row)
    throw invalidField(pointer, 'unknown', `There is no place with the code ${code} within your reach.`)
  return row
}

/** Adds an item to the catalogue, which is one for the whole country. */
export const createItem =
  ({ db, ids, clock, audit }: InventoryDeps) =>
  async (ctx: Ctx, item: Item): Promise<Item> => {
    requireEverywhere(ctx, 'inventory:write')
    checkItem(item)
    const { code, name, unit } = item
    const id = ids.uuid()
    await db
      .transaction(async () => {
        await db.run(sql`
          INSERT INTO inventory.items (id, code, name, unit, created_at)
          VALUES (${id}, ${code}, ${name}, ${unit}, ${clock.now()})`)
        await audit.record(ctx, {
          action: 'item.create',
          subject: { type: 'item', id },
          after: { code, name, unit },
        })
      })
      .catch(taken('an item', code, 'items_code_key'))
    return { code, name, unit }
  }

/** Opens a warehouse or service point in an area within the actor's reach. */
export const createLocation =
  ({ db, ids, clock, audit }: InventoryDeps) =>
  async (ctx: Ctx, location: Location): Promise<Location> => {
    requirePermission(ctx, 'inventory:write')
    checkLocation(location)
    const { code, name, kind, area } = location
    const id = ids.uuid()
    await db
      .transaction(async () => {
        const made = await db.run(sql`
          INSERT INTO inventory.locations (id, code, name, kind, area_id, created_at)
          SELECT ${id}, ${code}, ${name}, ${kind}, a.id, ${clock.now()} FROM areas.areas a
          WHERE a.code = ${area} AND ${visible(ctx, 'inventory:write', { area: sql`a.id` })}`)
        if (made === 0)
          throw invalidField('/area', 'unknown', `There is no area with the code ${area} within your reach.`)
        await audit.record(ctx, {
          action: 'location.create',
          subject: { type: 'location', id },
          after: { code, name, kind, area },
        })
      })
      .catch(taken('a place', code, 'locations_code_key'))
    return { code, name, kind, area }
  }

/** The catalogue, by code unless sorted otherwise. */
export const listItems =
  ({ db }: InventoryDeps) =>
  async (ctx: Ctx, { q }: ItemFilter, page: PageRequest): Promise<Page<Item>> => {
    requirePermission(ctx, 'inventory:read')
    const list = sorted(ITEMS, page)
    const part = q === undefined ? undefined : partOf(q)
    const rows = await db.query<Item & SortKey>(sql`
      SELECT code, name, unit ${list.key} FROM inventory.items
      WHERE true ${part ? sql`AND (code ILIKE ${part} OR name ILIKE ${part})` : empty} ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    return list.page<Item>(rows)
  }

/** Warehouses and service points within reach, by code unless sorted otherwise. */
export const listLocations =
  ({ db }: InventoryDeps) =>
  async (ctx: Ctx, filter: LocationFilter, page: PageRequest): Promise<Page<LocationView>> => {
    requirePermission(ctx, 'inventory:read')
    const list = sorted(LOCATIONS, page)
    const part = filter.q === undefined ? undefined : partOf(filter.q)
    const rows = await db.query<LocationView & SortKey>(sql`
      SELECT l.code, l.name, l.kind, a.code AS area, a.name AS "areaName" ${list.key}
      FROM inventory.locations l JOIN areas.areas a ON a.id = l.area_id
      WHERE l.kind <> 'virtual' ${andVisible(ctx, 'inventory:read', { area: sql`l.area_id` })}
        ${filter.kind ? sql`AND l.kind = ${filter.kind}` : empty}
        ${part ? sql`AND (l.code ILIKE ${part} OR l.name ILIKE ${part})` : empty}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    return list.page<LocationView>(rows)
  }
