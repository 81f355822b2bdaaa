import type { Route } from '../../routing.ts'

const texts = ['delegations', 'approvals'] as const

/** They are found from the inbox of approvals: absence, and times without decisions. */
export const delegationRoutes: readonly Route[] = [
  {
    path: '/delegations',
    permission: 'approval:read',
    texts,
    screen: () => import('./list.tsx').then(m => m.DelegationList),
  },
  {
    path: '/delegations/new',
    permission: 'approval:read',
    texts,
    screen: () => import('./new.tsx').then(m => m.NewDelegation),
  },
  {
    path: '/freezes',
    permission: 'approval:read',
    texts,
    screen: () => import('./freezes.tsx').then(m => m.FreezeList),
  },
  {
    path: '/freezes/new',
    permission: 'approval:configure',
    texts,
    screen: () => import('./new-freeze.tsx').then(m => m.NewFreeze),
  },
]
