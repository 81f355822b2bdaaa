import sql from 'sql-template-tag'
import { type Masks, masking, type Permission, requirePermission, visible } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, DomainError, type Fields, notFound } from '../kernel/index.ts'
import { createLookups } from './lookups.ts'
import type { SubjectOf, Thing } from './model.ts'
import { misnamed, readName } from './naming.ts'

export type { MoneyOf, SubjectOf, Thing } from './model.ts'
export { formsOf } from './naming.ts'
export type Things = ReturnType<typeof createThings>

/** Finds what people name, and names what the trail knows by id. */
export const createThings = (db: Db, things: readonly Thing[]) => {
  const byType = new Map(things.map(t => [t.type, t]))

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
      if (!found) throw new DomainError('not_found', misnamed(things, name))
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

    /**
     * What to say of a name that is nothing's, to those who may know of everything: things that have it as their code, or
     * what a name looks like.
     */
    adviceFor: async (name: string): Promise<string> => {
      if (readName(things, name)) return `There is nothing called ${name}.`
      const called: string[] = []
      for (const { type, named, all } of things) {
        if (named !== 'code') continue
        const row = await db.one(sql`SELECT FROM (${all}) t WHERE t.code = ${name}`)
        if (row) called.push(`${type}:${name}`)
      }
      return called.length > 0
        ? `There is nothing called ${name}. Did you mean ${called.join(' or ')}?`
        : misnamed(things, name)
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

    ...createLookups(db, things),
  }
}
