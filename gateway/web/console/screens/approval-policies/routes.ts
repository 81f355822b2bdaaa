import type { NavEntry, Route } from '../../routing.ts'

export const approvalPolicyRoutes: readonly Route[] = [
  {
    path: '/approval-policies',
    permission: 'approval:read',
    texts: ['approval-policies', 'approval-words', 'access'],
    screen: () => import('./list.tsx').then(m => m.PolicyList),
  },
  {
    path: '/approval-policies/new',
    permission: 'approval:configure',
    texts: ['approval-policies', 'approval-words', 'access'],
    screen: () => import('./new.tsx').then(m => m.NewPolicy),
  },
  {
    path: '/approval-policies/:code/edit',
    permission: 'approval:configure',
    texts: ['approval-policies', 'approval-words', 'access'],
    screen: () => import('./edit.tsx').then(m => m.EditPolicy),
  },
  {
    path: '/approval-policies/:code',
    permission: 'approval:read',
    texts: ['approval-policies', 'approval-words', 'access'],
    shows: 'approval-policy',
    screen: () => import('./detail.tsx').then(m => m.PolicyDetail),
  },
]

export const approvalPolicyNav: readonly NavEntry[] = [
  {
    key: 'approvalPolicies',
    group: 'administration',
    path: '/approval-policies',
    permission: 'approval:read',
    icon: 'policies',
  },
]
