import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import {
  type Ctx,
  changesOf,
  conflict,
  DomainError,
  digestOf,
  forbidden,
  invalidField,
  notFound,
  refFromPath,
  ruleViolated,
} from '../kernel/index.ts'
import { openTiers, tellSubjects } from './advance.ts'
import { requireOpen } from './freezes.ts'
import type { ApprovalDeps } from './index.ts'
import { type Plan, REASONS, type Reason, type RequestRow, type Verdict } from './model.ts'
import { plansOf, stagesOf } from './plans.ts'
import { type Acting, actingAsDeputy, actingAsSelf, isSeen, reasonNot } from './standing.ts'
import { type Change, type Deed, leaveTrail } from './trail.ts'

/** What somebody decides. `onBehalfOf`: the username of whom they stand in for. Why is required unless they agree. */
export type Decision = { verdict: Verdict; comment?: string | undefined; onBehalfOf?: string | undefined }

/** How many requests were decided, and how many of them are through with it. */
export type Outcome = { decided: number; finished: number }

/** A row with why it cannot be decided, if it cannot, and whether the actor may know of it. */
type Standing = RequestRow & { reason: Reason | null; seen: boolean }

/**
 * **The one way to decide**, on one request or on ten thousand: all of them or none. Subjects are locked first, then
 * requests, so that whoever edits a subject, decides or withdraws waits for the other. Throws what `reasonNot` says of the
 * first that cannot be decided, and `conflict` (`digest-differs`) when a subject is not what was submitted: then those are
 * returned, and nothing else happens.
 */
export const decider = (deps: ApprovalDeps) => {
  const { db } = deps

  const decideAll = async (
    ctx: Ctx,
    ids: readonly string[],
    decision: Decision,
    more: { isKnown?: boolean; etag?: string } = {},
  ): Promise<Outcome> => {
    const comment = commentFor(decision)
    return db.transaction(async () => {
      await lockAll(deps, ids)
      const acting = await actingFor(deps, ctx, decision.onBehalfOf)
      if (!more.isKnown) requirePermission(acting.ctx, 'approval:decide')
      const rows = await standingOf(deps, acting, ids)
      if (rows.length < ids.length || !(more.isKnown || rows.every(r => r.seen))) throw notFound('approval')
      if (more.etag !== undefined && more.etag !== etagOf(rows)) throw setChanged()
      for (const row of rows) if (row.reason) await refuse(deps, row, row.reason)
      if (decision.verdict === 'approve') await requireUnchanged(deps, acting.ctx, rows)
      await sign(deps, acting, ids)
      if (decision.verdict === 'approve')
        return { decided: rows.length, finished: await agree(deps, acting.ctx, rows, comment) }
      await end(deps, acting.ctx, rows, decision.verdict, comment!)
      return { decided: rows.length, finished: rows.length }
    })
  }

  return {
    decideAll,

    /** Decides on the request with a reference. */
    decide: async (ctx: Ctx, reference: string, decision: Decision): Promise<Outcome> => {
      const row = await db.one<{ id: string }>(
        sql`SELECT id FROM approvals.requests WHERE ref = ${refFromPath('approval', reference)}`,
      )
      if (!row) throw notFound('approval')
      return decideAll(ctx, [row.id], decision)
    },

    /** Decides on what a module has found within the actor's reach: its open request. */
    decideOn: async (ctx: Ctx, type: string, subjectId: string, decision: Decision): Promise<Outcome> => {
      const row = await db.one<{ id: string }>(sql`
        SELECT id FROM approvals.requests
        WHERE subject_type = ${type} AND subject_id = ${subjectId} AND state = 'pending'`)
      if (!row) throw conflict(REASONS['not-pending'], 'approval-state')
      return decideAll(ctx, [row.id], decision, { isKnown: true })
    },
  }
}

/** What identifies a set of requests as they are now: it changes with any of them, and with which they are. */
export const etagOf = (rows: readonly Pick<RequestRow, 'ref' | 'version'>[]): string =>
  digestOf(rows.map(r => `${r.ref} ${r.version}`).sort()).toString('hex')

