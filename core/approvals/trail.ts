import sql from 'sql-template-tag'
import { insertEach } from '../audit/index.ts'
import { type Ctx, formatMinor } from '../kernel/index.ts'
import type { ApprovalDeps } from './index.ts'

export type EntryKind =
  | 'submit'
  | 'approve'
  | 'reject'
  | 'return'
  | 'withdraw'
  | 'comment'
  | 'escalate'
  | 'overdue'
  | 'expire'
  | 'acknowledge'
  | 'bypass'
  | 'review'
  | 'changed'

/** A step as those who read the request are told it. Tiers count from 1. */
export type TimelineEntry = {
  kind: EntryKind
  tier: number | null
  by: string
  onBehalfOf: string | null
  comment: string | null
  at: Date
}

/** What changed of one request: the fields that did, before and after; and the tier in which it happened. */
export type Change = {
  id: string
  tier?: number | undefined
  before: Record<string, unknown>
  after: Record<string, unknown>
}

/** Something done to requests: what their timeline, the audit trail and the outbox say of it, each written as a set. */
export type Deed = {
  kind: EntryKind
  /** Of the audit trail: `approval.approve`. */
  action: string
  /** Of the outbox: `approval.approved`. */
  message: string
  comment?: string | undefined
}

/** Records a deed on requests, in the unit of work that does it. */
export const leaveTrail = async (
  deps: ApprovalDeps,
  ctx: Ctx,
  deed: Deed,
  changes: readonly Change[],
): Promise<void> => {
  const { db, clock, outbox } = deps
  if (changes.length === 0) return
  const rows = sql`
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS c (id uuid, tier smallint, before jsonb, after jsonb)`
  await db.run(sql`
    INSERT INTO approvals.entries (id, request_id, kind, tier, actor_id, actor_name, behalf_id, behalf_name, comment, at)
    SELECT kernel.uuid7(), c.id, ${deed.kind}, c.tier, ${ctx.actor.id}, ${ctx.actor.name}, ${ctx.behalf?.id ?? null},
      ${ctx.behalf?.name ?? null}, ${deed.comment ?? null}, ${clock.now()}
    FROM (${rows}) c`)
  const ids = changes.map(c => c.id)
  const said = deed.comment === undefined ? {} : { comment: deed.comment }
  const sums = ids.length > 1 && deed.kind !== 'submit' ? await sumsOf(deps, ids) : {}
  await db.run(insertEach(ctx, deed.action, 'approval', changes, { ...said, ...sums }))
  await outbox.publishSet(
    deed.message,
    sql`SELECT r.id AS subject_id, jsonb_build_object('subjectType', r.subject_type, 'subjectId', r.subject_id) AS payload,
          r.program_id, r.area_id
        FROM approvals.requests r WHERE r.id = ANY(${ids}::uuid[])`,
  )
}

/** How many were dealt with together, and for how much. */
const sumsOf = async ({ db }: ApprovalDeps, ids: readonly string[]) => {
  const totals = await db.query<{ currency: string; minor: string; count: number }>(sql`
    SELECT currency, sum(amount)::text AS minor, count(*)::int AS count FROM approvals.requests
    WHERE id = ANY(${[...ids]}::uuid[]) AND amount IS NOT NULL GROUP BY currency ORDER BY currency`)
  return {
    count: ids.length,
    totals: totals.map(({ currency, minor, count }) => ({
      value: formatMinor(BigInt(minor), currency),
      currency,
      count,
    })),
  }
}
