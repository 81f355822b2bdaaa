import type { Audit } from '../audit/index.ts'
import type { Ctx } from '../kernel/index.ts'

/** What was changed of one person: `before` and `after` hold the changed fields. */
export type Change = {
  id: string
  version: number
  before: Record<string, unknown>
  after: Record<string, unknown>
}

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

/** People whose changes share one audit entry. */
const CHANGES_PER_ENTRY = 500

/** Records what an import changed of people who were in the registry: each one's fields, before and after. */
export const recordChanges = async (audit: Audit, ctx: Ctx, importId: string, changes: readonly Change[]) => {
  for (let from = 0; from < changes.length; from += CHANGES_PER_ENTRY) {
    const some = changes.slice(from, from + CHANGES_PER_ENTRY)
    await audit.record(ctx, {
      action: 'registrant.update',
      subject: { type: 'import', id: importId },
      items: some.length,
      itemIds: some.map(c => c.id),
      before: Object.fromEntries(some.map(c => [c.id, c.before])),
      after: Object.fromEntries(some.map(c => [c.id, c.after])),
    })
  }
}
