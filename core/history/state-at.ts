import sql, { type Sql } from 'sql-template-tag'
import { type Masks, requirePermission } from '../access/index.ts'
import { entriesTouching, insertEntry } from '../audit/index.ts'
import {
  type Ctx,
  conflict,
  decodeCursor,
  type Fields,
  notFound,
  type Page,
  type PageRequest,
  pageOf,
} from '../kernel/index.ts'
import type { SubjectOf, Thing } from '../things/index.ts'
import type { Who } from './entry.ts'
import type { HistoryDeps } from './index.ts'
import { LOOK_ACTIONS } from './looks.ts'
import { maskRecord } from './mask-record.ts'
import { outside } from './outside.ts'
import { asOf, beginning, EARLIEST, ending, LATEST } from './when.ts'

/** A thing as it was: `state` in the words of its audit entries; null when it did not exist then. */
export type StateThen = { name: string; type: string; at: string; existed: boolean; state: Fields | null }

/** What somebody did to a thing, field by field. */
export type ChangeView = {
  entry: string
  at: Date
  action: string
  actor: Who
  onBehalfOf: string | null
  reason: string | null
  requestId: string
  changes: { field: string; before: unknown; after: unknown }[]
}

type ChangeRow = {
  key: string
  id: string
  /** Its place among the rows of a set; null when the entry is about the thing alone. */
  item: number | null
  at: Date
  action: string
  actor_kind: string
  actor_name: string
  behalf_name: string | null
  reason: string | null
  request_id: string
  before: Fields | null
  after: Fields | null
}

type Found = SubjectOf & { masks: Masks }

/**
 * A query for the entries that changed a thing or made it. Those of a set say what is the same for all of its rows in
 * `before` and `after`, and the rest in their details; the subject of such an entry is not what it changed.
 */
const changesTo = (thing: Thing, id: string): Sql => sql`
  SELECT e.at, e.at::text AS key, e.id, t.item, e.action, e.actor_kind, e.actor_name, e.behalf_name, e.reason, e.request_id,
    CASE WHEN e.before IS NULL THEN d.before ELSE e.before || coalesce(d.before, '{}') END AS before,
    CASE WHEN e.after IS NULL THEN d.after ELSE e.after || coalesce(d.after, '{}') END AS after
  FROM (${entriesTouching([id])}) t
  JOIN audit.entries e ON (e.xid, e.id) = (t.xid, t.id)
  CROSS JOIN LATERAL (
    SELECT nullif((e.details->'before'->(t.item - 1))::jsonb, 'null') AS before, nullif((e.details->'after'->(t.item - 1))::jsonb, 'null') AS after
  ) d
  WHERE (t.item IS NULL) = (e.item_ids IS NULL)
    AND (e.before IS NOT NULL OR d.before IS NOT NULL OR e.action = ANY(${[...thing.born]}::text[]))
    AND e.action <> ALL(${LOOK_ACTIONS}::text[])`

/** The fields that an entry changed: those of its `before`; all that are said of a thing that it made. */
const fieldsOf = (thing: Thing, { action, before, after }: Pick<ChangeRow, 'action' | 'before' | 'after'>) =>
  thing.born.includes(action)
    ? Object.keys(after ?? {}).filter(field => after![field] !== null)
    : Object.keys(before ?? {})

/** When a row was made, by its id (RFC 9562 section 5.7); nothing for one that does not say. */
const madeAt = (id: string): number | undefined =>
  id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined

/** Takes a thing back through entries, the newest first. Fields that come and go (`stock.RICE`) go when they are null. */
const takeBack = (state: Fields, rows: readonly ChangeRow[]): Fields => {
  const then = { ...state }
  for (const { before } of rows)
    for (const [field, value] of Object.entries(before ?? {})) {
      if (value === null && field.includes('.')) delete then[field]
      else if (field in then || field.includes('.')) then[field] = value
    }
  return then
}

const isBirthInSet = (thing: Thing, { action, item }: ChangeRow): boolean =>
  item !== null && thing.born.includes(action)

