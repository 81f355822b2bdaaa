import sql, { type Sql } from 'sql-template-tag'
import { type Masks, masking, type Permission, requirePermission, visible } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import {
  type Ctx,
  type Fields,
  formatReference,
  notFound,
  PREFIX,
  parseReference,
  type ReferenceKind,
} from '../kernel/index.ts'

/**
 * One kind of thing that people do something to, as the audit trail, the history and approvals know it. Every module
 * says which there are of its own (`things.ts`).
 */
export type Thing = {
  /** The `subject.type` of its audit entries, e.g. `payment-batch`. */
  type: string
  /** What its name outside is: a public reference, of one of these kinds, or a code of its own. */
  named: readonly ReferenceKind[] | 'code'
  /** Who may see that it exists. */
  permission: Permission
  /** The actions that make one. What their entries have in `after` is what it began with. */
  born: readonly string[]
  /**
   * All of them: a query giving `id uuid`, `ref bigint` (the number of the reference; null for codes), `code text`
   * (null for references), `kind text` (the kind of reference; null for codes), `area_id uuid` and `program_id uuid`
   * (null when it has none: then only those without limits find it).
   */
  all: Sql
  /**
   * What it is now, in the words of its audit entries: a query giving `id uuid` and `state jsonb` of all of them, with
   * whole numbers of money and goods as text. The history goes back from here.
   */
  state: Sql
  /** Whose data it shows: a query giving `id uuid` and `registrant_id uuid`. Left out: nobody's. */
  people?: Sql
}

export type SubjectOf = { type: string; id: string }
export type Things = ReturnType<typeof createThings>

/** Which things a name may be of: `CY-…` is a cycle, `program:CASH` a program. */
const readName = (things: readonly Thing[], name: string): { thing: Thing; named: Sql } | undefined => {
  const colon = name.indexOf(':')
  if (colon >= 0) {
    const thing = things.find(t => t.type === name.slice(0, colon) && t.named === 'code')
    return thing && { thing, named: sql`t.code = ${name.slice(colon + 1)}` }
  }
  const kind = (Object.keys(PREFIX) as ReferenceKind[]).find(k => parseReference(k, name) !== undefined)
  const thing = things.find(t => t.named !== 'code' && kind && t.named.includes(kind))
  return thing && { thing, named: sql`t.ref = ${parseReference(kind!, name)}::bigint AND t.kind = ${kind}` }
}

/** Finds what people name, and names what the trail knows by id. */
export const createThings = (db: Db, things: readonly Thing[]) => {
  const byType = new Map(things.map(t => [t.type, t]))

  /** What subjects are called outside, by id: `CY-…`, `program:CASH`. Those that are gone or have no name are left out. */
  const names = async (subjects: readonly SubjectOf[]): Promise<Map<string, string>> => {
    const names = new Map<string, string>()
    for (const type of new Set(subjects.map(s => s.type))) {
      const thing = byType.get(type)
      if (!thing) continue
      const ids = subjects.filter(s => s.type === type).map(s => s.id)
      const rows = await db.query<{ id: string; ref: string; code: string; kind: ReferenceKind | null }>(
        sql`SELECT t.id, t.ref, t.code, t.kind FROM (${thing.all}) t WHERE t.id = ANY(${ids}::uuid[])`,
      )
      for (const r of rows) names.set(r.id, r.kind ? formatReference(r.kind, r.ref) : `${type}:${r.code}`)
    }
    return names
  }

  return {
    /** The kinds there are. */
    all: things,
    ofType: (type: string): Thing | undefined => byType.get(type),

    /**
     * The thing with a name, when the actor may see it and, where it is, do what `also` says; and which of its fields
     * they see only in part. Otherwise `not_found`, whether it exists or not.
     */
    find: async (
      ctx: Ctx,
      name: string,
      also: readonly Permission[] = [],
    ): Promise<SubjectOf & { masks: Masks }> => {
      const found = readName(things, name)
      if (!found) throw notFound('thing')
      const { thing, named } = found
      const columns = { area: sql`t.area_id`, program: sql`t.program_id` }
      let reach = named
      for (const permission of [thing.permission, ...also]) {
        requirePermission(ctx, permission)
        reach = sql`${reach} AND ${visible(ctx, permission, columns)}`
      }
      const mask = masking(ctx, thing.permission, columns)
      const row = await db.one<{ id: string; shown?: Record<string, boolean> }>(
        sql`SELECT t.id ${mask.select} FROM (${thing.all}) t WHERE ${reach}`,
      )
      if (!row) throw notFound(thing.type)
      return { type: thing.type, id: row.id, masks: mask.of(row) }
    },

    /** The id behind a name, for those who may know of everything. */
    idOf: async (name: string): Promise<string | undefined> => {
      const found = readName(things, name)
      const row =
        found &&
        (await db.one<{ id: string }>(sql`SELECT t.id FROM (${found.thing.all}) t WHERE ${found.named}`))
      return row?.id
    },

    /** The registrants whose data a thing shows. */
    peopleOf: async ({ type, id }: SubjectOf): Promise<string[]> => {
      const people = byType.get(type)?.people
      if (!people) return []
      const rows = await db.query<{ id: string }>(
        sql`SELECT DISTINCT p.registrant_id AS id FROM (${people}) p WHERE p.id = ${id}`,
      )
      return rows.map(r => r.id)
    },

    /** What a thing is now, in the words of its audit entries; `undefined` for one that is gone or unknown. */
    stateOf: async ({ type, id }: SubjectOf): Promise<Fields | undefined> => {
      const thing = byType.get(type)
      const row =
        thing &&
        (await db.one<{ state: Fields }>(sql`SELECT t.state FROM (${thing.state}) t WHERE t.id = ${id}`))
      return row?.state
    },

    /** What rows are called outside, by id, when nothing tells what they are. `likely`: the types to look at first. */
    namesOf: async (ids: readonly string[], likely: readonly string[]): Promise<Map<string, string>> => {
      const found = new Map<string, string>()
      for (const type of new Set([...likely, ...byType.keys()])) {
        const left = ids.filter(id => !found.has(id))
        if (left.length === 0) break
        for (const [id, name] of await names(left.map(id => ({ type, id })))) found.set(id, name)
      }
      return found
    },

    names,

    /** Whose data some things of any kind show: themselves, when they are people, or those whom they are about. */
    peopleAmong: async (ids: readonly string[]): Promise<string[]> => {
      const found = new Set<string>()
      for (const { people } of things) {
        if (!people) continue
        const rows = await db.query<{ id: string }>(
          sql`SELECT p.registrant_id AS id FROM (${people}) p WHERE p.id = ANY(${[...ids]}::uuid[])`,
        )
        for (const { id } of rows) found.add(id)
      }
      return [...found]
    },
  }
}