const setChanged = () =>
  new DomainError('precondition_failed', 'What can be decided is not what was shown. Look at it again.')

const CHANGED = 'It was changed after it was submitted: it has to be submitted again.'

/**
 * What is approved is what was submitted. When anything else stands there now, those requests are returned, which stays,
 * and nothing is approved: `conflict` (`digest-differs`).
 */
export const requireUnchanged = async (
  deps: ApprovalDeps,
  ctx: Ctx,
  rows: readonly RequestRow[],
): Promise<void> => {
  const changed = await whatDiffers(deps, rows)
  if (changed.length === 0) return
  await end(deps, ctx, changed, 'return', CHANGED, 'changed')
  const some = changed.slice(0, 5).map(r => r.subject_name)
  const more = changed.length > 5 ? ` and ${changed.length - 5} more` : ''
  throw new DomainError(
    'conflict',
    `Changed since it was submitted, and given back: ${some.join(', ')}${more}. Nothing was approved.`,
    { rule: 'digest-differs', keeps: true },
  )
}

const commentFor = ({ verdict, comment }: Decision): string | undefined => {
  const said = comment?.trim() || undefined
  if ((verdict !== 'approve' && !said) || (said?.length ?? 0) > 1000)
    throw invalidField('/comment', 'comment', 'Say why, in at most 1000 characters.')
  return said
}

/** Locks the subjects of requests, then the requests, each in order. */
export const lockAll = async ({ db, subject }: ApprovalDeps, ids: readonly string[]): Promise<void> => {
  const found = await db.query<{ subject_type: string; subjects: string[] }>(sql`
    SELECT subject_type, array_agg(subject_id ORDER BY subject_id) AS subjects FROM approvals.requests
    WHERE id = ANY(${[...ids]}::uuid[]) GROUP BY subject_type ORDER BY subject_type`)
  for (const { subject_type, subjects } of found) await subject(subject_type).lock(subjects)
  await db.query(
    sql`SELECT FROM approvals.requests WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`,
  )
}

/** As whom somebody acts: as themselves, or as a user's deputy. */
export const actingFor = (deps: ApprovalDeps, ctx: Ctx, onBehalfOf: string | undefined): Promise<Acting> =>
  onBehalfOf === undefined ? actingAsSelf(deps, ctx) : actingAsDeputy(deps, ctx, onBehalfOf)

/** Requests as they are for somebody. To be asked once they are locked, so that it still holds when it is acted upon. */
const standingOf = async (
  { db, clock }: ApprovalDeps,
  acting: Acting,
  ids: readonly string[],
): Promise<Standing[]> => {
  const stages = await stagesOf(db, sql`r.id = ANY(${[...ids]}::uuid[])`)
  return db.query<Standing>(sql`
    SELECT r.*, ${reasonNot(acting, stages, clock.now())} AS reason, ${isSeen(acting, stages)} IS TRUE AS seen
    FROM approvals.requests r WHERE r.id = ANY(${[...ids]}::uuid[]) ORDER BY r.id`)
}

/** Refuses with the words and the kind of error that belong to a reason. */
export const refuse = async (
  deps: ApprovalDeps,
  row: Pick<RequestRow, 'subject_type' | 'program_id'>,
  reason: Reason,
): Promise<never> => {
  if (reason === 'not-pending') throw conflict(REASONS[reason], 'approval-state')
  if (reason === 'not-an-approver') throw forbidden(REASONS[reason], reason)
  if (reason === 'frozen') await requireOpen(deps, row.subject_type, [row.program_id])
  throw ruleViolated(reason, REASONS[reason])
}

/** The requests whose subjects are not what was submitted. */
export const whatDiffers = async <R extends Pick<RequestRow, 'subject_type' | 'subject_id' | 'digest'>>(
  { subject }: ApprovalDeps,
  rows: readonly R[],
): Promise<R[]> => {
  const different: R[] = []
  for (const type of new Set(rows.map(r => r.subject_type))) {
    const ofType = rows.filter(r => r.subject_type === type)
    const digests = await subject(type).digests(ofType.map(r => r.subject_id))
    different.push(...ofType.filter(r => !digests.get(r.subject_id)?.equals(r.digest)))
  }
  return different
}

