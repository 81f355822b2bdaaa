import sql from 'sql-template-tag'
import { conflict, type Issue, ruleViolated } from '../kernel/index.ts'
import type { ApprovalDeps } from './index.ts'
import type { Approver, Tier } from './model.ts'

/** What it takes to decide on anything, whoever is named an approver. */
const DECIDE = 'approval:decide'

type Ranked = { code: string; subjectType: string; rank: number; tiers: readonly Tier[] }
type Placed = { approver: Approver; pointer: string; decides: boolean }

/** All who are named in tiers, with where. */
const placed = (tiers: readonly Tier[]): Placed[] =>
  tiers.flatMap(({ kind, approvers, deadlines = [] }, t) => {
    const at = (list: readonly Approver[], path: string) =>
      list.map((approver, i) => ({
        approver,
        pointer: `/tiers/${t}/${path}/${i}`,
        decides: kind === 'decide',
      }))
    return [
      ...at(approvers, 'approvers'),
      ...deadlines.flatMap((d, n) => at(d.escalateTo ?? [], `deadlines/${n}/escalateTo`)),
    ]
  })

/** What of a policy will not work as it is, though it may one day: people and roles that cannot decide, a rank that is taken. */
export const warningsOf = async (deps: ApprovalDeps, policy: Ranked): Promise<Issue[]> => {
  const all = placed(policy.tiers)
  const roles = all.flatMap(({ approver: a, decides }) => (decides && 'role' in a ? [a.role] : []))
  const without = new Set(await deps.people.rolesWithout(DECIDE, [...new Set(roles)]))
  const able = await namedWhoDecide(
    deps,
    all.map(p => p.approver),
  )
  const issues = all.flatMap(({ approver: a, pointer, decides }): Issue[] => {
    if ('users' in a)
      return a.users.flatMap((username, i) =>
        able.has(username) ? [] : [cannotDecide(`${pointer}/users/${i}`, `${username} does`)],
      )
    return decides && 'role' in a && without.has(a.role)
      ? [cannotDecide(`${pointer}/role`, `Those who have only the role ${a.role} do`)]
      : []
  })
  const other = await withSameRank(deps, policy)
  return other === undefined
    ? issues
    : [...issues, { pointer: '/rank', code: 'rank-taken', detail: rankTaken(other) }]
}

/** Somebody who is named, and cannot decide. */
export const cannotDecide = (pointer: string, whoDoes: string): Issue => ({
  pointer,
  code: 'cannot-decide',
  detail: `${whoDoes} not have ${DECIDE}: nothing can be decided by them.`,
})

/**
 * Refuses a policy that would be in force and cannot work: `rule_violated` (`no-approver`) when nobody at all could decide
 * in one of its tiers as things are, and `conflict` (`rank-taken`) when another has its rank.
 */
export const requireUsable = async (deps: ApprovalDeps, policy: Ranked): Promise<void> => {
  await deps.db.query(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`approval policies ${policy.subjectType}`}, 0))`,
  )
  const other = await withSameRank(deps, policy)
  if (other !== undefined) throw conflict(rankTaken(other), 'rank-taken')
  for (const [i, tier] of policy.tiers.entries())
    if (tier.kind === 'decide' && !(await hasApprover(deps, tier)))
      throw ruleViolated('no-approver', `Nobody could decide in tier ${i + 1} as things are.`)
}

const rankTaken = (code: string) => `The policy ${code} is active with this rank already.`

const withSameRank = async (
  { db }: ApprovalDeps,
  { code, subjectType, rank }: Ranked,
): Promise<string | undefined> =>
  (
    await db.one<{ code: string }>(sql`
      SELECT code FROM approvals.policies
      WHERE state = 'active' AND subject_type = ${subjectType} AND rank = ${rank} AND code <> ${code} LIMIT 1`)
  )?.code

/** Whether anybody can decide, at first or after a deadline. Who reports to whom is known only once something is submitted. */
const hasApprover = async (deps: ApprovalDeps, { approvers, deadlines = [] }: Tier): Promise<boolean> => {
  const all = [...approvers, ...deadlines.flatMap(d => d.escalateTo ?? [])]
  if (all.some(a => 'supervisor' in a) || (await namedWhoDecide(deps, all)).size > 0) return true
  for (const a of all)
    if (!('users' in a || 'supervisor' in a) && (await deps.people.isHeld(a, DECIDE))) return true
  return false
}

/** The users named among approvers who may decide, with whichever of their accounts. */
const namedWhoDecide = async (
  { people }: ApprovalDeps,
  approvers: readonly Approver[],
): Promise<Set<string>> => {
  const users = await people.usersNamed([...new Set(approvers.flatMap(a => ('users' in a ? a.users : [])))])
  const able = await people.personsWith(
    DECIDE,
    users.map(u => u.personId),
  )
  return new Set(users.filter(u => able.has(u.personId)).map(u => u.username))
}
