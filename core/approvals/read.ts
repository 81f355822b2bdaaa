import sql, { type Sql } from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { type Db, type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Ctx,
  formatReference,
  invalid,
  notFound,
  type Page,
  type PageRequest,
  personOf,
  refFromPath,
} from '../kernel/index.ts'
import type { FactValues } from '../targeting/index.ts'
import { unknownType } from './check.ts'
import { actingFor } from './decide.ts'
import type { ApprovalDeps } from './index.ts'
import type { Plan, Reason, RequestRow, RequestState } from './model.ts'
import { type BypassOf, bypassOf, type Option, optionsOf } from './options.ts'
import { type TierView, tiersOf } from './plan-view.ts'
import { allStages, plansOf, stagesOf } from './plans.ts'
import { ownRisksOf, risksOf, STANDING } from './risks.ts'
import {
  type Acting,
  isApproverNow,
  isInformed,
  isSeen,
  isSigned,
  reasonNot,
  type Stage,
} from './standing.ts'
import type { TimelineEntry } from './trail.ts'

/**
 * `decidable`: what waits for the actor; `submitted`: what the actor prepared or submitted; `informed`: for the actor's
 * information, not yet noted; `decided`: what the actor has decided on.
 */
export type Mine = 'decidable' | 'submitted' | 'informed' | 'decided'
export type InboxFilter = {
  mine?: Mine | undefined
  state?: RequestState | undefined
  subjectType?: string | undefined
  program?: string | undefined
  overdue?: boolean | undefined
  onBehalfOf?: string | undefined
}

/** A request in a list. Amounts are minor units; tiers count from 1. `reason`: why the actor cannot decide, null if they can. */
export type ApprovalSummary = {
  reference: string
  subjectType: string
  subject: string
  title: string
  program: string | null
  programName: string | null
  area: string | null
  areaName: string | null
  state: RequestState
  tier: number
  tiers: number
  escalations: number
  amount: { minor: bigint; currency: string } | null
  items: bigint | null
  requestedBy: string
  requestedAt: Date
  dueAt: Date | null
  overdue: boolean
  bypassed: boolean
  decidedAt: Date | null
  reason: Reason | null
  /** What there is to look at, as far as it can be told of each by itself; once it is decided, nothing. */
  risks: string[]
}

/** Somebody's agreement, in the tier in which they gave it. */
export type Signature = Pick<TimelineEntry, 'by' | 'tier' | 'onBehalfOf' | 'comment' | 'at'>
export type ApprovalView = ApprovalSummary & {
  facts: FactValues
  digest: string
  policy: { code: string; version: number } | null
  planName: string
  previous: string | null
  plan: TierView[]
  signatures: Signature[]
  timeline: TimelineEntry[]
  /** Whether the subject is still what was submitted; null once it is decided. */
  unchanged: boolean | null
  /** What the actor can do with it. */
  options: Option[]
  bypass: BypassOf | null
}

type Row = RequestRow & {
  title: string
  facts: FactValues
  amount: string | null
  currency: string | null
  items: string | null
  requested_by_name: string
  requested_at: Date
  overdue_since: Date | null
  decided_at: Date | null
  program: string | null
  program_name: string | null
  area: string | null
  area_name: string | null
  previous_ref: string | null
  overdue: boolean
  submitted_before: boolean
  bypassed_before: boolean
  reason: Reason | null
}

const id = { by: sql`r.id`, as: 'uuid' } as const
const REQUESTS: Sortable = {
  columns: {
    requestedAt: id,
    dueAt: { by: sql`r.due_at`, as: 'instant', optional: true },
    title: { by: sql`r.title`, as: 'name' },
    state: { by: sql`r.state`, as: 'code' },
  },
  tie: id,
  otherwise: '-requestedAt',
}

