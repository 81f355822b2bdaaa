import sql, { join, type Sql } from 'sql-template-tag'
import { noMoreThan, reachedInRole, requirePermission, visible } from '../access/index.ts'
import { type Ctx, forbidden, personOf } from '../kernel/index.ts'
import type { ApprovalDeps } from './index.ts'
import type { KeptApprover, Plan } from './model.ts'

/** Where a request of the alias `r` belongs. */
export const PLACE = { area: sql`r.area_id`, program: sql`r.program_id` }

/**
 * Who decides: `ctx` is who acts, and what the audit trail shows; `rights` whose grants count (the delegator's, for a
 * deputy); `persons` who sign, and must neither be a maker nor have signed; `types` to which a delegation is limited.
 */
export type Acting = { ctx: Ctx; rights: Ctx; persons: readonly string[]; types: readonly string[] | null }

/** A point at which requests stand: a tier of a plan, and how many of its deadlines have passed. */
export type Stage = { plan: Plan; tier: number; level: number }

/** Somebody as themselves, with the grants that they have at this very moment, of those that they came with. */
export const actingAsSelf = async ({ people }: ApprovalDeps, ctx: Ctx): Promise<Acting> => {
  const actor = await people.actorAtThisMoment(ctx.actor)
  if (!actor) throw forbidden('The account is not active any more.')
  const now = { ...ctx, actor: noMoreThan(actor, ctx.actor) }
  return { ctx: now, rights: now, persons: [personOf(actor)], types: null }
}

/**
 * Somebody as the deputy of a user: with the delegations that hold now, and as far as the grants of the delegator reach
 * now. Throws `forbidden` (`no-delegation`) without one.
 */
export const actingAsDeputy = async (deps: ApprovalDeps, ctx: Ctx, delegator: string): Promise<Acting> => {
  const self = await actingAsSelf(deps, ctx)
  requirePermission(self.ctx, 'approval:decide')
  const found = await deps.db.query<{
    delegator_id: string
    delegator_person: string
    subject_types: string[] | null
  }>(sql`
    SELECT delegator_id, delegator_person, subject_types FROM approvals.delegations
    WHERE delegator_username = ${delegator} AND deputy_person = ${personOf(self.ctx.actor)} AND revoked_at IS NULL
      AND starts_at <= ${deps.clock.now()} AND ends_at > ${deps.clock.now()}`)
  const [delegation] = found
  const actor = delegation
    ? await deps.people.actorAtThisMoment({
        kind: 'user',
        id: delegation.delegator_id,
        name: delegator,
        grants: [],
      })
    : undefined
  if (!actor) throw forbidden(`You do not act for ${delegator} at the moment.`, 'no-delegation')
  const behalf = { id: actor.id, name: actor.name }
  return {
    ctx: { ...self.ctx, behalf },
    rights: { ...self.ctx, actor },
    persons: [...new Set([delegation!.delegator_person, personOf(actor), ...self.persons])],
    types: found.some(d => d.subject_types === null) ? null : found.flatMap(d => d.subject_types!),
  }
}

/** One of these holds. What can never hold is left out, so that most conditions are short. */
const either = (conditions: readonly Sql[]): Sql => {
  const possible = conditions.filter(c => c.sql !== 'false')
  return possible.length === 0 ? sql`false` : sql`(${join(possible, ' OR ')})`
}

const both = (a: Sql, b: Sql): Sql => (b.sql === 'false' ? b : sql`(${a} AND ${b})`)

/** Over requests `r`: these approvers are, or include, somebody with these rights. Whether they may decide is `reasonNot`. */
const isOneOf = (rights: Ctx, approvers: readonly KeptApprover[]): Sql => {
  const person = personOf(rights.actor)
  return either(
    approvers.map(a => {
      if ('role' in a) return reachedInRole(rights, a.role, PLACE, a.scope === 'anywhere')
      if ('permission' in a) return visible(rights, a.permission, PLACE)
      const decides = visible(rights, 'approval:decide', PLACE)
      if ('supervisor' in a) return both(sql`${person}::uuid = ANY(r.supervisors)`, decides)
      return a.users.some(u => u.personId === person) ? decides : sql`false`
    }),
  )
}

const isApproverAt = (rights: Ctx, { plan, tier, level }: Stage): Sql => {
  const { approvers, need, deadlines = [] } = plan.tiers[tier]!
  const named = isOneOf(rights, approvers)
  const first = need === 'all' ? both(sql`${personOf(rights.actor)}::uuid = ANY(r.roster)`, named) : named
  return either([first, ...deadlines.slice(0, level).map(d => isOneOf(rights, d.escalateTo ?? []))])
}

/** Over requests `r`: somebody with these rights is an approver where the request stands. */
export const isApproverNow = (rights: Ctx, stages: readonly Stage[]): Sql =>
  either(
    stages.map(stage => {
      const { plan, tier, level } = stage
      return both(
        sql`r.plan_id = ${plan.id} AND r.tier = ${tier} AND r.level = ${level}`,
        isApproverAt(rights, stage),
      )
    }),
  )

/** Over notices `n` of requests `r`: they are for the information of somebody with these rights. */
export const isInformed = (rights: Ctx, notices: readonly Pick<Stage, 'plan' | 'tier'>[]): Sql =>
  either(
    notices.map(({ plan, tier }) =>
      both(sql`n.plan_id = ${plan.id} AND n.tier = ${tier}`, isOneOf(rights, plan.tiers[tier]!.approvers)),
    ),
  )

/** For WHERE, over requests `r`: a freeze holds at this time. */
export const isFrozen = (at: Date): Sql => sql`EXISTS (
  SELECT FROM approvals.freezes f
  WHERE f.starts_at <= ${at} AND f.ends_at > ${at}
    AND (f.subject_types IS NULL OR r.subject_type = ANY(f.subject_types))
    AND (f.program_ids IS NULL OR r.program_id = ANY(f.program_ids)))`

/** Over requests `r`: why they cannot be decided by these persons, as a `Reason`; null where they can. One place says so. */
export const reasonNot = ({ rights, persons, types }: Acting, stages: readonly Stage[], at: Date): Sql => {
  const deputies = persons.filter(p => p !== personOf(rights.actor))
  return sql`CASE
    WHEN r.state <> 'pending' THEN 'not-pending'
    WHEN r.makers && ${[...persons]}::uuid[] THEN 'maker-is-checker'
    WHEN EXISTS (SELECT FROM approvals.signatures s
                 WHERE s.request_id = r.id AND s.person_id = ANY(${[...persons]}::uuid[])) THEN 'one-person-once'
    WHEN NOT (r.subject_type = ANY(${types && [...types]}::text[])) THEN 'not-an-approver'
    WHEN ${isFrozen(at)} THEN 'frozen'
    WHEN r.roster && ${deputies}::uuid[] THEN 'own-seat'
    WHEN (${isApproverNow(rights, stages)}) IS NOT TRUE THEN 'not-an-approver'
  END`
}

/** Over requests `r`: who may know of them. Those who may read approvals there, and those who are to decide. */
export const isSeen = ({ ctx, rights }: Acting, stages: readonly Stage[]): Sql =>
  sql`(${visible(ctx, 'approval:read', PLACE)} OR ${isApproverNow(rights, stages)})`
