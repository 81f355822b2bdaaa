import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { formatReference, type ReferenceKind } from '../kernel/index.ts'
import type { MoneyOf, SubjectOf, Thing } from './model.ts'

/** What is known of things by their ids, many at a time. */
export const createLookups = (db: Db, things: readonly Thing[]) => {
  /** What subjects are called outside, by id: `CY-…`, `program:CASH`. Those that are gone or have no name are left out. */
  const names = async (subjects: readonly SubjectOf[]): Promise<Map<string, string>> => {
    const names = new Map<string, string>()
    for (const type of new Set(subjects.map(s => s.type))) {
      const thing = things.find(t => t.type === type)
      if (!thing) continue
      const ids = subjects.filter(s => s.type === type).map(s => s.id)
      const rows = await db.query<{ id: string; ref: string; code: string; kind: ReferenceKind | null }>(
        sql`SELECT t.id, t.ref, t.code, t.kind FROM (${thing.all}) t WHERE t.id = ANY(${ids}::uuid[])`,
      )
      const aliased = thing.aliases
        ? await db.query<{ id: string; code: string }>(
            sql`SELECT a.id, a.code FROM (${thing.aliases}) a WHERE a.id = ANY(${ids}::uuid[])`,
          )
        : []
      for (const r of aliased) names.set(r.id, `${type}:${r.code}`)
      for (const r of rows) names.set(r.id, r.kind ? formatReference(r.kind, r.ref) : `${type}:${r.code}`)
    }
    return names
  }

  return {
    names,

    /** What rows are called outside, by id, when nothing tells what they are. `likely`: the types to look at first. */
    namesOf: async (ids: readonly string[], likely: readonly string[]): Promise<Map<string, string>> => {
      const found = new Map<string, string>()
      for (const type of new Set([...likely, ...things.map(t => t.type)])) {
        const left = ids.filter(id => !found.has(id))
        if (left.length === 0) break
        for (const [id, name] of await names(left.map(id => ({ type, id })))) found.set(id, name)
      }
      return found
    },

    /** Which fields of some things are money, by id; those without any are left out. */
    moneyOf: async (ids: readonly string[]): Promise<Map<string, MoneyOf>> => {
      const found = new Map<string, MoneyOf>()
      if (ids.length === 0) return found
      for (const { money } of things) {
        if (!money) continue
        const rows = await db.query<{ id: string; currency: string }>(
          sql`SELECT m.id, m.currency FROM (${money.currency}) m WHERE m.id = ANY(${[...new Set(ids)]}::uuid[])`,
        )
        for (const { id, currency } of rows) found.set(id, { fields: money.fields, currency })
      }
      return found
    },

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
