import sql from 'sql-template-tag'
import type { Masks } from '../access/index.ts'
import type { Fields } from '../kernel/index.ts'
import type { SubjectOf, Things } from '../things/index.ts'
import { maskRecord } from './mask-record.ts'
import { outside } from './outside.ts'

/** Somebody as the trail names them: a user by username, an API client by its name. */
export type Who = { kind: string; name: string }

/** An audit entry as people see it. `subject` is the public name of the thing, null when it has none or is gone. */
export type EntryView = {
  id: string
  at: Date
  actor: Who
  onBehalfOf: string | null
  action: string
  subjectType: string
  subject: string | null
  items: number | null
  before: Fields | null
  after: Fields | null
  reason: string | null
  requestId: string
  address: string | null
}

export type EntryRow = {
  xid: string
  id: string
  at: Date
  actor_kind: string
  actor_name: string
  behalf_name: string | null
  action: string
  subject_type: string
  subject_id: string | null
  items: number | null
  before: Fields | null
  after: Fields | null
  reason: string | null
  request_id: string
  address: string | null
}

/** The columns of an entry, of the alias `e`. */
export const ENTRY = sql`e.xid::text, e.id, e.at, e.actor_kind, e.actor_name, e.behalf_name, e.action, e.subject_type,
  e.subject_id, e.items, e.before, e.after, e.reason, e.request_id, e.address`

/** Entries as somebody sees them from whom `masks` are kept. */
export const presentEntries = async (
  things: Things,
  rows: readonly EntryRow[],
  masks: Masks,
): Promise<EntryView[]> => {
  const subjects = rows.flatMap((r): SubjectOf[] =>
    r.subject_id === null ? [] : [{ type: r.subject_type, id: r.subject_id }],
  )
  const names = await things.names(subjects)
  const said = rows.flatMap(r => [r.before, r.after].map(record => ({ id: r.subject_id, record })))
  const shown = await outside(things, said)
  const show = (r: EntryRow, record: Fields | null) =>
    maskRecord(shown({ id: r.subject_id, record }), masks, r.action)
  return rows.map(r => ({
    id: r.id,
    at: r.at,
    actor: { kind: r.actor_kind, name: r.actor_name },
    onBehalfOf: r.behalf_name,
    action: r.action,
    subjectType: r.subject_type,
    subject: r.subject_id === null ? null : (names.get(r.subject_id) ?? null),
    items: r.items,
    before: show(r, r.before),
    after: show(r, r.after),
    reason: r.reason,
    requestId: r.request_id,
    address: r.address,
  }))
}
