import sql, { type Sql } from 'sql-template-tag'
import { visible } from '../access/index.ts'
import type { BypassView } from './bypass.ts'
import type { ApprovalDeps } from './index.ts'
import type { Reason, RequestRow } from './model.ts'
import { type Acting, PLACE } from './standing.ts'

/** What somebody can do with a request as things are, beside reading it. */
export type Option = 'decide' | 'comment' | 'withdraw' | 'acknowledge' | 'bypass' | 'review'

/** A bypass, as the request tells of it. */
export type BypassOf = Pick<
  BypassView,
  'reason' | 'by' | 'at' | 'duringFreeze' | 'finding' | 'comment' | 'reviewedBy' | 'reviewedAt'
>

/**
 * What the actor can do with a request: what would be refused anyway is not offered to them. Whoever does it is asked
 * again. `isToldOf`: over requests `r`, they are to take note of it. A deputy decides, and does nothing else as one.
 */
export const optionsOf = async (
  { db }: ApprovalDeps,
  acting: Acting,
  row: RequestRow & { reason: Reason | null },
  isToldOf: Sql,
): Promise<Option[]> => {
  const { ctx, all } = acting
  const isDeputy = ctx.behalf !== undefined
  const own = sql`${[...all]}::uuid[]`
  const can = (await db.one<Record<Option, boolean>>(sql`
    SELECT ${visible(ctx, 'approval:decide', {})} AS decide, ${visible(ctx, 'approval:comment', {})} AS comment,
      r.state = 'pending' AND r.requested_by = ANY(${own}) AS withdraw, ${isToldOf} IS TRUE AS acknowledge,
      (r.state = 'pending' AND NOT r.makers && ${own} AND ${visible(ctx, 'approval:bypass', PLACE)}
        AND ${visible(ctx, 'approval:read', PLACE)}) IS TRUE AS bypass,
      (EXISTS (SELECT FROM approvals.bypasses b
               WHERE b.request_id = r.id AND b.finding IS NULL AND NOT (b.identities || r.makers) && ${own})
        AND ${visible(ctx, 'approval:review', PLACE)} AND ${visible(ctx, 'approval:read', PLACE)}) IS TRUE AS review
    FROM approvals.requests r WHERE r.id = ${row.id}`))!
  const options: [Option, boolean][] = [
    ['decide', row.reason === null && can.decide],
    ['comment', can.comment],
    ['withdraw', !isDeputy && can.withdraw],
    ['acknowledge', !isDeputy && can.acknowledge],
    ['bypass', !isDeputy && can.bypass],
    ['review', !isDeputy && can.review],
  ]
  return options.flatMap(([option, is]) => (is ? [option] : []))
}

/** The bypass of a request, and what its review found; null when there was none. */
export const bypassOf = async (
  { db }: ApprovalDeps,
  { id, bypassed }: RequestRow,
): Promise<BypassOf | null> =>
  bypassed
    ? ((await db.one<BypassOf>(sql`
        SELECT reason, actor_name AS by, at, during_freeze AS "duringFreeze", finding, comment,
          reviewed_by_name AS "reviewedBy", reviewed_at AS "reviewedAt"
        FROM approvals.bypasses WHERE request_id = ${id}`)) ?? null)
    : null
