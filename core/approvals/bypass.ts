import sql from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import {
  type Ctx,
  conflict,
  formatReference,
  invalidField,
  notFound,
  refFromPath,
  ruleViolated,
} from '../kernel/index.ts'
import { finish, lockAll, refuse, requireUnchanged } from './decide.ts'
import type { ApprovalDeps } from './index.ts'
import type { Reason, RequestRow } from './model.ts'
import { actingAsSelf, isFrozen, PLACE } from './standing.ts'
import { leaveTrail } from './trail.ts'
import { commentFrom } from './withdraw.ts'

export type Finding = 'justified' | 'not-justified'
export type BypassView = {
  approval: string
  subjectType: string
  subject: string
  title: string
  reason: string
  by: string
  at: Date
  /** Whether nothing else was decided at that time. */
  duringFreeze: boolean
  finding: Finding | null
  comment: string | null
  reviewedBy: string | null
  reviewedAt: Date | null
}

const MIN_REASON = 20

/** Emergencies: one person approves at once, for a reason that another looks at afterwards. */
export const bypasses = (deps: ApprovalDeps) => {
  const { db, clock } = deps

  return {
    /**
     * Approves whatever tiers are missing. Needs `approval:bypass` where the subject is; never by a maker. Not even
     * a freeze stops it: whoever reviews it is told. What was changed since it was submitted goes back all the same.
     */
    bypass: async (ctx: Ctx, reference: string, reason: string): Promise<void> => {
      const said = reason.trim()
      if (said.length < MIN_REASON || said.length > 1000)
        throw invalidField('/reason', 'reason', `Say why, in ${MIN_REASON} to 1000 characters.`)
      await db.transaction(async () => {
        const id = await within(deps, ctx, reference, 'approval:bypass')
        await lockAll(deps, [id])
        const { ctx: now, kept, all } = await actingAsSelf(deps, ctx)
        const row = await db.one<RequestRow & { reason: Reason | null; frozen: boolean }>(sql`
          SELECT r.*, CASE WHEN r.state <> 'pending' THEN 'not-pending' WHEN r.makers && ${[...all]}::uuid[] THEN 'maker-is-checker'
            END AS reason, ${isFrozen(clock.now())} AS frozen
          FROM approvals.requests r WHERE r.id = ${id} AND ${visible(now, 'approval:bypass', PLACE)}`)
        if (!row) throw notFound('approval')
        if (row.reason) await refuse(deps, row, row.reason)
        await requireUnchanged(deps, now, [row])
        await db.run(sql`
          INSERT INTO approvals.bypasses (request_id, reason, identities, actor_name, at, during_freeze)
          VALUES (${id}, ${said}, ${[...kept]}, ${now.actor.name}, ${clock.now()}, ${row.frozen})`)
        await db.run(sql`UPDATE approvals.requests SET bypassed = true WHERE id = ${id}`)
        const deed = {
          kind: 'bypass',
          action: 'approval.bypass',
          message: 'approval.bypassed',
          comment: said,
        } as const
        await finish(deps, now, [row], deed, 'approved', said)
      })
    },

    /** Bypasses within reach, those to be reviewed first. */
    listBypasses: async (ctx: Ctx, filter: { open?: boolean | undefined } = {}): Promise<BypassView[]> => {
      requirePermission(ctx, 'approval:read')
      const rows = await db.query<Omit<BypassView, 'approval'> & { ref: string }>(sql`
        SELECT r.ref, r.subject_type AS "subjectType", r.subject_name AS subject, r.title, b.reason, b.actor_name AS by,
          b.at, b.during_freeze AS "duringFreeze", b.finding, b.comment, b.reviewed_by_name AS "reviewedBy", b.reviewed_at AS "reviewedAt"
        FROM approvals.bypasses b JOIN approvals.requests r ON r.id = b.request_id
        WHERE ${visible(ctx, 'approval:read', PLACE)}
          AND ${filter.open === undefined ? sql`true` : sql`(b.finding IS NULL) = ${filter.open}`}
        ORDER BY b.finding IS NULL DESC, b.at DESC LIMIT 1000`)
      return rows.map(({ ref, ...b }) => ({ approval: formatReference('approval', ref), ...b }))
    },

    /** Says what a review found. Neither by a maker nor by whoever bypassed. Throws `conflict` (`review-done`). */
    review: (ctx: Ctx, reference: string, finding: Finding, comment: string): Promise<void> =>
      db.transaction(async () => {
        const id = await within(deps, ctx, reference, 'approval:review')
        const { all } = await actingAsSelf(deps, ctx)
        const bypass = await db.one<{ finding: string | null; isOwn: boolean; tier: number }>(sql`
          SELECT b.finding, r.tier, (b.identities || r.makers) && ${[...all]}::uuid[] AS "isOwn"
          FROM approvals.bypasses b JOIN approvals.requests r ON r.id = b.request_id
          WHERE b.request_id = ${id} FOR UPDATE OF b`)
        if (!bypass) throw notFound('bypass')
        if (bypass.finding) throw conflict('It was reviewed already.', 'review-done')
        if (bypass.isOwn)
          throw ruleViolated('maker-is-checker', 'Neither who bypassed nor who made it reviews it.')
        const said = commentFrom(comment)
        await db.run(sql`
          UPDATE approvals.bypasses SET finding = ${finding}, comment = ${said}, reviewed_by = ${ctx.actor.id},
            reviewed_by_name = ${ctx.actor.name}, reviewed_at = ${clock.now()}
          WHERE request_id = ${id}`)
        const deed = {
          kind: 'review',
          action: 'approval.review',
          message: 'approval.reviewed',
          comment: said,
        } as const
        await leaveTrail(deps, ctx, deed, [{ id, tier: bypass.tier, before: {}, after: { finding } }])
      }),
  }
}

/**
 * The request with a reference, where the actor has a permission and may see what they do. Otherwise it is not found,
 * whether it exists or not.
 */
const within = async (
  { db }: ApprovalDeps,
  ctx: Ctx,
  reference: string,
  permission: 'approval:bypass' | 'approval:review',
): Promise<string> => {
  requirePermission(ctx, permission)
  const row = await db.one<{ id: string }>(sql`
    SELECT r.id FROM approvals.requests r
    WHERE r.ref = ${refFromPath('approval', reference)} AND ${visible(ctx, permission, PLACE)}
      AND ${visible(ctx, 'approval:read', PLACE)}`)
  if (!row) throw notFound('approval')
  return row.id
}
