import { type Holder, PERMISSIONS, type Permission } from '../access/index.ts'
import type { Issue } from '../kernel/index.ts'
import { conditionIssues } from './conditions.ts'
import type { ApprovalDeps } from './index.ts'
import type { Approver, Deadline, KeptApprover, KeptTier, Tier } from './model.ts'
import type { PolicyInput } from './policies.ts'

export const POLICY_CODE = /^[A-Z0-9][A-Z0-9-]{0,29}$/
const MAX_TIERS = 10
const MAX_NEED = 20
const MAX_HOURS = 8_760

/** What is wrong with a subject type, if one is given. */
export const unknownType = (
  { subjects }: ApprovalDeps,
  type: string | undefined,
  pointer: string,
): Issue[] =>
  type === undefined || subjects().some(s => s.type === type)
    ? []
    : [{ pointer, code: 'unknown', detail: `Nothing called ${type} is approved.` }]

/** What is wrong with a list of subject types. */
export const knownTypes = (deps: ApprovalDeps, types: readonly string[] = []): Issue[] =>
  types.flatMap((type, i) => unknownType(deps, type, `/subjectTypes/${i}`))

/** People and roles that a policy names, by name. */
type Named = { users: Map<string, Holder>; unknownRoles: ReadonlySet<string> }

/**
 * Everything wrong with a policy, each with a pointer: and its tiers as they are kept, when nothing is. What a condition
 * may name depends on the subject; who may be named, on the users and roles there are now.
 */
export const checkPolicy = async (
  deps: ApprovalDeps,
  policy: PolicyInput,
): Promise<{ issues: Issue[]; tiers: KeptTier[] }> => {
  const issues: Issue[] = []
  const wrong = (pointer: string, code: string, detail: string) => issues.push({ pointer, code, detail })
  if (!POLICY_CODE.test(policy.code))
    wrong('/code', 'code', 'A code has 1 to 30 capital letters, digits or hyphens.')
  if (policy.name.trim() === '' || policy.name.length > 200)
    wrong('/name', 'name', 'A name has 1 to 200 characters.')
  const subject = deps.subjects().find(s => s.type === policy.subjectType)
  issues.push(...unknownType(deps, policy.subjectType, '/subjectType'))
  if (subject) issues.push(...conditionIssues(policy.condition ?? '', subject.facts))
  if (policy.tiers.length < 1 || policy.tiers.length > MAX_TIERS)
    wrong('/tiers', 'count', `A policy has 1 to ${MAX_TIERS} tiers.`)
  if (!policy.tiers.some(t => t.kind === 'decide'))
    wrong('/tiers', 'nobody-decides', 'At least one tier decides.')
  const named = await lookUp(deps, policy.tiers)
  const tiers = policy.tiers.map((tier, i) => checkTier(tier, `/tiers/${i}`, named, wrong))
  return { issues, tiers }
}

type Wrong = (pointer: string, code: string, detail: string) => void

const approversIn = (tiers: readonly Tier[]): Approver[] =>
  tiers.flatMap(t => [...t.approvers, ...(t.deadlines ?? []).flatMap(d => d.escalateTo ?? [])])

const lookUp = async ({ people }: ApprovalDeps, tiers: readonly Tier[]): Promise<Named> => {
  const all = approversIn(tiers)
  const users = await people.usersNamed([...new Set(all.flatMap(a => ('users' in a ? a.users : [])))])
  const roles = [...new Set(all.flatMap(a => ('role' in a ? [a.role] : [])))]
  return {
    users: new Map(users.map(u => [u.username, u])),
    unknownRoles: new Set(await people.unknownRoles(roles)),
  }
}

const checkTier = (tier: Tier, at: string, named: Named, wrong: Wrong): KeptTier => {
  const approvers = checkApprovers(tier.approvers, `${at}/approvers`, named, wrong)
  if (tier.kind === 'inform') {
    if (tier.need !== undefined) wrong(`${at}/need`, 'informs', 'A tier that informs needs nobody to decide.')
    if (tier.deadlines !== undefined)
      wrong(`${at}/deadlines`, 'informs', 'A tier that informs has no deadlines.')
    return { kind: 'inform', approvers }
  }
  const { need = 1, deadlines = [] } = tier
  if (need !== 'all' && !(Number.isInteger(need) && need >= 1 && need <= MAX_NEED))
    wrong(`${at}/need`, 'range', `So many have to agree: 1 to ${MAX_NEED}, or all.`)
  const most = atMost(tier.approvers, named)
  if (need !== 'all' && most !== undefined && need > most)
    wrong(`${at}/need`, 'too-many', `${need} have to agree, and only ${most} can.`)
  return {
    kind: 'decide',
    approvers,
    need,
    deadlines: checkDeadlines(deadlines, `${at}/deadlines`, named, wrong),
  }
}

/** How many persons can be meant, when all are named: a supervisor is one. */
const atMost = (approvers: readonly Approver[], { users }: Named): number | undefined => {
  if (approvers.some(a => 'role' in a || 'permission' in a)) return undefined
  const named = approvers.flatMap(a => ('users' in a ? a.users : []))
  const persons = new Set(named.map(username => users.get(username)?.personId ?? username))
  return persons.size + (approvers.some(a => 'supervisor' in a) ? 1 : 0)
}

const checkDeadlines = (
  deadlines: readonly Deadline[],
  at: string,
  named: Named,
  wrong: Wrong,
): Deadline<KeptApprover>[] => {
  if (deadlines.length > 5) wrong(at, 'count', 'A tier has at most 5 deadlines.')
  return deadlines.map(({ hours, escalateTo, end }, i) => {
    if (!(Number.isInteger(hours) && hours >= 1 && hours <= MAX_HOURS))
      wrong(`${at}/${i}/hours`, 'range', `A deadline is 1 to ${MAX_HOURS} whole hours.`)
    if (escalateTo && end) wrong(`${at}/${i}/end`, 'either', 'It goes to others, or it ends: not both.')
    if (end && i < deadlines.length - 1) wrong(`${at}/${i}/end`, 'last', 'Only the last deadline ends it.')
    const to = escalateTo && checkApprovers(escalateTo, `${at}/${i}/escalateTo`, named, wrong)
    return { hours, ...(to ? { escalateTo: to } : {}), ...(end ? { end } : {}) }
  })
}

const KINDS = ['role', 'permission', 'users', 'supervisor']

const checkApprovers = (
  approvers: readonly Approver[],
  at: string,
  named: Named,
  wrong: Wrong,
): KeptApprover[] => {
  if (approvers.length < 1 || approvers.length > 20)
    wrong(at, 'count', 'There are 1 to 20 kinds of approvers.')
  return approvers.map((approver, i) => {
    if (KINDS.filter(kind => kind in approver).length !== 1 || ('scope' in approver && !('role' in approver)))
      wrong(`${at}/${i}`, 'one-of', 'An approver is one of role (with scope), permission, users, supervisor.')
    if ('role' in approver && named.unknownRoles.has(approver.role))
      wrong(`${at}/${i}/role`, 'unknown', `There is no role ${approver.role}.`)
    if ('permission' in approver && !PERMISSIONS.includes(approver.permission as Permission))
      wrong(`${at}/${i}/permission`, 'unknown', `There is no permission ${approver.permission}.`)
    if (!('users' in approver)) return approver
    for (const [n, username] of approver.users.entries())
      if (!named.users.has(username))
        wrong(`${at}/${i}/users/${n}`, 'unknown', `There is no active user ${username}.`)
    return {
      users: approver.users.map(username => ({ username, userId: named.users.get(username)?.userId ?? '' })),
    }
  })
}
