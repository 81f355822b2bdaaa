import sql, { type Sql } from 'sql-template-tag'
import { type Ctx, canonicalJson } from '../kernel/index.ts'

/**
 * One thing done, as it is kept. `before` and `after` hold the changed fields only. Set-based work is one
 * entry per statement or chunk: `items` rows, their `itemIds`, and in `after` what was done to all of them.
 */
export type AuditEntry = {
  /** `resource.verb`, e.g. `cycle.approve`. */
  action: string
  subject: { type: string; id: string | null }
  before?: Record<string, unknown> | undefined
  after?: Record<string, unknown> | undefined
  items?: number | undefined
  itemIds?: readonly string[] | undefined
}

const COLUMNS = sql`(actor_kind, actor_id, actor_name, action, subject_type, subject_id, items, item_ids, before,
  after, reason, request_id, address, leaf)`

/** The leaf is computed by the table's trigger, from the row as it is stored. */
const UNSET = sql`''::bytea`

const who = ({ actor }: Ctx) => sql`${actor.kind}::text, ${actor.id}::uuid, ${actor.name}::text`

const call = (ctx: Ctx) =>
  sql`${ctx.reason ?? null}::text, ${ctx.requestId}::text, ${ctx.address ?? null}::text`

/** The statement that adds one entry; may stand in a CTE beside the change it records. */
export const insertEntry = (ctx: Ctx, e: AuditEntry): Sql => sql`
  INSERT INTO audit.entries ${COLUMNS}
  VALUES (${who(ctx)}, ${e.action}, ${e.subject.type}, ${e.subject.id}, ${e.items ?? null},
          ${e.itemIds ? [...e.itemIds] : null}::uuid[], ${json(e.before)}::jsonb, ${json(e.after)}::jsonb, ${call(ctx)}, ${UNSET})`

/** The statement that adds one entry per row of `ids` (a query giving one uuid column named `id`). */
export const insertEntries = (ctx: Ctx, action: string, subjectType: string, ids: Sql): Sql => sql`
  INSERT INTO audit.entries ${COLUMNS}
  SELECT ${who(ctx)}, ${action}::text, ${subjectType}::text, id, NULL::int, NULL::uuid[], NULL::jsonb, NULL::jsonb, ${call(ctx)}, ${UNSET}
  FROM (${ids}) s`

/**
 * The statement that adds one entry for a set: `rows` is a query giving uuid column `id`. Ids are kept in
 * arrays of at most a thousand to an entry, so that one entry stays small.
 */
export const insertSet = (
  ctx: Ctx,
  e: Pick<AuditEntry, 'action' | 'subject' | 'before' | 'after'>,
  rows: Sql,
): Sql => sql`
  INSERT INTO audit.entries ${COLUMNS}
  SELECT ${who(ctx)}, ${e.action}::text, ${e.subject.type}::text, ${e.subject.id}::uuid, count(*)::int, array_agg(id ORDER BY id),
         ${json(e.before)}::jsonb, ${json(e.after)}::jsonb, ${call(ctx)}, ${UNSET}
  FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 1000 AS part FROM (${rows}) r) s
  GROUP BY part`

const json = (value: Record<string, unknown> | undefined) =>
  value === undefined ? null : canonicalJson(value)
