import sql from 'sql-template-tag'
import { insertChanges } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, canonicalJson } from '../kernel/index.ts'

/** What was changed of one person: `before` and `after` hold the changed fields. */
export type Change = {
  id: string
  before: Record<string, unknown>
  after: Record<string, unknown>
}

/** A change that raised the version of who was changed. */
export type Versioned = Change & { version: number }

/** What was changed of each person in all, when it was done in steps. */
export const byPerson = (...steps: readonly (readonly Change[])[]): Change[] => {
  const people = new Map<string, Change>()
  for (const change of steps.flat()) {
    const { before, after } = people.get(change.id) ?? {}
    people.set(change.id, {
      ...change,
      before: { ...before, ...change.before },
      after: { ...after, ...change.after },
    })
  }
  return [...people.values()]
}

/** Records what an import changed of people and groups who were in the registry: each one's fields, before and after. */
export const recordChanges = async (db: Db, ctx: Ctx, importId: string, changes: readonly Change[]) => {
  if (changes.length === 0) return
  const json = (side: 'before' | 'after') => changes.map(c => canonicalJson(c[side]))
  await db.run(
    insertChanges(
      ctx,
      { action: 'registrant.update', subject: { type: 'import', id: importId } },
      sql`SELECT * FROM unnest(${changes.map(c => c.id)}::uuid[], ${json('before')}::jsonb[], ${json('after')}::jsonb[])
            AS c (id, before, after)`,
    ),
  )
}
