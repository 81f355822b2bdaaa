import sql, { type Sql } from 'sql-template-tag'
import { type Permission, requirePermission, visible } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import {
  type Ctx,
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
  /**
   * All of them: a query giving `id uuid`, `name text` (the number of the reference, or the code), `kind text` (the
   * kind of reference; null for codes), `area_id uuid` and `program_id uuid` (null when it has none).
   */
  all: Sql
  /**
   * What it is now, in the words of its audit entries: a query giving `id uuid` and `state jsonb` of all of them. The
   * history goes back from here.
   */
  state: Sql
}

export type SubjectOf = { type: string; id: string }
export type Things = ReturnType<typeof createThings>

/** Finds what people name, and names what the trail knows by id. */
export const createThings = (db: Db, things: readonly Thing[]) => {
  const byType = new Map(things.map(t => [t.type, t]))

  /** Which things a name may be of: `CY-…` is a cycle, `program:CASH` a program. */
  const candidates = (name: string): { thing: Thing; value: string; kind: ReferenceKind | null }[] => {
    const [type, ...code] = name.split(':')
    const coded = byType.get(type!)
    if (code.length > 0)
      return coded?.named === 'code' ? [{ thing: coded, value: code.join(':'), kind: null }] : []
    const kind = (Object.keys(PREFIX) as ReferenceKind[]).find(k => parseReference(k, name) !== undefined)
    return kind === undefined
      ? []
      : things
          .filter(t => t.named !== 'code' && t.named.includes(kind))
          .map(thing => ({ thing, value: parseReference(kind, name)!, kind }))
  }

  return {
    /** The kinds there are. */
    all: things,
    ofType: (type: string): Thing | undefined => byType.get(type),

    /** The thing with a name, when the actor may see it. Otherwise `not_found`, whether it exists or not. */
    find: async (ctx: Ctx, name: string): Promise<SubjectOf> => {
      const [candidate] = candidates(name)
      if (!candidate) throw notFound('thing')
      const { thing, value, kind } = candidate
      requirePermission(ctx, thing.permission)
      const reach = visible(ctx, thing.permission, { area: sql`t.area_id`, program: sql`t.program_id` })
      const row = await db.one<{ id: string }>(sql`
        SELECT t.id FROM (${thing.all}) t
        WHERE t.name = ${value} AND t.kind IS NOT DISTINCT FROM ${kind} AND ${reach}`)
      if (!row) throw notFound(thing.type)
      return { type: thing.type, id: row.id }
    },

    /** What subjects are called outside, by id: `CY-…`, `program:CASH`. Those that are gone or have no name are left out. */
    names: async (subjects: readonly SubjectOf[]): Promise<Map<string, string>> => {
      const names = new Map<string, string>()
      for (const type of new Set(subjects.map(s => s.type))) {
        const thing = byType.get(type)
        if (!thing) continue
        const ids = subjects.filter(s => s.type === type).map(s => s.id)
        const rows = await db.query<{ id: string; name: string; kind: ReferenceKind | null }>(
          sql`SELECT t.id, t.name, t.kind FROM (${thing.all}) t WHERE t.id = ANY(${ids}::uuid[])`,
        )
        for (const r of rows) names.set(r.id, r.kind ? formatReference(r.kind, r.name) : `${type}:${r.name}`)
      }
      return names
    },
  }
}
