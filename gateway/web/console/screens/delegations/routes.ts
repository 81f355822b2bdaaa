import type { Route } from '../../routing.ts'

/** They are found from the inbox of approvals: absence, and times without decisions. */
export const delegationRoutes: readonly Route[] = [
  {
    path: '/delegations',
    permission: 'approval:read',
    texts: ['delegations', 'approval-words'],
    screen: () => import('./list.tsx').then(m => m.DelegationList),
  },
  {
    path: '/delegations/new',
    permission: 'approval:read',
    texts: ['delegations', 'approval-words'],
    screen: () => import('./new.tsx').then(m => m.NewDelegation),
  },
  {
    path: '/freezes',
    permission: 'approval:read',
    texts: ['delegations', 'approval-words'],
    screen: () => import('./freezes.tsx').then(m => m.FreezeList),
  },
  {
    path: '/freezes/new',
    permission: 'approval:configure',
    texts: ['delegations', 'approval-words'],
    screen: () => import('./new-freeze.tsx').then(m => m.NewFreeze),
  },
]
