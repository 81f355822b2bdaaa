import type { NavEntry, Route } from '../../routing.ts'

export const approvalRoutes: readonly Route[] = [
  {
    path: '/approvals',
    permission: 'approval:read',
    texts: ['approvals', 'approval-words'],
    screen: () => import('./list.tsx').then(m => m.ApprovalInbox),
  },
  {
    path: '/approvals/emergencies',
    permission: 'approval:read',
    texts: ['approvals', 'approval-words'],
    screen: () => import('./emergencies.tsx').then(m => m.Emergencies),
  },
  {
    path: '/approvals/:reference',
    permission: 'approval:read',
    texts: ['approvals', 'approval-words', 'access'],
    shows: 'approval',
    screen: () => import('./detail.tsx').then(m => m.ApprovalDetail),
  },
]

export const approvalNav: readonly NavEntry[] = [
  {
    key: 'approvals',
    group: 'work',
    path: '/approvals',
    permission: 'approval:read',
    icon: 'approvals',
    letter: 'a',
  },
]
