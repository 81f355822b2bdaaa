import type { RoleInput } from '#core/access/index.ts'
import type { NewDelegation, PolicyInput } from '#core/approvals/index.ts'

type NewRole = RoleInput & { code: string }

/** It answers questions, and needs no numbers of papers or accounts for that. */
export const helpDesk: NewRole = {
  code: 'help-desk',
  name: 'Help desk',
  description: 'Answers people who ask about their household and what is due to them',
  permissions: [
    'area:read',
    'registrant:read',
    'program:read',
    'enrolment:read',
    'entitlement:read',
    'credential:read',
  ],
  masks: ['identifier', 'account', 'birth'],
}

/** Decides where a policy says so, and is no approver beside that. */
export const director: NewRole = {
  code: 'director',
  name: 'Director',
  description: 'Has the last word on large cycles; sees sums, and nobody',
  permissions: [
    'area:read',
    'program:read',
    'fund:read',
    'cycle:read',
    'cycle:approve',
    'approval:read',
    'approval:decide',
  ],
}

/** Small sums stay as they are without a policy: one other person approves. */
export const policies: readonly PolicyInput[] = [
  {
    code: 'LARGE-CYCLES',
    name: 'Cycles above 100,000: an approver, then the director',
    subjectType: 'cycle',
    rank: 10,
    condition: 'total > 100000',
    tiers: [
      { kind: 'decide', approvers: [{ role: 'cycle-approver' }] },
      { kind: 'decide', approvers: [{ supervisor: true }, { users: ['haile'] }] },
    ],
  },
  {
    code: 'PAYMENTS',
    name: 'Payments above 10,000: two different approvers',
    subjectType: 'payment-batch',
    rank: 10,
    condition: 'total > 10000',
    tiers: [{ kind: 'decide', approvers: [{ role: 'payment-approver' }], need: 2 }],
  },
]

const DAYS_AWAY = 14

/** The director is away, and another decides on cycles for them. */
export const delegation = (now: Date): NewDelegation => ({
  deputy: 'selam',
  from: now,
  until: new Date(now.getTime() + DAYS_AWAY * 86_400_000),
  subjectTypes: ['cycle'],
  reason: 'Visits to the districts',
})
