import type { Masks } from '../access/index.ts'
import type { Fields } from '../kernel/index.ts'
import type { Things } from '../things/index.ts'
import { maskRecord } from './mask-record.ts'
import { outside, type Told } from './outside.ts'

/** A row of the set that an entry is about: what it is called, and what changed of it where that differs. */
export type RowView = { name: string | null; before: Fields | null; after: Fields | null }

/** What an entry has of its set. */
export type SetRow = {
  action: string
  subject_type: string
  item_ids: string[] | null
  details: { before: (Fields | null)[]; after: (Fields | null)[] } | null
}

/** The rows of the sets of some entries, looked up together; those of an entry that is about one thing are none. */
export const rowsOf = async (
  things: Things,
  entries: readonly SetRow[],
  masks: Masks,
): Promise<RowView[][]> => {
  const sets = entries.map(e =>
    (e.item_ids ?? []).map((id, i) => ({
      id,
      before: e.details?.before[i] ?? null,
      after: e.details?.after[i] ?? null,
    })),
  )
  const all = sets.flat()
  const names = await things.namesOf(
    [...new Set(all.map(r => r.id))],
    entries.flatMap(e => [e.action.split('.')[0]!, 'registrant', e.subject_type]),
  )
  const told = all.flatMap(({ id, before, after }): Told[] => [
    { id, record: before },
    { id, record: after },
  ])
  const shown = await outside(things, told)
  return sets.map((rows, n) => {
    const show = (id: string, record: Fields | null) =>
      maskRecord(shown({ id, record }), masks, entries[n]!.action)
    return rows.map(({ id, before, after }) => ({
      name: names.get(id) ?? null,
      before: show(id, before),
      after: show(id, after),
    }))
  })
}
