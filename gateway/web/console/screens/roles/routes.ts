import type { NavEntry, Route } from '../../routing.ts'

export const roleRoutes: readonly Route[] = [
  {
    path: '/roles',
    permission: 'role:read',
    texts: ['roles', 'access'],
    screen: () => import('./list.tsx').then(m => m.RoleList),
  },
  {
    path: '/roles/new',
    permission: 'role:write',
    texts: ['roles', 'access'],
    screen: () => import('./new.tsx').then(m => m.NewRole),
  },
  {
    path: '/roles/:code/edit',
    permission: 'role:write',
    texts: ['roles', 'access'],
    screen: () => import('./edit.tsx').then(m => m.EditRole),
  },
  {
    path: '/roles/:code',
    permission: 'role:read',
    texts: ['roles', 'access'],
    shows: 'role',
    screen: () => import('./detail.tsx').then(m => m.RoleDetail),
  },
]

export const roleNav: readonly NavEntry[] = [
  { key: 'roles', group: 'administration', path: '/roles', permission: 'role:read', icon: 'roles' },
]
