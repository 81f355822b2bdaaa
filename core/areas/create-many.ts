import sql, { type Sql } from 'sql-template-tag'
import { requireEverywhere } from '../access/index.ts'
import { insertChanges } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, type Issue, invalid } from '../kernel/index.ts'
import type { AreasDeps } from './index.ts'
import { areaThing } from './things.ts'

export type NewArea = {
  code: string
  name: string
  parent?: string | undefined
  names?: Record<string, string>
}

const CODE = /^[A-Z0-9][A-Z0-9._-]{0,19}$/
const MAX_LEVEL = 9
const MAX_ISSUES = 100

/**
 * Adds areas, parents before or after their children, all or none. An area that is known already gets the
 * name given here; moving it under another parent is refused. With `dryRun` nothing stays. Throws `invalid` with every problem, each at
 * `/areas/{index}/…`.
 */
export const createMany =
  ({ db, ids, outbox }: AreasDeps) =>
  async (
    ctx: Ctx,
    areas: readonly NewArea[],
    { dryRun = false } = {},
  ): Promise<{ created: number; renamed: number }> => {
    requireEverywhere(ctx, 'area:write')
    const create = async () => {
      // One change of the tree at a time: levels and the closure depend on what is there.
      await db.run(sql`LOCK TABLE areas.areas IN SHARE ROW EXCLUSIVE MODE`)
      const known = await db.query<{ id: string; code: string; level: number; parent: string | null }>(sql`
        SELECT a.id, a.code, a.level, p.code AS parent
        FROM areas.areas a LEFT JOIN areas.areas p ON p.id = a.parent_id`)
      const tree = new Map(
        known.map(a => [a.code, { id: a.id, level: a.level, parent: a.parent ?? undefined }]),
      )
      const fresh = place(tree, areas, () => ids.uuid())
      await db.run(sql`
        INSERT INTO areas.areas (id, code, parent_id, level, name, names)
        SELECT * FROM unnest(${fresh.map(a => a.id)}::uuid[], ${fresh.map(a => a.code)}::text[],
          ${fresh.map(a => a.parentId)}::uuid[], ${fresh.map(a => a.level)}::smallint[],
          ${fresh.map(a => a.name)}::text[], ${fresh.map(a => JSON.stringify(a.names))}::jsonb[])`)
      const old = areas.filter(a => known.some(k => k.code === a.code))
      const renamed = await rename(db, ctx, old)
      const set = sql`SELECT id FROM unnest(${fresh.map(a => a.id)}::uuid[]) AS id`
      await db.run(closureOf(set))
      await db.run(
        insertChanges(ctx, { action: 'area.create', subject: { type: 'area', id: null } }, made(set)),
      )
      if (fresh[0])
        await outbox.publish('area.created', fresh[0].id, { count: fresh.length }, { areaId: fresh[0].id })
      const result = { created: fresh.length, renamed }
      if (dryRun) throw new DryRun(result)
      return result
    }
    return db.transaction(create).catch(error => {
      if (error instanceof DryRun) return error.result
      throw error
    })
  }

/** Gives areas the names that are said of them; tells how many had another. */
const rename = async (db: Db, ctx: Ctx, areas: readonly NewArea[]): Promise<number> => {
  const trail = insertChanges(
    ctx,
    { action: 'area.rename', subject: { type: 'area', id: null } },
    sql`SELECT id, json_build_object('name', was) AS before, json_build_object('name', name) AS after FROM renamed`,
  )
  const row = await db.one<{ n: number }>(sql`
    WITH renamed AS (
      UPDATE areas.areas a SET name = n.name, version = a.version + 1
      FROM unnest(${areas.map(a => a.code)}::text[], ${areas.map(a => a.name.trim())}::text[]) AS n (code, name)
      JOIN areas.areas o ON o.code = n.code
      WHERE a.id = o.id AND o.name <> n.name
      RETURNING a.id, o.name AS was, a.name
    ), trail AS (${trail})
    SELECT count(*)::int AS n FROM renamed`)
  return row!.n
}

/** Areas as they were made, for the trail. `set`: a query for their ids. */
const made = (set: Sql) => sql`
  SELECT a.id, NULL::jsonb AS before, a.state AS after FROM (${areaThing.state}) a WHERE a.id IN (${set})`

/** Rolls a transaction back that was only to show what it would do. */
class DryRun extends Error {
  readonly result: { created: number; renamed: number }

  constructor(result: { created: number; renamed: number }) {
    super('dry run')
    this.result = result
  }
}

type Placed = { id: string; level: number; parent: string | undefined }
type Fresh = {
  id: string
  code: string
  parentId: string | null
  level: number
  name: string
  names: Record<string, string>
}

/** Puts new areas into the tree, level by level; whatever cannot be placed is a problem. */
const place = (tree: Map<string, Placed>, areas: readonly NewArea[], newId: () => string): Fresh[] => {
  const issues: Issue[] = []
  const issue = (i: number, field: string, code: string, detail: string) =>
    issues.push({ pointer: `/areas/${i}/${field}`, code, detail })
  const seen = new Set<string>()
  let waiting: { area: NewArea; i: number }[] = []
  for (const [i, area] of areas.entries()) {
    const before = tree.get(area.code)
    if (!CODE.test(area.code))
      issue(
        i,
        'code',
        'code',
        `A P-code has up to 20 letters A-Z and digits; this is ${area.code.slice(0, 30)}.`,
      )
    else if (area.name.trim() === '') issue(i, 'name', 'required', 'An area has a name.')
    else if (seen.has(area.code)) issue(i, 'code', 'duplicate', `${area.code} stands here twice.`)
    else if (before && before.parent !== area.parent)
      issue(
        i,
        'parent',
        'moved',
        `${area.code} is known under ${before.parent ?? 'no parent'} and cannot be moved.`,
      )
    else if (!before) waiting.push({ area, i })
    seen.add(area.code)
  }
  const fresh: Fresh[] = []
  for (let progress = true; progress; ) {
    const ready = waiting.filter(w => w.area.parent === undefined || tree.has(w.area.parent))
    progress = ready.length > 0
    waiting = waiting.filter(w => !ready.includes(w))
    for (const { area, i } of ready) {
      const parent = area.parent === undefined ? undefined : tree.get(area.parent)!
      const level = parent ? parent.level + 1 : 0
      if (level > MAX_LEVEL)
        issue(i, 'parent', 'depth', `Areas nest at most ${MAX_LEVEL} levels below the country.`)
      const id = newId()
      tree.set(area.code, { id, level, parent: area.parent })
      fresh.push({
        id,
        code: area.code,
        parentId: parent?.id ?? null,
        level,
        name: area.name.trim(),
        names: area.names ?? {},
      })
    }
  }
  for (const { area, i } of waiting)
    issue(
      i,
      'parent',
      'unknown',
      `There is no area ${area.parent}, here or in the registry, that does not lead back to ${area.code}.`,
    )
  if (issues.length > 0)
    throw invalid(issues.slice(0, MAX_ISSUES), `${issues.length} of the areas cannot be accepted.`)
  return fresh
}

/** Each new area with itself and all above it. Parents may be new too, so the way up is walked. */
const closureOf = (set: ReturnType<typeof sql>) => sql`
  WITH RECURSIVE up AS (
    SELECT a.id AS area_id, a.id AS ancestor_id, a.parent_id FROM areas.areas a WHERE a.id IN (${set})
    UNION ALL
    SELECT up.area_id, p.id, p.parent_id FROM up JOIN areas.areas p ON p.id = up.parent_id
  )
  INSERT INTO areas.closure (ancestor_id, area_id) SELECT ancestor_id, area_id FROM up`
