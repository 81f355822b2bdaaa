import type { NavEntry, Route } from '../../routing.ts'

export const fundRoutes: readonly Route[] = [
  {
    path: '/funds',
    permission: 'fund:read',
    texts: ['funds'],
    screen: () => import('./list.tsx').then(m => m.FundList),
  },
  {
    path: '/funds/new',
    permission: 'fund:write',
    texts: ['funds'],
    screen: () => import('./new.tsx').then(m => m.NewFund),
  },
  {
    path: '/funds/:code/edit',
    permission: 'fund:write',
    texts: ['funds'],
    screen: () => import('./edit.tsx').then(m => m.EditFund),
  },
  {
    path: '/funds/:code/allocate',
    permission: 'fund:write',
    texts: ['funds'],
    screen: () => import('./allocate.tsx').then(m => m.AllocateToFund),
  },
  {
    path: '/funds/:code',
    permission: 'fund:read',
    texts: ['funds'],
    shows: 'fund',
    screen: () => import('./detail.tsx').then(m => m.FundDetail),
  },
]

export const fundNav: readonly NavEntry[] = [
  { key: 'funds', group: 'payments', path: '/funds', permission: 'fund:read', icon: 'funds' },
]
