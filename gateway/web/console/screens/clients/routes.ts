import type { NavEntry, Route } from '../../routing.ts'

export const clientRoutes: readonly Route[] = [
  {
    path: '/clients',
    permission: 'client:read',
    texts: ['clients', 'access'],
    screen: () => import('./list.tsx').then(m => m.ClientList),
  },
  {
    path: '/clients/new',
    permission: 'client:write',
    texts: ['clients', 'access'],
    screen: () => import('./new.tsx').then(m => m.NewClient),
  },
  {
    path: '/clients/:clientId/edit',
    permission: 'client:write',
    texts: ['clients', 'access'],
    screen: () => import('./edit.tsx').then(m => m.EditClient),
  },
  {
    path: '/clients/:clientId/grants',
    permission: 'client:write',
    texts: ['clients', 'access'],
    screen: () => import('./grants.tsx').then(m => m.EditClientGrants),
  },
  {
    path: '/clients/:clientId/keys',
    permission: 'client:write',
    texts: ['clients', 'access'],
    screen: () => import('./keys-edit.tsx').then(m => m.EditClientKeys),
  },
  {
    path: '/clients/:clientId',
    permission: 'client:read',
    texts: ['clients', 'access'],
    shows: 'client',
    screen: () => import('./detail.tsx').then(m => m.ClientDetail),
  },
]

export const clientNav: readonly NavEntry[] = [
  { key: 'clients', group: 'administration', path: '/clients', permission: 'client:read', icon: 'clients' },
]
