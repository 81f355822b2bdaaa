import sql, { type Sql } from 'sql-template-tag'
import { type Ctx, systemCtx } from '../kernel/index.ts'
import { finish, lockAll } from './decide.ts'
import type { ApprovalDeps } from './index.ts'
import type { RequestRow } from './model.ts'
import { isFrozen } from './standing.ts'
import { leaveTrail } from './trail.ts'

const BATCH = 1_000
const PASSED = 'Nobody decided in time.'

/** A deadline that has passed without a decision, at the level that the request stands at. */
type Due = RequestRow & { ends: 'return' | 'reject' | null; escalates: boolean; at: Date }

/**
 * Acts on the deadlines that have passed: others may decide as well, or the request ends. Run every minute. Each is acted
 * on once, however many run this and whatever their clocks say: a step is taken from the level at which it was seen, and
 * the next deadline is counted from the last one, not from now. Gives how many steps were taken.
 */
export const deadlines = (deps: ApprovalDeps) => async (): Promise<number> => {
  const ctx = systemCtx('approval deadlines', deps.ids.uuid())
  let steps = 0
  for (let due = await dueNow(deps); due.length > 0; due = await dueNow(deps)) {
    const ending = due.filter(d => d.ends)
    const taken =
      (await moveOn(
        deps,
        ctx,
        due.filter(d => !d.ends),
      )) + (await endAll(deps, ctx, ending))
    // Somebody else is at them: what they leave is found a minute later.
    if (taken === 0) break
    steps += taken
  }
  return steps
}

/** Requests whose deadline has passed and that no freeze covers, with what is to be done. A deadline moves to a freeze's end. */
const dueNow = ({ db, clock }: ApprovalDeps): Promise<Due[]> => db.query<Due>(due(clock.now(), sql`true`))

const due = (at: Date, which: Sql): Sql => sql`
  SELECT r.*, step->>'end' AS ends, step ? 'escalateTo' AS escalates, ${deadlineOf} AS at
  FROM approvals.requests r
  JOIN approvals.plans p ON p.id = r.plan_id
  CROSS JOIN LATERAL (SELECT p.tiers -> r.tier::int -> 'deadlines' -> r.level::int AS step) s
  WHERE r.state = 'pending' AND r.due_at <= ${at} AND ${which} AND NOT ${isFrozen(at)}
  ORDER BY r.due_at, r.id LIMIT ${BATCH}`

/** Over requests `r`: when the deadline was, or the end of the freeze that it fell into. */
const deadlineOf = sql`coalesce((
  SELECT max(f.ends_at) FROM approvals.freezes f
  WHERE f.starts_at <= r.due_at AND f.ends_at > r.due_at
    AND (f.subject_types IS NULL OR r.subject_type = ANY(f.subject_types))
    AND (f.program_ids IS NULL OR r.program_id = ANY(f.program_ids))), r.due_at)`

/** The next level of each that still stands where it was seen: others may decide, or it is only told to be overdue. */
const moveOn = (deps: ApprovalDeps, ctx: Ctx, seen: readonly Due[]): Promise<number> =>
  deps.db.transaction(async () => {
    if (seen.length === 0) return 0
    const moved = await deps.db.query<{ id: string }>(sql`
      UPDATE approvals.requests r SET level = r.level + 1, version = r.version + 1, overdue_since = coalesce(r.overdue_since, d.at),
        due_at = d.at + make_interval(hours => (p.tiers -> r.tier::int -> 'deadlines' -> (r.level + 1) ->> 'hours')::int)
      FROM unnest(${seen.map(d => d.id)}::uuid[], ${seen.map(d => d.tier)}::int[], ${seen.map(d => d.level)}::int[],
                  ${seen.map(d => d.at)}::timestamptz[]) AS d (id, tier, level, at), approvals.plans p
      WHERE r.id = d.id AND r.tier = d.tier AND r.level = d.level AND r.state = 'pending' AND p.id = r.plan_id
      RETURNING r.id`)
    const mine = new Set(moved.map(m => m.id))
    for (const escalates of [true, false])
      await leaveTrail(
        deps,
        ctx,
        escalates
          ? { kind: 'escalate', action: 'approval.escalate', message: 'approval.escalated' }
          : { kind: 'overdue', action: 'approval.overdue', message: 'approval.overdue' },
        seen
          .filter(d => mine.has(d.id) && d.escalates === escalates)
          .map(({ id, tier, level }) => ({ id, tier, before: { level }, after: { level: level + 1 } })),
      )
    return moved.length
  })

/** Ends them together; when that fails, one by one, so that one that cannot be ended holds up no other. */
const endAll = async (deps: ApprovalDeps, ctx: Ctx, seen: readonly Due[]): Promise<number> => {
  if (seen.length === 0) return 0
  try {
    return await endTogether(deps, ctx, seen)
  } catch (error) {
    let ended = 0
    for (const one of seen.length > 1 ? seen : []) ended += await endTogether(deps, ctx, [one]).catch(() => 0)
    if (ended === 0) throw error
    return ended
  }
}

const endTogether = (deps: ApprovalDeps, ctx: Ctx, seen: readonly Due[]): Promise<number> =>
  deps.db.transaction(async () => {
    const ids = seen.map(d => d.id)
    await lockAll(deps, ids)
    const rows = await deps.db.query<Due>(due(deps.clock.now(), sql`r.id = ANY(${ids}::uuid[])`))
    const returned = rows.filter(r => r.ends === 'return')
    const rejected = rows.filter(r => r.ends === 'reject')
    const deed = { kind: 'expire', action: 'approval.expire', comment: PASSED } as const
    await finish(deps, ctx, returned, { ...deed, message: 'approval.returned' }, 'returned', PASSED)
    await finish(deps, ctx, rejected, { ...deed, message: 'approval.expired' }, 'rejected', PASSED, 'expired')
    return returned.length + rejected.length
  })