/** What may be asked about requests, within reach. */
export const inbox = (deps: ApprovalDeps) => {
  const { db, clock } = deps

  const list = async (ctx: Ctx, filter: InboxFilter, page: PageRequest): Promise<Page<ApprovalSummary>> => {
    requirePermission(ctx, 'approval:read')
    const issues = unknownType(deps, filter.subjectType, '/subjectType')
    if (issues.length > 0) throw invalid(issues)
    const acting = await actingFor(deps, ctx, filter.onBehalfOf)
    const stages = await allStages(db)
    const reason = reasonNot(acting, stages, clock.now())
    const which = await mineOnly(deps, acting, filter.mine, stages, reason)
    const sorting = sorted(REQUESTS, page)
    const rows = await db.query<Row & SortKey>(sql`
      SELECT ${COLUMNS}, ${reason} AS reason ${sorting.key} FROM (
        SELECT r.* FROM approvals.requests r
        WHERE ${which} AND ${isSeen(acting, stages)} ${conditions(filter, clock.now())}
          ${sorting.after}
        ORDER BY ${sorting.order} LIMIT ${page.limit + 1}
      ) r ${JOINS} ORDER BY ${sorting.order}`)
    const { items, next } = sorting.page<Row>(rows)
    const plans = await plansOf(db, [...new Set(items.map(r => r.plan_id))])
    return { items: items.map(r => summary(deps, r, plans.get(r.plan_id)!)), next }
  }

  /** The request with a reference among those that a condition over `r` picks, as it is for somebody. */
  const show = async (
    ctx: Ctx,
    reference: string,
    onBehalfOf: string | undefined,
    which: (acting: Acting, stages: readonly Stage[]) => Sql,
  ): Promise<ApprovalView> => {
    requirePermission(ctx, 'approval:read')
    const ref = refFromPath('approval', reference)
    const acting = await actingFor(deps, ctx, onBehalfOf)
    const stages = await stagesOf(db, sql`r.ref = ${ref}`)
    const row = await db.one<Row>(sql`
      SELECT ${COLUMNS}, ${reasonNot(acting, stages, clock.now())} AS reason
      FROM approvals.requests r ${JOINS} WHERE r.ref = ${ref} AND ${which(acting, stages)}`)
    if (!row) throw notFound('approval')
    const plan = (await plansOf(db, [row.plan_id])).get(row.plan_id)!
    const timeline = await timelineOf(deps, row.id)
    const risks = row.state === 'pending' ? await risksOf(deps, acting, [row]) : []
    return {
      ...summary(deps, row, plan),
      risks: risks.map(({ risk }) => risk),
      facts: factsOf(deps, row),
      digest: row.digest.toString('hex'),
      policy: plan.policy === null ? null : { code: plan.policy, version: plan.policyVersion! },
      planName: plan.name,
      previous: row.previous_ref === null ? null : formatReference('approval', row.previous_ref),
      plan: await tiersOf(deps, row, plan, timeline),
      signatures: timeline.filter(e => e.kind === 'approve').map(signatureOf),
      timeline,
      unchanged:
        row.state === 'pending' ? risks.every(({ risk }) => risk !== 'changed-since-submitted') : null,
      options: await optionsOf(deps, acting, row, await isToTakeNote(db, acting)),
      bypass: await bypassOf(deps, row),
    }
  }

  return {
    /** Requests, newest first unless sorted otherwise. */
    list,

    /** How many wait for the actor, how many of those are overdue, and how many are for information. */
    counts: async (
      ctx: Ctx,
      onBehalfOf?: string,
    ): Promise<{ decidable: number; overdue: number; informed: number }> => {
      requirePermission(ctx, 'approval:read')
      const acting = await actingFor(deps, ctx, onBehalfOf)
      const stages = await allStages(db)
      const reason = reasonNot(acting, stages, clock.now())
      const count = async (mine: Mine) =>
        (await db.one<{ n: number; overdue: number }>(sql`
          SELECT count(*)::int AS n, count(*) FILTER (WHERE r.overdue_since IS NOT NULL OR r.due_at <= ${clock.now()})::int AS overdue
          FROM approvals.requests r WHERE ${await mineOnly(deps, acting, mine, stages, reason)}`))!
      const { n, overdue } = await count('decidable')
      return { decidable: n, overdue, informed: (await count('informed')).n }
    },

    /** One request with all there is to know about it. */
    get: (ctx: Ctx, reference: string, onBehalfOf?: string): Promise<ApprovalView> =>
      show(ctx, reference, onBehalfOf, isSeen),

    /** The same for whoever has just decided on it, and may be no approver of it any more. */
    getSigned: (ctx: Ctx, reference: string): Promise<ApprovalView> =>
      show(ctx, reference, undefined, isSigned),
  }
}

