import sql, { empty, type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { decodeCursor, type Page, type PageRequest, pageOf } from '../kernel/index.ts'

export type AuditRecord = {
  id: string
  at: Date
  actor: { kind: string; id: string; name: string }
  behalf: { id: string; name: string } | null
  action: string
  subject: { type: string; id: string | null }
  items: number | null
  before: unknown
  after: unknown
  reason: string | null
  requestId: string
}

export type AuditFilter = { action?: string; subjectType?: string; subjectId?: string; requestId?: string }

/** Reading the trail, newest first. Who may read it is decided by the caller's permission `audit:read`. */
export const readAudit = (db: Db) => ({
  list: async (filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>> => {
    const before = page.cursor ? decodeCursor(page.cursor, 2) : undefined
    const rows = await db.query(sql`
      SELECT e.xid::text, e.id, at, actor_kind, actor_id, actor_name, behalf_id, behalf_name, action, subject_type,
             subject_id, items, before, after, reason, request_id
      FROM audit.entries e
      WHERE true
        ${and(filter.action, v => sql`action = ${v}`)}
        ${and(filter.subjectType, v => sql`subject_type = ${v}`)}
        ${and(filter.subjectId, v => sql`subject_id = ${v}`)}
        ${and(filter.requestId, v => sql`request_id = ${v}`)}
        ${before ? sql`AND (e.xid, e.id) < (${before[0]}::xid8, ${before[1]}::uuid)` : empty}
      ORDER BY e.xid DESC, e.id DESC LIMIT ${page.limit + 1}`)
    const { items, next } = pageOf(rows, page.limit, r => [r.xid, r.id])
    return {
      next,
      items: items.map(r => ({
        id: r.id,
        at: r.at,
        actor: { kind: r.actor_kind, id: r.actor_id, name: r.actor_name },
        behalf: r.behalf_id && { id: r.behalf_id, name: r.behalf_name },
        action: r.action,
        subject: { type: r.subject_type, id: r.subject_id },
        items: r.items,
        before: r.before,
        after: r.after,
        reason: r.reason,
        requestId: r.request_id,
      })),
    }
  },
})

const and = (value: string | undefined, condition: (v: string) => Sql) =>
  value === undefined ? empty : sql`AND ${condition(value)}`
