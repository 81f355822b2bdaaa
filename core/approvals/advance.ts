import sql, { join, type Sql } from 'sql-template-tag'
import { holders } from '../access/index.ts'
import type { Ctx } from '../kernel/index.ts'
import type { ApprovalDeps } from './index.ts'
import type { KeptApprover, Plan } from './model.ts'
import { PLACE } from './standing.ts'

/**
 * Goes on with requests of one plan from a tier: tells those who are informed, and opens the next tier that decides.
 * Gives whether there is one: when not, they are approved.
 */
export const openTiers = async (
  deps: ApprovalDeps,
  plan: Plan,
  ids: readonly string[],
  from: number,
): Promise<boolean> => {
  const { db, clock } = deps
  const next = plan.tiers.findIndex((tier, i) => i >= from && tier.kind === 'decide')
  const passed = next === -1 ? plan.tiers.length : next
  for (let tier = from; tier < passed; tier++)
    await db.run(sql`
      INSERT INTO approvals.notices (id, request_id, plan_id, tier, at)
      SELECT kernel.uuid7(), id, ${plan.id}, ${tier}, ${clock.now()} FROM unnest(${[...ids]}::uuid[]) AS id
      ON CONFLICT ON CONSTRAINT notices_once DO NOTHING`)
  if (next === -1) return false
  const { approvers, need = 1, deadlines = [] } = plan.tiers[next]!
  const first = deadlines[0]
  const due = first ? new Date(clock.now().getTime() + first.hours * 3_600_000) : null
  await db.run(sql`
    WITH opened AS (
      SELECT r.id, ${need === 'all' ? rosterOf(approvers) : sql`NULL::uuid[]`} AS roster
      FROM approvals.requests r WHERE r.id = ANY(${[...ids]}::uuid[])
    )
    UPDATE approvals.requests r SET tier = ${next}, level = 0, given = 0, opened_at = ${clock.now()}, due_at = ${due},
      roster = opened.roster, required = ${need === 'all' ? sql`greatest(1, cardinality(opened.roster))` : sql`${need}::int`}
    FROM opened WHERE r.id = opened.id`)
  return true
}

/** Over requests `r`: a user of each person who can decide, were it now. The list of a tier in which all have to. */
const rosterOf = (approvers: readonly KeptApprover[]): Sql => sql`ARRAY(
  SELECT DISTINCT ON (p.person_id) p.user_id FROM (${personsAmong(approvers)}) p
  WHERE ${hadNoHand(sql`p.identities`)} ORDER BY p.person_id, p.user_id)`

/** Over requests `r`: somebody with these identities neither made it nor has signed it. */
export const hadNoHand = (identities: Sql): Sql => sql`
  NOT r.makers && ${identities}
  AND NOT EXISTS (SELECT FROM approvals.signatures s WHERE s.request_id = r.id AND s.identity = ANY(${identities}))`

/** Over requests `r`: the active users who are meant by these approvers, in the columns of `holders`. */
export const personsAmong = (approvers: readonly KeptApprover[]): Sql =>
  join(
    approvers.map(a => {
      if ('role' in a) return people(holders({ role: a.role, anywhere: a.scope === 'anywhere' }, PLACE))
      if ('permission' in a) return people(holders(a, PLACE))
      const deciders = holders({ permission: 'approval:decide' }, PLACE)
      return 'supervisor' in a
        ? people(deciders, sql`WHERE h.identities && r.supervisors`)
        : people(deciders, sql`WHERE h.identities && ${a.users.map(u => u.userId)}::uuid[]`)
    }),
    ' UNION ',
  )

const people = (from: Sql, where: Sql = sql``) => sql`SELECT h.* FROM (${from}) h ${where}`

export type Ending = 'approved' | 'rejected' | 'returned'

/** Tells the modules what became of their things. */
export const tellSubjects = async (
  deps: ApprovalDeps,
  ctx: Ctx,
  rows: readonly { subject_type: string; subject_id: string }[],
  ending: Ending,
  comment: string,
): Promise<void> => {
  for (const type of new Set(rows.map(r => r.subject_type))) {
    const ids = rows.filter(r => r.subject_type === type).map(r => r.subject_id)
    await deps.subject(type)[ending](ctx, ids, comment)
  }
}