export const createStates = ({ db, things }: HistoryDeps) => {
  /** The thing, for somebody who may see its history. That they look is on the trail of the people it is about. */
  const open = async (ctx: Ctx, name: string): Promise<Found & { thing: Thing }> => {
    requirePermission(ctx, 'history:read')
    const found = await things.find(ctx, name, ['history:read'])
    const { type, id } = found
    const people = await things.peopleOf(found)
    await db.run(
      insertEntry(ctx, {
        action: 'history.read',
        subject: { type, id },
        ...(people.length > 0 && { items: people.length, itemIds: people }),
      }),
    )
    return { ...found, thing: things.ofType(type)! }
  }

  /** Whether a thing was there at an instant, when nothing on the trail since then made it. */
  const wasThere = async (thing: Thing, id: string, at: string): Promise<boolean> => {
    const [made] = await db.query(sql`
      SELECT 1 FROM (${changesTo(thing, id)}) c
      WHERE c.action = ANY(${[...thing.born]}::text[]) AND c.at <= ${at}::timestamptz LIMIT 1`)
    return made !== undefined || (madeAt(id) ?? 0) <= Date.parse(at)
  }

  /** Entries that were taken out of the trail cannot be undone: what was before the last of them cannot be told. */
  const requireKept = async (at: string): Promise<void> => {
    const retired = await db.one<{ until: Date }>(sql`
      SELECT b.sealed_at AS until FROM audit.blocks b
      WHERE b.height = (SELECT max(s.to_height) FROM audit.segments s) AND b.sealed_at > ${at}::timestamptz`)
    if (retired)
      throw conflict(
        `The trail is kept from ${retired.until.toISOString()} on; what was before stands in the files that were taken out.`,
        'history-retired',
      )
  }

  /** The entry that made a thing among others says what was written of it: what it was, before all that came after. */
  const asMade = async (thing: Thing, id: string, row: ChangeRow): Promise<ChangeRow> => {
    const since = await db.query<ChangeRow>(sql`
      SELECT * FROM (${changesTo(thing, id)}) c
      WHERE (c.at, c.id) > (${row.key}::timestamptz, ${row.id}::uuid) ORDER BY c.at DESC, c.id DESC`)
    const state = await things.stateOf({ type: thing.type, id })
    return { ...row, before: null, after: state ? takeBack(state, since) : null }
  }

  return {
    /**
     * A thing as it was at an instant; now, when none is given. Throws `conflict` (`history-retired`) for one before what
     * is left of the trail.
     */
    at: (ctx: Ctx, name: string, when?: string): Promise<StateThen> =>
      db.transaction(async () => {
        const { type, id, masks, thing } = await open(ctx, name)
        const now = new Date()
        const at = when === undefined ? now.toISOString() : asOf('/at', when, now)
        await requireKept(at)
        const state = await things.stateOf({ type, id })
        if (!state) throw notFound(type)
        const since = await db.query<ChangeRow>(sql`
          SELECT * FROM (${changesTo(thing, id)}) c WHERE c.at > ${at}::timestamptz ORDER BY c.at DESC, c.id DESC`)
        const shown = (record: Fields) => outside(things, [{ id, record }]).then(show => show({ id, record }))
        const existed = !since.some(row => thing.born.includes(row.action)) && (await wasThere(thing, id, at))
        return {
          name,
          type,
          at,
          existed,
          state: existed ? maskRecord(await shown(takeBack(state, since)), masks, type) : null,
        }
      }),

    /** Who changed what of a thing, newest first; from an instant on, and before another one. */
    changes: async (
      ctx: Ctx,
      name: string,
      range: { from?: string; to?: string },
      page: PageRequest,
    ): Promise<Page<ChangeView>> => {
      const { id, masks, thing } = await open(ctx, name)
      const after = page.cursor ? decodeCursor(page.cursor, 2) : undefined
      const rows = await db.query<ChangeRow>(sql`
        SELECT * FROM (${changesTo(thing, id)}) c
        WHERE c.at >= ${beginning('/from', range.from ?? EARLIEST)}::timestamptz
          AND c.at < ${ending('/to', range.to ?? LATEST)}::timestamptz
          AND (${after?.[0] ?? LATEST}::timestamptz, ${after?.[1] ?? LAST}::uuid) > (c.at, c.id)
        ORDER BY c.at DESC, c.id DESC LIMIT ${page.limit + 1}`)
      const { items, next } = pageOf(rows, page.limit, r => [r.key, r.id])
      const said: ChangeRow[] = []
      for (const row of items) said.push(isBirthInSet(thing, row) ? await asMade(thing, id, row) : row)
      const show = await outside(
        things,
        said.flatMap(({ before, after }) => [before, after].map(record => ({ id, record }))),
      )
      const mask = (record: Fields | null) => maskRecord(show({ id, record }), masks, thing.type)
      return {
        next,
        items: said.map(row => present(thing, { ...row, before: mask(row.before), after: mask(row.after) })),
      }
    },
  }
}

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const present = (thing: Thing, row: ChangeRow): ChangeView => {
  const { before, after } = row
  return {
    entry: row.id,
    at: row.at,
    action: row.action,
    actor: { kind: row.actor_kind, name: row.actor_name },
    onBehalfOf: row.behalf_name,
    reason: row.reason,
    requestId: row.request_id,
    changes: fieldsOf(thing, row).map(field => ({
      field,
      before: before?.[field] ?? null,
      after: after?.[field] ?? null,
    })),
  }
}
