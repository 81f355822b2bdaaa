import sql from 'sql-template-tag'
import { violated } from '../db/index.ts'
import { type Ctx, conflict, dayOf, formatReference, ruleViolated } from '../kernel/index.ts'
import type { FactValues } from '../targeting/index.ts'
import { openTiers } from './advance.ts'
import { conditionOf, holds } from './conditions.ts'
import { requireOpen } from './freezes.ts'
import type { ApprovalDeps } from './index.ts'
import type { ApprovalSubject, KeptTier, Plan, RequestState, Submission } from './model.ts'
import { defaultPlan, keepPlan } from './plans.ts'
import { leaveTrail } from './trail.ts'
import { commentFrom } from './withdraw.ts'

/**
 * Submits things of one kind, in the unit of work of the module that has just locked and checked them. Gives the
 * reference of each request; things that need no approval are not in the answer. `comment` is for
 * those who approve, with whatever is submitted. Throws `rule_violated` (`frozen`) and
 * `conflict` (`approval-pending`) for what is submitted already.
 */
export const submitter =
  (deps: ApprovalDeps) =>
  (
    ctx: Ctx,
    type: string,
    submissions: readonly Submission[],
    comment?: string,
  ): Promise<Map<string, string>> =>
    deps.db
      .transaction(async () => {
        const subject = deps.subject(type)
        const said = comment === undefined ? undefined : commentFrom(comment)
        await requireOpen(
          deps,
          type,
          submissions.map(s => s.programId),
        )
        const planned = await planAll(deps, subject, submissions)
        const hands = (s: Submission) => [ctx.actor.id, ...s.makers]
        const identities = await deps.people.identitiesOf([...new Set(submissions.flatMap(hands))])
        const supervisor = await deps.people.supervisorOf(ctx.actor.id)
        const rows = planned.map(({ submission: s, plan }) => ({
          subject_id: s.id,
          subject_name: s.name,
          program_id: s.programId,
          area_id: s.areaId,
          title: s.title,
          facts: JSON.parse(plainJson(s.facts)) as unknown,
          amount: s.amount?.minor.toString() ?? null,
          currency: s.amount?.currency ?? null,
          items: s.items?.toString() ?? null,
          digest: s.digest.toString('hex'),
          makers: [...new Set(hands(s).flatMap(id => identities.get(id)!.kept))],
          plan_id: plan.id,
        }))
        const made = await insertRequests(deps, ctx, type, rows, supervisor ? [supervisor.id] : [])
        await leaveTrail(
          deps,
          ctx,
          { kind: 'submit', action: 'approval.submit', message: 'approval.submitted', comment: said },
          made.map(({ id, plan_id }) => {
            const tier = planned
              .find(p => p.plan.id === plan_id)!
              .plan.tiers.findIndex(t => t.kind === 'decide')
            return { id, before: {}, after: { state: 'pending', tier: tier + 1, given: 0, level: 0 } }
          }),
        )
        for (const plan of new Set(planned.map(p => p.plan)))
          await openTiers(
            deps,
            plan,
            made.filter(m => m.plan_id === plan.id).map(m => m.id),
            0,
          )
        return new Map(made.map(m => [m.subject_id, formatReference('approval', m.ref)]))
      })
      .catch(error => {
        if (violated(error) !== 'requests_one_open') throw error
        throw conflict('It is submitted already.', 'approval-pending')
      })

type Made = { id: string; ref: string; subject_id: string; plan_id: string }

