import type { NavEntry, Route } from '../../routing.ts'

export const cycleRoutes: readonly Route[] = [
  {
    path: '/cycles',
    permission: 'cycle:read',
    texts: ['cycles'],
    screen: () => import('./list.tsx').then(m => m.CycleList),
  },
  {
    path: '/cycles/:reference',
    permission: 'cycle:read',
    texts: ['cycles'],
    shows: 'cycle',
    screen: () => import('./detail.tsx').then(m => m.CycleDetail),
  },
  {
    path: '/entitlements/:reference',
    permission: 'entitlement:read',
    texts: ['cycles'],
    shows: 'entitlement',
    screen: () => import('./entitlement.tsx').then(m => m.EntitlementDetail),
  },
]

export const cycleNav: readonly NavEntry[] = [
  {
    key: 'cycles',
    group: 'programs',
    path: '/cycles',
    permission: 'cycle:read',
    icon: 'cycles',
    letter: 'c',
  },
]
