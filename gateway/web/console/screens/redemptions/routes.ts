import type { NavEntry, Route } from '../../routing.ts'

export const redemptionRoutes: readonly Route[] = [
  {
    path: '/redemptions',
    permission: 'redemption:read',
    texts: ['redemptions', 'inventory'],
    screen: () => import('./list.tsx').then(m => m.HandoverList),
  },
]

export const redemptionNav: readonly NavEntry[] = [
  {
    key: 'handovers',
    group: 'distribution',
    path: '/redemptions',
    permission: 'redemption:read',
    icon: 'handovers',
  },
]
