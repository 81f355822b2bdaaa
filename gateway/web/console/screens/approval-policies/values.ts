import type { components } from '../../../ui/api/schema.generated.ts'
import type { Approver, Deadline, Tier } from '../approval-words/tier-words.ts'

export type Policy = components['schemas']['ApprovalPolicy']

/** A policy as its form holds it: every choice has a place, whether it is taken or not. */
export type ApproverValues = {
  kind: 'role' | 'permission' | 'users' | 'supervisor'
  role: string
  anywhere: boolean
  permission: string
  users: readonly string[]
}
export type DeadlineValues = {
  hours: number | undefined
  afterwards: 'remind' | 'escalate' | 'return' | 'reject'
  escalateTo: readonly ApproverValues[]
}
export type TierValues = {
  kind: 'decide' | 'inform'
  approvers: readonly ApproverValues[]
  need: string
  deadlines: readonly DeadlineValues[]
}
export type PolicyValues = {
  code: string
  name: string
  subjectType: string
  condition: string
  rank: number | undefined
  tiers: readonly TierValues[]
}

export const NEW_APPROVER: ApproverValues = {
  kind: 'role',
  role: '',
  anywhere: false,
  permission: '',
  users: [],
}
export const NEW_TIER: TierValues = { kind: 'decide', approvers: [NEW_APPROVER], need: '1', deadlines: [] }
export const NEW_DEADLINE: DeadlineValues = { hours: 48, afterwards: 'remind', escalateTo: [] }
export const NEW_POLICY: PolicyValues = {
  code: '',
  name: '',
  subjectType: '',
  condition: '',
  rank: 100,
  tiers: [NEW_TIER],
}

const approverValues = (a: Approver): ApproverValues => ({
  kind:
    a.role !== undefined
      ? 'role'
      : a.permission !== undefined
        ? 'permission'
        : a.users
          ? 'users'
          : 'supervisor',
  role: a.role ?? '',
  anywhere: a.scope === 'anywhere',
  permission: a.permission ?? '',
  users: a.users ?? [],
})

const deadlineValues = ({ hours, escalateTo, end }: Deadline): DeadlineValues => ({
  hours,
  afterwards: escalateTo ? 'escalate' : (end ?? 'remind'),
  escalateTo: (escalateTo ?? []).map(approverValues),
})

const tierValues = ({ kind, approvers, need = 1, deadlines = [] }: Tier): TierValues => ({
  kind,
  approvers: approvers.map(approverValues),
  need: String(need),
  deadlines: deadlines.map(deadlineValues),
})

/** A policy of the API as its form holds it. */
export const valuesOfPolicy = ({
  code,
  name,
  subjectType,
  condition,
  rank,
  tiers,
}: Policy): PolicyValues => ({
  code,
  name,
  subjectType,
  condition,
  rank,
  tiers: tiers.map(tierValues),
})

const approverOf = ({ kind, role, anywhere, permission, users }: ApproverValues): Approver => {
  if (kind === 'role') return { role, ...(anywhere ? { scope: 'anywhere' as const } : {}) }
  if (kind === 'permission') return { permission }
  return kind === 'users' ? { users: [...users] } : { supervisor: true }
}

const deadlineOf = ({ hours, afterwards, escalateTo }: DeadlineValues): Deadline => ({
  hours: hours ?? 0,
  ...(afterwards === 'escalate' ? { escalateTo: escalateTo.map(approverOf) } : {}),
  ...(afterwards === 'return' || afterwards === 'reject' ? { end: afterwards } : {}),
})

const tierOf = ({ kind, approvers, need, deadlines }: TierValues): Tier => ({
  kind,
  approvers: approvers.map(approverOf),
  ...(kind === 'decide'
    ? {
        need: (need === 'all' ? 'all' : Number(need)) as NonNullable<Tier['need']>,
        deadlines: deadlines.map(deadlineOf),
      }
    : {}),
})

export const tiersOfValues = (values: Pick<PolicyValues, 'tiers'>): Tier[] => values.tiers.map(tierOf)

/** What of the form can be changed of a policy, as the API takes it. */
export const changeOf = (values: PolicyValues): components['schemas']['ApprovalPolicyChange'] => ({
  name: values.name.trim(),
  rank: values.rank ?? 0,
  ...(values.condition.trim() === '' ? {} : { condition: values.condition.trim() }),
  tiers: tiersOfValues(values),
})

const isNamed = (a: ApproverValues): boolean =>
  a.kind === 'supervisor' || (a.kind === 'users' ? a.users.length > 0 : a[a.kind] !== '')

/** What of a form is complete enough to be said in words. */
export const completeTiers = ({ tiers }: Pick<PolicyValues, 'tiers'>): TierValues[] =>
  tiers
    .map(tier => ({
      ...tier,
      approvers: tier.approvers.filter(isNamed),
      deadlines: tier.deadlines
        .map(d => ({ ...d, escalateTo: d.escalateTo.filter(isNamed) }))
        .filter(d => d.hours !== undefined && (d.afterwards !== 'escalate' || d.escalateTo.length > 0)),
    }))
    .filter(tier => tier.approvers.length > 0)
