import sql, { empty, type Sql } from 'sql-template-tag'
import { type Ctx, canonicalJson } from '../kernel/index.ts'

/**
 * One thing done, as it is kept. `before` and `after` hold the changed fields only. Set-based work is one
 * entry per statement or chunk: `items` rows, their `itemIds`, and in `before` and `after` what is the same for all
 * of them. What differs from row to row is in `details` (`insertChanges`).
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

/** Of a set-based change: the changed fields of each row, in the order of the entry's item ids. */
export type Details = { before: Record<string, unknown>[]; after: Record<string, unknown>[] }

/** What there is to say of all rows of a set at once. */
type OfAll = Pick<AuditEntry, 'action' | 'before' | 'after'> & {
  /** Its id may be a sub-select of the statement that the entry stands in. */
  subject: { type: string; id: string | Sql | null }
}

const into = (
  more: Sql = empty,
) => sql`INSERT INTO audit.entries (actor_kind, actor_id, actor_name, behalf_id,
  behalf_name, reason, request_id, address, leaf, action, subject_type, subject_id, items, item_ids, before, after${more})`

/** Who acts for whom, why and in which request. The leaf is computed by the table's trigger, from the row as stored. */
const by = ({ actor, behalf, reason, requestId, address }: Ctx) => sql`
  ${actor.kind}::text, ${actor.id}::uuid, ${actor.name}::text, ${behalf?.id ?? null}::uuid, ${behalf?.name ?? null}::text,
  ${reason ?? null}::text, ${requestId}::text, ${address ?? null}::text, ''::bytea`

/** Ids are kept in order: large sets are found by their first and last. */
const inOrder = (ids: readonly string[] | undefined) => (ids ? [...ids].sort() : null)

/** The statement that adds one entry; may stand in a CTE beside the change it records. */
export const insertEntry = (ctx: Ctx, e: AuditEntry): Sql => sql`
  ${into()}
  VALUES (${by(ctx)}, ${e.action}, ${e.subject.type}, ${e.subject.id}, ${e.items ?? e.itemIds?.length ?? null},
          ${inOrder(e.itemIds)}::uuid[], ${json(e.before)}::jsonb, ${json(e.after)}::jsonb)`

/** The statement that adds one entry per row of `ids` (a query giving one uuid column named `id`). */
export const insertEntries = (ctx: Ctx, action: string, subjectType: string, ids: Sql): Sql => sql`
  ${into()}
  SELECT ${by(ctx)}, ${action}::text, ${subjectType}::text, id, NULL::int, NULL::uuid[], NULL::jsonb, NULL::jsonb
  FROM (${ids}) s`

/** Rows to an entry at most, so that one entry stays small. */
const PART = 1_000

const parts = (rows: Sql) => sql`
  (SELECT r.*, (row_number() OVER (ORDER BY id) - 1) / ${PART}::int AS part FROM (${rows}) r) s GROUP BY part`

const set = (ctx: Ctx, e: OfAll) => sql`
  ${by(ctx)}, ${e.action}::text, ${e.subject.type}::text, ${e.subject.id}::uuid, count(*)::int,
  array_agg(s.id ORDER BY s.id), ${json(e.before)}::jsonb, ${json(e.after)}::jsonb`

/**
 * The statement that adds one entry for a set: `rows` is a query giving uuid column `id`. Ids are kept in
 * arrays of at most a thousand to an entry.
 */
export const insertSet = (ctx: Ctx, e: OfAll, rows: Sql): Sql => sql`
  ${into()} SELECT ${set(ctx, e)} FROM ${parts(rows)}`

/**
 * The statement that adds the entries of a set-based change whose rows were not all changed alike. `rows` is a query
 * giving `id uuid`, `before json` and `after json`: the changed fields of each row. A thousand rows to an entry. Make
 * them with `json_build_object`; jsonb is taken too, and takes twice the time.
 */
export const insertChanges = (ctx: Ctx, e: OfAll, rows: Sql): Sql => sql`
  ${into(sql`, details`)}
  SELECT ${set(ctx, e)}, json_build_object(
    'before', json_agg(s.before ORDER BY s.id), 'after', json_agg(s.after ORDER BY s.id))
  FROM ${parts(rows)}`

/** What was changed of one row: the fields that were, before and after. */
export type Change = { id: string; before: Record<string, unknown>; after: Record<string, unknown> }

/**
 * The statement for changes that were made together and are known one by one: a single one has an entry of its own, more
 * of them share entries. `after` is what is the same for all of them.
 */
export const insertEach = (
  ctx: Ctx,
  action: string,
  type: string,
  changes: readonly Change[],
  after: Record<string, unknown> = {},
): Sql => {
  const [first, ...others] = changes
  if (first && others.length === 0) {
    const subject = { type, id: first.id }
    return insertEntry(ctx, { action, subject, before: first.before, after: { ...first.after, ...after } })
  }
  const rows = sql`
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS c (id uuid, before jsonb, after jsonb)`
  return insertChanges(ctx, { action, subject: { type, id: null }, after }, rows)
}

const json = (value: Record<string, unknown> | undefined) =>
  value === undefined ? null : canonicalJson(value)
