import sql, { join, type Sql } from 'sql-template-tag'
import { type Identities, noMoreThan, reachedInRole, requirePermission, visible } from '../access/index.ts'
import { type Ctx, forbidden } from '../kernel/index.ts'
import type { ApprovalDeps } from './index.ts'
import type { KeptApprover, Plan } from './model.ts'

/** Where a request of the alias `r` belongs. */
export const PLACE = { area: sql`r.area_id`, program: sql`r.program_id` }

/** Whose grants count (the delegator's, for a deputy), and by which of their identities they may have been named. */
export type Rights = { rights: Ctx; seat: readonly string[] }

/**
 * Who decides: `ctx` is who acts, and what the audit trail shows. Whoever acts and whose rights count have both a hand in
 * it: `kept` is what signs, and nothing of `all` may have made it or have signed. `types`: to which a delegation is limited.
 */
export type Acting = Rights & Pick<Identities, 'kept' | 'all'> & { ctx: Ctx; types: readonly string[] | null }

/** A point at which requests stand: a tier of a plan, and how many of its deadlines have passed. */
export type Stage = { plan: Plan; tier: number; level: number }

/** Somebody as themselves, with the grants that they have at this very moment, of those that they came with. */
export const actingAsSelf = async ({ people }: ApprovalDeps, ctx: Ctx): Promise<Acting> => {
  const actor = await people.actorAtThisMoment(ctx.actor)
  if (!actor) throw forbidden('The account is not active any more.')
  const now = { ...ctx, actor: noMoreThan(actor, ctx.actor) }
  const identities = (await people.identitiesOf([actor.id])).get(actor.id)!
  return { ctx: now, rights: now, seat: seatOf(actor.id, identities), ...identities, types: null }
}

/** An API client of one person is that person where they are named; one of several is nobody but itself. */
const seatOf = (accountId: string, { persons, kept }: Identities): readonly string[] =>
  persons.length === 1 ? kept : [accountId]

/**
 * Somebody as the deputy of a user: with the delegations that hold now, and as far as the grants of the delegator reach
 * now. Throws `forbidden` (`no-delegation`) without one.
 */
export const actingAsDeputy = async (deps: ApprovalDeps, ctx: Ctx, delegator: string): Promise<Acting> => {
  const self = await actingAsSelf(deps, ctx)
  requirePermission(self.ctx, 'approval:decide')
  const found = await deps.db.query<{ delegator_id: string; subject_types: string[] | null }>(sql`
    SELECT delegator_id, subject_types FROM approvals.delegations
    WHERE delegator_username = ${delegator} AND deputy_id = ANY(${[...self.seat]}::uuid[]) AND revoked_at IS NULL
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
  const { kept, all } = (await deps.people.identitiesOf([actor.id])).get(actor.id)!
  return {
    ctx: { ...self.ctx, behalf },
    rights: { ...self.ctx, actor },
    seat: kept,
    kept: [...new Set([...kept, ...self.kept])],
    all: [...new Set([...all, ...self.all])],
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
const isOneOf = ({ rights, seat }: Rights, approvers: readonly KeptApprover[]): Sql =>
  either(
    approvers.map(a => {
      if ('role' in a) return reachedInRole(rights, a.role, PLACE, a.scope === 'anywhere')
      if ('permission' in a) return visible(rights, a.permission, PLACE)
      const decides = visible(rights, 'approval:decide', PLACE)
      if ('supervisor' in a) return both(sql`r.supervisors && ${[...seat]}::uuid[]`, decides)
      return a.users.some(u => seat.includes(u.userId)) ? decides : sql`false`
    }),
  )

const isApproverAt = (who: Rights, { plan, tier, level }: Stage): Sql => {
  const { approvers, need, deadlines = [] } = plan.tiers[tier]!
  const named = isOneOf(who, approvers)
  const first = need === 'all' ? both(sql`r.roster && ${[...who.seat]}::uuid[]`, named) : named
  return either([first, ...deadlines.slice(0, level).map(d => isOneOf(who, d.escalateTo ?? []))])
}

/** Over requests `r`: somebody with these rights is an approver where the request stands. */
export const isApproverNow = (who: Rights, stages: readonly Stage[]): Sql =>
  either(
    stages.map(stage => {
      const { plan, tier, level } = stage
      return both(
        sql`r.plan_id = ${plan.id} AND r.tier = ${tier} AND r.level = ${level}`,
        isApproverAt(who, stage),
      )
    }),
  )

/** Over notices `n` of requests `r`: they are for the information of somebody with these rights. */
export const isInformed = (who: Rights, notices: readonly Pick<Stage, 'plan' | 'tier'>[]): Sql =>
  either(
    notices.map(({ plan, tier }) =>
      both(sql`n.plan_id = ${plan.id} AND n.tier = ${tier}`, isOneOf(who, plan.tiers[tier]!.approvers)),
    ),
  )

/** For WHERE, over requests `r`: a freeze holds at this time. */
export const isFrozen = (at: Date): Sql => sql`EXISTS (
  SELECT FROM approvals.freezes f
  WHERE f.starts_at <= ${at} AND f.ends_at > ${at}
    AND (f.subject_types IS NULL OR r.subject_type = ANY(f.subject_types))
    AND (f.program_ids IS NULL OR r.program_id = ANY(f.program_ids)))`

/** Over requests `r`: whoever acts has signed them. */
export const isSigned = ({ all }: Acting): Sql => sql`EXISTS (
  SELECT FROM approvals.signatures s WHERE s.request_id = r.id AND s.identity = ANY(${[...all]}::uuid[]))`

/** Over requests `r`: why they cannot be decided by whoever acts, as a `Reason`; null where they can. One place says so. */
export const reasonNot = (acting: Acting, stages: readonly Stage[], at: Date): Sql => {
  const { seat, types } = acting
  const deputy = acting.all.filter(id => !seat.includes(id))
  return sql`CASE
    WHEN r.state <> 'pending' THEN 'not-pending'
    WHEN r.makers && ${[...acting.all]}::uuid[] THEN 'maker-is-checker'
    WHEN ${isSigned(acting)} THEN 'one-person-once'
    WHEN NOT (r.subject_type = ANY(${types && [...types]}::text[])) THEN 'not-an-approver'
    WHEN ${isFrozen(at)} THEN 'frozen'
    WHEN r.roster && ${deputy}::uuid[] THEN 'own-seat'
    WHEN (${isApproverNow(acting, stages)}) IS NOT TRUE THEN 'not-an-approver'
  END`
}

/** Over requests `r`: who may know of them. Those who may read approvals there, and those who are to decide. */
export const isSeen = (acting: Acting, stages: readonly Stage[]): Sql =>
  sql`(${visible(acting.ctx, 'approval:read', PLACE)} OR ${isApproverNow(acting, stages)})`