const insertRequests = (
  { db, clock }: ApprovalDeps,
  { actor }: Ctx,
  type: string,
  rows: readonly Record<string, unknown>[],
  supervisors: readonly string[],
): Promise<Made[]> =>
  db.query<Made>(sql`
    INSERT INTO approvals.requests (id, ref, subject_type, subject_id, subject_name, program_id, area_id, title, facts, amount, currency,
      items, digest, makers, supervisors, requested_by, requested_by_name, requested_at, previous_id, plan_id, opened_at)
    SELECT kernel.uuid7(), kernel.random_ref(), ${type}, s.subject_id, s.subject_name, s.program_id, s.area_id, s.title, s.facts, s.amount,
      s.currency, s.items, decode(s.digest, 'hex'), s.makers, ${[...supervisors]}::uuid[], ${actor.id}, ${actor.name},
      ${clock.now()},
      (SELECT p.id FROM approvals.requests p WHERE p.subject_id = s.subject_id AND p.subject_type = ${type}
       ORDER BY p.id DESC LIMIT 1),
      s.plan_id, ${clock.now()}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s (subject_id uuid, subject_name text, program_id uuid, area_id uuid,
      title text, facts jsonb, amount bigint, currency char(3), items bigint, digest text, makers uuid[], plan_id uuid)
    RETURNING id, ref, subject_id, plan_id`)

/** JSON of facts, with whole numbers of any size as text. */
const plainJson = (facts: FactValues) =>
  JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))

type Policy = { code: string; version: number; name: string; condition: string; tiers: KeptTier[] }

/** The plan of each: by the first active policy whose condition holds, or the subject's own. Without one, it is left out. */
const planAll = async (
  deps: ApprovalDeps,
  subject: ApprovalSubject,
  submissions: readonly Submission[],
): Promise<{ submission: Submission; plan: Plan }[]> => {
  const choose = await policyChooser(deps, subject)
  const plans = new Map<Policy | undefined, Plan>()
  const planned: { submission: Submission; plan: Plan }[] = []
  for (const submission of submissions) {
    const policy = choose(submission.facts)
    if (!policy && !subject.required) continue
    if (!plans.has(policy))
      plans.set(policy, await keepPlan(deps, policy ? planUnder(policy) : defaultPlan(subject)))
    planned.push({ submission, plan: plans.get(policy)! })
  }
  return planned
}

const planUnder = ({ code, version, name, tiers }: Policy): Omit<Plan, 'id'> => ({
  policy: code,
  policyVersion: version,
  name,
  tiers,
})

const policyChooser = async ({ db, clock }: ApprovalDeps, { type, facts }: ApprovalSubject) => {
  const policies = await db.query<Policy>(sql`
    SELECT code, version, name, condition, tiers FROM approvals.policies
    WHERE subject_type = ${type} AND state = 'active' ORDER BY rank, code`)
  const checked = policies.map(policy => ({ policy, condition: conditionOf(policy.condition, facts) }))
  const today = dayOf(clock.now())
  return (values: FactValues) => checked.find(({ condition }) => holds(condition, values, today))?.policy
}

type Thing = { id: string; facts: FactValues; digest: Buffer }

/** How a thing stands with its approval: `none` has no request for what it is now. */
export type Clearance = { state: RequestState | 'none'; reference: string | null }

/**
 * For things that need approval only where a policy says so: how this one stands as it is now; null where nobody has to
 * approve it.
 */
export const clearanceOf =
  (deps: ApprovalDeps) =>
  async (type: string, thing: Thing): Promise<Clearance | null> => {
    const subject = deps.subject(type)
    const choose = await policyChooser(deps, subject)
    if (!subject.required && !choose(thing.facts)) return null
    const last = await deps.db.one<{ ref: string; state: RequestState; digest: Buffer }>(sql`
      SELECT ref, state, digest FROM approvals.requests WHERE subject_id = ${thing.id} AND subject_type = ${type}
      ORDER BY id DESC LIMIT 1`)
    return last?.digest.equals(thing.digest)
      ? { state: last.state, reference: formatReference('approval', last.ref) }
      : { state: 'none', reference: null }
  }

/** Throws `rule_violated` (`approval-required`) until a request for exactly what it is now is approved. */
export const clearance = (deps: ApprovalDeps) => {
  const standing = clearanceOf(deps)
  return async (type: string, thing: Thing): Promise<void> => {
    const cleared = await standing(type, thing)
    if (cleared === null || cleared.state === 'approved') return
    throw ruleViolated(
      'approval-required',
      cleared.state === 'pending'
        ? 'It waits for approval.'
        : 'It needs to be approved as it is now. Submit it.',
    )
  }
}
