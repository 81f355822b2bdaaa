import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import {
  type Ctx,
  conflict,
  forbidden,
  invalidField,
  notFound,
  personOf,
  refFromPath,
} from '../kernel/index.ts'
import { lockAll } from './decide.ts'
import type { ApprovalDeps } from './index.ts'
import type { RequestRow } from './model.ts'
import { plansOf, stagesOf } from './plans.ts'
import { actingAsSelf, isInformed, isSeen } from './standing.ts'
import { leaveTrail } from './trail.ts'

/** What is said about a request without deciding it, and taking it back. */
export const withdrawing = (deps: ApprovalDeps) => {
  const { db, clock, subject } = deps

  const withdrawAll = async (ctx: Ctx, rows: readonly RequestRow[], comment: string): Promise<void> => {
    if (rows.length === 0) return
    await db.run(sql`
      UPDATE approvals.requests SET state = 'withdrawn', decided_at = ${clock.now()}, due_at = NULL, version = version + 1
      WHERE id = ANY(${rows.map(r => r.id)}::uuid[])`)
    const deed = {
      kind: 'withdraw',
      action: 'approval.withdraw',
      message: 'approval.withdrawn',
      comment,
    } as const
    const change = { before: { state: 'pending' }, after: { state: 'withdrawn' } }
    await leaveTrail(
      deps,
      ctx,
      deed,
      rows.map(({ id, tier }) => ({ id, tier, ...change })),
    )
  }

  /** The request, when the actor may know of it. */
  const seen = async (ctx: Ctx, reference: string): Promise<RequestRow> => {
    const ref = refFromPath('approval', reference)
    const acting = await actingAsSelf(deps, ctx)
    const stages = await stagesOf(db, sql`r.ref = ${ref}`)
    const row = await db.one<RequestRow>(
      sql`SELECT r.* FROM approvals.requests r WHERE r.ref = ${ref} AND ${isSeen(acting, stages)}`,
    )
    if (!row) throw notFound('approval')
    return row
  }

  return {
    /** Takes back what the actor submitted, with a comment that says why: the thing is as it was before. */
    withdraw: (ctx: Ctx, reference: string, comment: string): Promise<void> =>
      db.transaction(async () => {
        const { id } = await seen(ctx, reference)
        await lockAll(deps, [id])
        const row = (await db.one<RequestRow>(sql`SELECT * FROM approvals.requests WHERE id = ${id}`))!
        const { all } = await actingAsSelf(deps, ctx)
        if (!all.includes(row.requested_by))
          throw forbidden('Only whoever submitted it takes it back.', 'not-the-requester')
        if (row.state !== 'pending') throw conflict(`It is ${row.state} already.`, 'approval-state')
        const said = commentFrom(comment)
        await withdrawAll(ctx, [row], said)
        await subject(row.subject_type).withdrawn(ctx, [row.subject_id], said)
      }),

    /** For modules that give up what they submitted: ends its open request, if there is one, in their unit of work. */
    withdrawFor: async (ctx: Ctx, type: string, subjectId: string, comment: string): Promise<void> => {
      const rows = await db.query<RequestRow>(sql`
        SELECT * FROM approvals.requests
        WHERE subject_type = ${type} AND subject_id = ${subjectId} AND state = 'pending' FOR UPDATE`)
      await withdrawAll(ctx, rows, comment)
    },

    /** Says something about a request, without deciding. */
    comment: (ctx: Ctx, reference: string, comment: string): Promise<void> =>
      db.transaction(async () => {
        requirePermission(ctx, 'approval:comment')
        const { id, tier } = await seen(ctx, reference)
        const deed = { kind: 'comment', action: 'approval.comment', message: 'approval.commented' } as const
        await leaveTrail(deps, ctx, { ...deed, comment: commentFrom(comment) }, [
          { id, tier, before: {}, after: {} },
        ])
      }),

    /** Has taken note of what a request was shown to them for; may be done again. Throws `forbidden` when it was not. */
    acknowledge: (ctx: Ctx, reference: string): Promise<void> =>
      db.transaction(async () => {
        const { id, plan_id } = await seen(ctx, reference)
        const acting = await actingAsSelf(deps, ctx)
        const plan = (await plansOf(db, [plan_id])).get(plan_id)!
        const informs = plan.tiers.flatMap(({ kind }, tier) => (kind === 'inform' ? [{ plan, tier }] : []))
        const mine = await db.query<{ id: string; tier: number }>(sql`
          SELECT n.id, n.tier FROM approvals.notices n JOIN approvals.requests r ON r.id = n.request_id
          WHERE r.id = ${id} AND ${isInformed(acting, informs)}`)
        if (mine.length === 0) throw forbidden('It was not sent to you for information.', 'not-informed')
        const noted = await db.query<{ notice_id: string }>(sql`
          INSERT INTO approvals.acknowledgements (notice_id, person_id, at)
          SELECT id, ${personOf(ctx.actor)}, ${clock.now()} FROM unnest(${mine.map(n => n.id)}::uuid[]) AS id
          ON CONFLICT DO NOTHING RETURNING notice_id`)
        const deed = {
          kind: 'acknowledge',
          action: 'approval.acknowledge',
          message: 'approval.acknowledged',
        } as const
        for (const { notice_id } of noted) {
          const { tier } = mine.find(n => n.id === notice_id)!
          await leaveTrail(deps, ctx, deed, [{ id, tier, before: {}, after: {} }])
        }
      }),
  }
}

/** A comment of 1 to 1000 characters. */
export const commentFrom = (text: string, pointer = '/comment'): string => {
  const comment = text.trim()
  if (comment === '' || comment.length > 1000)
    throw invalidField(pointer, 'comment', 'Say why, in at most 1000 characters.')
  return comment
}
