import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { entriesTouching, insertEntry } from '../audit/index.ts'
import { type Ctx, decodeCursor, notFound, type Page, type PageRequest, pageOf } from '../kernel/index.ts'
import type { Who } from './entry.ts'
import type { HistoryDeps } from './index.ts'
import { LOOK_ACTIONS, LOOKS } from './looks.ts'
import { beginning, EARLIEST, ending, LATEST } from './when.ts'

/** That somebody looked at a person's data: who, for whom, when, how (in plain words) and why. */
export type LookView = {
  at: Date
  actor: Who
  onBehalfOf: string | null
  action: string
  what: string
  reason: string | null
}

type LookRow = {
  key: string
  id: string
  at: Date
  actor_kind: string
  actor_name: string
  behalf_name: string | null
  action: string
  reason: string | null
}

/** Who looked at the data of a registrant, newest first: by itself, or in a list or a file that it was in; in a time. */
export const accessLog =
  ({ db, things }: HistoryDeps) =>
  async (
    ctx: Ctx,
    reference: string,
    range: { from?: string; to?: string },
    page: PageRequest,
  ): Promise<Page<LookView>> => {
    requirePermission(ctx, 'registrant:read')
    const { type, id } = await things.find(ctx, reference, ['history:read'])
    if (type !== 'registrant') throw notFound('registrant')
    const before = page.cursor ? decodeCursor(page.cursor, 2) : undefined
    const rows = await db.query<LookRow>(sql`
      WITH looks AS (
        SELECT e.at::text AS key, e.id, e.at, e.actor_kind, e.actor_name, e.behalf_name, e.action, e.reason
        FROM (SELECT DISTINCT t.xid, t.id FROM (${entriesTouching([id])}) t) t
        JOIN audit.entries e ON (e.xid, e.id) = (t.xid, t.id)
        WHERE e.action = ANY(${LOOK_ACTIONS}::text[])
          AND e.at >= ${beginning('/from', range.from ?? EARLIEST)}::timestamptz
          AND e.at < ${ending('/to', range.to ?? LATEST)}::timestamptz
          AND (e.at, e.id) < (${before?.[0] ?? 'infinity'}::timestamptz, ${before?.[1] ?? LAST}::uuid)
        ORDER BY e.at DESC, e.id DESC LIMIT ${page.limit + 1}
      ), trail AS (${insertEntry(ctx, { action: 'registrant.access-log', subject: { type, id } })})
      SELECT * FROM looks ORDER BY at DESC, id DESC`)
    const { items, next } = pageOf(rows, page.limit, r => [r.key, r.id])
    return { next, items: items.map(present) }
  }

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const present = (r: LookRow): LookView => ({
  at: r.at,
  actor: { kind: r.actor_kind, name: r.actor_name },
  onBehalfOf: r.behalf_name,
  action: r.action,
  what: LOOKS[r.action]!,
  reason: r.reason,
})
