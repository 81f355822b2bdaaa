import sql, { empty, type Sql } from 'sql-template-tag'
import { masksEverywhere, requireEverywhere } from '../access/index.ts'
import { entriesTouching } from '../audit/index.ts'
import { type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Ctx,
  decodeCursor,
  type Fields,
  invalidField,
  notFound,
  type Page,
  type PageRequest,
  pageOf,
} from '../kernel/index.ts'
import { ENTRY, type EntryRow, type EntryView, presentEntries } from './entry.ts'
import type { HistoryDeps } from './index.ts'
import { type RowView, rowsOf } from './rows.ts'
import { beginning, ending } from './when.ts'

/**
 * What narrows a search of the trail. `subject`: the public name of a thing (`CY-…`, `program:CASH`), also where it was
 * one of a set; `action`: one, or all that begin so when it ends in a point (`cycle.`); `actor` and `onBehalfOf`: a
 * username or a client id; `from` and `to`: instants, the latter not included, or days (UTC), both
 * included; `reason`: part of its text.
 */
export type EntryFilter = {
  subject?: string
  subjectType?: string
  action?: string
  actor?: string
  actorKind?: string
  onBehalfOf?: string
  from?: string
  to?: string
  requestId?: string
  address?: string
  reason?: string
}

/** An entry with the rows of the set it is about: what each is called, and what changed of it where that differs. */
export type EntryDetail = {
  entry: EntryView
  of: Page<RowView>
}

const ENTRIES: Sortable = {
  columns: { at: { by: sql`e.xid`, as: 'transaction' } },
  tie: { by: sql`e.id`, as: 'uuid' },
  otherwise: '-at',
}

type ItemRow = { n: number; id: string; before: Fields | null; after: Fields | null }

/** Searching the trail: only for those who may read all of it, since entries are of every area and program. */
export const createSearch = ({ db, things, audit }: HistoryDeps) => {
  const accountsNamed = async (name: string): Promise<string[]> => {
    const ids = await Promise.all(['user', 'client'].map(type => things.idOf(`${type}:${name}`)))
    return ids.filter(id => id !== undefined)
  }

  const bySubject = async (name: string): Promise<Sql> => {
    const id = await things.idOf(name)
    if (id === undefined) throw invalidField('/subject', 'unknown', await things.adviceFor(name))
    return sql`(e.xid, e.id) IN (SELECT t.xid, t.id FROM (${entriesTouching([id])}) t)`
  }

  const byActor = async (name: string): Promise<Sql> => {
    const ids = await accountsNamed(name)
    return ids.length > 0 ? sql`e.actor_id = ANY(${ids}::uuid[])` : sql`e.actor_name = ${name}`
  }

  /** The condition on `e` that a filter makes. */
  const conditionOf = async (f: EntryFilter): Promise<Sql> => sql`true
    ${f.subject === undefined ? empty : sql`AND ${await bySubject(f.subject)}`}
    ${f.subjectType === undefined ? empty : sql`AND e.subject_type = ${f.subjectType}`}
    ${f.action === undefined ? empty : sql`AND ${ofAction(f.action)}`}
    ${f.actor === undefined ? empty : sql`AND ${await byActor(f.actor)}`}
    ${f.actorKind === undefined ? empty : sql`AND e.actor_kind = ${f.actorKind}`}
    ${f.onBehalfOf === undefined ? empty : sql`AND e.behalf_id = ANY(${await accountsNamed(f.onBehalfOf)}::uuid[])`}
    ${f.from === undefined ? empty : sql`AND e.at >= ${beginning('/from', f.from)}::timestamptz`}
    ${f.to === undefined ? empty : sql`AND e.at < ${ending('/to', f.to)}::timestamptz`}
    ${f.requestId === undefined ? empty : sql`AND e.request_id = ${f.requestId}`}
    ${f.address === undefined ? empty : sql`AND e.address = ${f.address}`}
    ${f.reason === undefined ? empty : sql`AND e.reason ILIKE ${`%${f.reason.replace(/[\\%_]/g, '\\$&')}%`}`}`

  const find = async (ctx: Ctx, filter: EntryFilter, page: PageRequest): Promise<Page<EntryView>> => {
    requireEverywhere(ctx, 'audit:read')
    const list = sorted(ENTRIES, page)
    const rows = await db.query<EntryRow & SortKey>(sql`
      SELECT ${ENTRY} ${list.key} FROM audit.entries e
      WHERE ${await conditionOf(filter)} ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<EntryRow>(rows)
    return { items: await presentEntries(things, items, masksEverywhere(ctx, 'audit:read')), next }
  }

  /** One entry, with the rows of its set a page at a time. */
  const read = async (ctx: Ctx, id: string, page: PageRequest): Promise<EntryDetail> => {
    requireEverywhere(ctx, 'audit:read')
    const row = await db.one<EntryRow>(sql`SELECT ${ENTRY} FROM audit.entries e WHERE e.id = ${id}`)
    if (!row) throw notFound('audit entry')
    const after = page.cursor ? Number(decodeCursor(page.cursor, 1)[0]) : 0
    if (!Number.isSafeInteger(after))
      throw invalidField('/cursor', 'cursor', 'The cursor is not one of this list.')
    const rows = await db.query<ItemRow>(sql`
      SELECT i.n::int, i.id, e.details->'before'->(i.n::int - 1) AS before, e.details->'after'->(i.n::int - 1) AS after
      FROM audit.entries e, unnest(e.item_ids) WITH ORDINALITY AS i (id, n)
      WHERE e.xid = ${row.xid}::xid8 AND e.id = ${id} AND i.n > ${after} ORDER BY i.n LIMIT ${page.limit + 1}`)
    const { items, next } = pageOf(rows, page.limit, r => [r.n])
    const masks = masksEverywhere(ctx, 'audit:read')
    const set = {
      ...row,
      item_ids: items.map(i => i.id),
      details: { before: items.map(i => i.before), after: items.map(i => i.after) },
    }
    const [of] = await rowsOf(things, [set], masks)
    const [entry] = await presentEntries(things, [row], masks)
    const people = await things.peopleAmong(set.item_ids)
    if (people.length > 0)
      await audit.record(ctx, { action: 'audit.read', subject: { type: 'audit-entry', id }, itemIds: people })
    return {
      entry: entry!,
      of: { next, items: of! },
    }
  }

  return { conditionOf, find, read }
}

/** Action names have no wildcard but the point at the end. */
const ofAction = (action: string): Sql =>
  action.endsWith('.') ? sql`starts_with(e.action, ${action})` : sql`e.action = ${action}`