/** Whoever has a hand in it signs each request; the database refuses a second time. */
const sign = async ({ db }: ApprovalDeps, { kept }: Acting, ids: readonly string[]): Promise<void> => {
  await db.run(sql`
    INSERT INTO approvals.signatures (request_id, identity)
    SELECT id, identity FROM unnest(${[...ids]}::uuid[]) AS id, unnest(${[...kept]}::uuid[]) AS identity`)
}

/** One more agrees with each. Those with enough go on to the next tier, or are approved. Gives how many are approved. */
const agree = async (
  deps: ApprovalDeps,
  ctx: Ctx,
  rows: readonly RequestRow[],
  comment: string | undefined,
): Promise<number> => {
  const { db } = deps
  const plans = await plansOf(db, [...new Set(rows.map(r => r.plan_id))])
  await db.run(sql`
    UPDATE approvals.requests SET given = given + 1, version = version + 1
    WHERE id = ANY(${rows.map(r => r.id)}::uuid[])`)
  const signed: Change[] = []
  const final: RequestRow[] = []
  for (const together of atOneTier(rows)) {
    const plan = plans.get(together[0]!.plan_id)!
    const complete = together.filter(r => r.given + 1 >= r.required)
    const isOpen =
      complete.length > 0 &&
      (await openTiers(
        deps,
        plan,
        complete.map(r => r.id),
        together[0]!.tier + 1,
      ))
    if (!isOpen) final.push(...complete)
    const waiting = isOpen ? together : together.filter(r => !complete.includes(r))
    signed.push(...waiting.map(r => signedChange(plan, r)))
  }
  const deed = { kind: 'approve', action: 'approval.approve', comment } as const
  await leaveTrail(deps, ctx, { ...deed, message: 'approval.signed' }, signed)
  await finish(deps, ctx, final, { ...deed, message: 'approval.approved' }, 'approved', comment ?? '')
  return final.length
}

const atOneTier = (rows: readonly RequestRow[]): RequestRow[][] => [
  ...Map.groupBy(rows, r => `${r.plan_id} ${r.tier}`).values(),
]

const signedChange = ({ tiers }: Plan, { id, tier, given, level, required }: RequestRow): Change => {
  const next = given + 1 < required ? tier : tiers.findIndex((t, i) => i > tier && t.kind === 'decide')
  const after = next === tier ? { given: given + 1, level } : { given: 0, level: 0 }
  return { id, tier, ...changesOf({ tier: tier + 1, given, level }, { tier: next + 1, ...after }) }
}

/** Ends requests that are not agreed to. */
export const end = (
  deps: ApprovalDeps,
  ctx: Ctx,
  rows: readonly RequestRow[],
  how: 'reject' | 'return',
  comment: string,
  kind: 'reject' | 'return' | 'changed' = how,
): Promise<void> => {
  const ending = how === 'reject' ? 'rejected' : 'returned'
  const deed = { kind, action: `approval.${how}`, message: `approval.${ending}`, comment }
  return finish(deps, ctx, rows, deed, ending, comment)
}

/** The last step of requests that are locked: their state, what their modules do about it, and the trail of it. */
export const finish = async (
  deps: ApprovalDeps,
  ctx: Ctx,
  rows: readonly RequestRow[],
  deed: Deed,
  ending: 'approved' | 'rejected' | 'returned',
  comment: string,
  state: 'approved' | 'rejected' | 'returned' | 'expired' = ending,
): Promise<void> => {
  if (rows.length === 0) return
  await deps.db.run(sql`
    UPDATE approvals.requests SET state = ${state}, decided_at = ${deps.clock.now()}, due_at = NULL, version = version + 1
    WHERE id = ANY(${rows.map(r => r.id)}::uuid[])`)
  await leaveTrail(
    deps,
    ctx,
    deed,
    rows.map(({ id, tier, given }) => ({
      id,
      tier,
      ...changesOf(
        { state: 'pending', given },
        { state, given: deed.kind === 'approve' ? given + 1 : given },
      ),
    })),
  )
  await tellSubjects(deps, ctx, rows, ending, comment)
}
