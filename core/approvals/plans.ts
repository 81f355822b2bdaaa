import sql, { type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { digestOf } from '../kernel/index.ts'
import type { ApprovalDeps } from './index.ts'
import type { ApprovalSubject, Plan } from './model.ts'
import type { Stage } from './standing.ts'

type NewPlan = Omit<Plan, 'id'>

/** Plans that were read: they never change. */
const known = new WeakMap<Db, Map<string, Plan>>()

/** The plan for a subject that no policy covers: one person with the subject's permission. */
export const defaultPlan = ({ permission }: ApprovalSubject): NewPlan => ({
  policy: null,
  policyVersion: null,
  name: 'One other person',
  tiers: [{ kind: 'decide', approvers: [{ permission }], need: 1 }],
})

/** Keeps a plan, unless the same is there already; gives it with its id. */
export const keepPlan = async ({ db, ids }: ApprovalDeps, plan: NewPlan): Promise<Plan> => {
  const { policy, policyVersion, name, tiers } = plan
  const row = await db.one<{ id: string }>(sql`
    WITH made AS (
      INSERT INTO approvals.plans (id, digest, policy, policy_version, name, tiers)
      VALUES (${ids.uuid()}, ${digestOf(plan)}, ${policy}, ${policyVersion}, ${name}, ${JSON.stringify(tiers)})
      ON CONFLICT ON CONSTRAINT plans_once DO NOTHING RETURNING id
    )
    SELECT id FROM made UNION ALL SELECT id FROM approvals.plans WHERE digest = ${digestOf(plan)}`)
  // Nothing comes back when somebody else keeps the same one at this moment: by now it is there.
  const id =
    row?.id ??
    (await db.one<{ id: string }>(sql`SELECT id FROM approvals.plans WHERE digest = ${digestOf(plan)}`))!.id
  return { id, ...plan }
}

/** Plans by id. */
export const plansOf = async (db: Db, ids: readonly string[]): Promise<Map<string, Plan>> => {
  const memory = known.get(db) ?? new Map<string, Plan>()
  known.set(db, memory)
  if (memory.size > 1_000) memory.clear()
  const missing = ids.filter(id => !memory.has(id))
  if (missing.length > 0) {
    const rows = await db.query<Plan>(sql`
      SELECT id, policy, policy_version AS "policyVersion", name, tiers FROM approvals.plans
      WHERE id = ANY(${missing}::uuid[])`)
    for (const plan of rows) memory.set(plan.id, plan)
  }
  return new Map(ids.map(id => [id, memory.get(id)!]))
}

type At = { plan_id: string; tier: number; level: number }

/** The points at which some pending requests stand: a condition over `r` that few meet. */
export const stagesOf = async (db: Db, which: Sql): Promise<Stage[]> =>
  withPlans(
    db,
    await db.query<At>(sql`
      SELECT DISTINCT r.plan_id, r.tier, r.level FROM approvals.requests r WHERE r.state = 'pending' AND ${which}`),
  )

/** The points at which all pending requests stand: one step in the index for each, however many stand there. */
export const allStages = async (db: Db): Promise<Stage[]> =>
  withPlans(
    db,
    await db.query<At>(sql`
      WITH RECURSIVE stages AS (
        (SELECT plan_id, tier, level FROM approvals.requests WHERE state = 'pending'
         ORDER BY plan_id, tier, level LIMIT 1)
        UNION ALL
        SELECT n.plan_id, n.tier, n.level FROM stages s CROSS JOIN LATERAL (
          SELECT r.plan_id, r.tier, r.level FROM approvals.requests r
          WHERE r.state = 'pending' AND (r.plan_id, r.tier, r.level) > (s.plan_id, s.tier, s.level)
          ORDER BY r.plan_id, r.tier, r.level LIMIT 1
        ) n
      )
      SELECT * FROM stages`),
  )

const withPlans = async (db: Db, rows: readonly At[]): Promise<Stage[]> => {
  const plans = await plansOf(db, [...new Set(rows.map(r => r.plan_id))])
  return rows.map(({ plan_id, tier, level }) => ({ plan: plans.get(plan_id)!, tier, level }))
}