const COLUMNS = sql`r.*, pr.code AS program, pr.name AS program_name, a.code AS area, a.name AS area_name, q.ref AS previous_ref, ${STANDING}`
const JOINS = sql`
  LEFT JOIN programs.program_codes pr ON pr.id = r.program_id
  LEFT JOIN areas.areas a ON a.id = r.area_id
  LEFT JOIN approvals.requests q ON q.id = r.previous_id`

const mineOnly = async (
  { db }: ApprovalDeps,
  acting: Acting,
  mine: Mine | undefined,
  stages: Parameters<typeof reasonNot>[1],
  reason: Sql,
): Promise<Sql> => {
  switch (mine) {
    case undefined:
      return sql`true`
    case 'decidable':
      return sql`r.state = 'pending' AND ${isApproverNow(acting, stages)} AND ${reason} IS NULL`
    case 'submitted':
      return sql`r.makers && ${[...acting.all]}::uuid[]`
    case 'informed':
      return isToTakeNote(db, acting)
    case 'decided':
      return isSigned(acting)
  }
}

/** Over requests `r`: they were shown to whoever acts for their information, who has not taken note yet. */
const isToTakeNote = async (db: Db, acting: Acting): Promise<Sql> => {
  const told = await db.query<{ plan_id: string; tier: number }>(
    sql`SELECT DISTINCT plan_id, tier FROM approvals.notices`,
  )
  const plans = await plansOf(db, [...new Set(told.map(t => t.plan_id))])
  const notices = told.map(({ plan_id, tier }) => ({ plan: plans.get(plan_id)!, tier }))
  return sql`EXISTS (
    SELECT FROM approvals.notices n WHERE n.request_id = r.id AND ${isInformed(acting, notices)}
      AND NOT EXISTS (SELECT FROM approvals.acknowledgements k
                      WHERE k.notice_id = n.id AND k.person_id = ${personOf(acting.rights.actor)}))`
}

const conditions = ({ state, subjectType, program, overdue }: InboxFilter, now: Date): Sql => sql`
  ${state === undefined ? sql`` : sql`AND r.state = ${state}`}
  ${subjectType === undefined ? sql`` : sql`AND r.subject_type = ${subjectType}`}
  ${program === undefined ? sql`` : sql`AND r.program_id = (SELECT p.id FROM programs.program_codes p WHERE p.code = ${program})`}
  ${overdue === undefined ? sql`` : sql`AND (r.overdue_since IS NOT NULL OR r.due_at <= ${now}) IS ${overdue ? sql`TRUE` : sql`NOT TRUE`}`}`

const summary = (deps: ApprovalDeps, r: Row, plan: Plan): ApprovalSummary => ({
  reference: formatReference('approval', r.ref),
  subjectType: r.subject_type,
  subject: r.subject_name,
  title: r.title,
  program: r.program,
  programName: r.program_name,
  area: r.area,
  areaName: r.area_name,
  state: r.state,
  tier: r.tier + 1,
  tiers: plan.tiers.length,
  escalations: r.level,
  amount: r.amount === null ? null : { minor: BigInt(r.amount), currency: r.currency! },
  items: r.items === null ? null : BigInt(r.items),
  requestedBy: r.requested_by_name,
  requestedAt: r.requested_at,
  dueAt: r.due_at,
  overdue: r.overdue_since !== null,
  bypassed: r.bypassed,
  decidedAt: r.decided_at,
  reason: r.reason,
  risks: r.state === 'pending' ? ownRisksOf(deps, r) : [],
})

/** Whole numbers of any size are kept as text, and told as numbers. */
const factsOf = ({ subjects }: ApprovalDeps, { subject_type, facts }: Row): FactValues => {
  const types = subjects().find(s => s.type === subject_type)?.facts ?? {}
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      types[name] === 'int' && value !== null ? Number(value) : value,
    ]),
  )
}

const signatureOf = ({ by, tier, onBehalfOf, comment, at }: TimelineEntry): Signature => ({
  by,
  tier,
  onBehalfOf,
  comment,
  at,
})

const timelineOf = async ({ db }: ApprovalDeps, id: string): Promise<TimelineEntry[]> => {
  const rows = await db.query<TimelineEntry & { tier: number | null }>(sql`
    SELECT kind, tier, actor_name AS by, behalf_name AS "onBehalfOf", comment, at
    FROM approvals.entries WHERE request_id = ${id} ORDER BY id LIMIT 1000`)
  return rows.map(r => ({ ...r, tier: r.tier === null ? null : r.tier + 1 }))
}
