import type { NavEntry, Route } from '../../routing.ts'

export const userRoutes: readonly Route[] = [
  {
    path: '/users',
    permission: 'user:read',
    texts: ['users', 'access'],
    screen: () => import('./list.tsx').then(m => m.UserList),
  },
  {
    path: '/users/new',
    permission: 'user:write',
    texts: ['users', 'access'],
    screen: () => import('./new.tsx').then(m => m.NewUser),
  },
  {
    path: '/users/:username/edit',
    permission: 'user:write',
    texts: ['users', 'access'],
    screen: () => import('./edit.tsx').then(m => m.EditUser),
  },
  {
    path: '/users/:username/grants',
    permission: 'user:write',
    texts: ['users', 'access'],
    screen: () => import('./grants.tsx').then(m => m.EditUserGrants),
  },
  {
    path: '/users/:username',
    permission: 'user:read',
    texts: ['users', 'access'],
    shows: 'user',
    screen: () => import('./detail.tsx').then(m => m.UserDetail),
  },
]

export const userNav: readonly NavEntry[] = [
  { key: 'users', group: 'administration', path: '/users', permission: 'user:read', icon: 'user' },
]
