import type { NavEntry, Route } from '../../routing.ts'

export const credentialRoutes: readonly Route[] = [
  {
    path: '/credentials',
    permission: 'credential:read',
    texts: ['credentials'],
    screen: () => import('./list.tsx').then(m => m.CardList),
  },
  {
    path: '/credentials/issue',
    permission: 'credential:issue',
    texts: ['credentials'],
    screen: () => import('./issue.tsx').then(m => m.IssueCards),
  },
  {
    path: '/credentials/:reference',
    permission: 'credential:read',
    texts: ['credentials', 'inventory', 'access'],
    shows: 'credential',
    screen: () => import('./detail.tsx').then(m => m.CardDetail),
  },
]

export const credentialNav: readonly NavEntry[] = [
  { key: 'cards', group: 'distribution', path: '/credentials', permission: 'credential:read', icon: 'cards' },
]
