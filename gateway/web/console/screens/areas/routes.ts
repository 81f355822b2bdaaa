import type { NavEntry, Route } from '../../routing.ts'

export const areaRoutes: readonly Route[] = [
  {
    path: '/areas',
    permission: 'area:read',
    texts: ['areas'],
    screen: () => import('./list.tsx').then(m => m.AreaList),
  },
  {
    path: '/areas/new',
    permission: 'area:write',
    texts: ['areas'],
    screen: () => import('./new.tsx').then(m => m.NewArea),
  },
  {
    path: '/areas/import',
    permission: 'area:write',
    texts: ['imports'],
    screen: () => import('./import.tsx').then(m => m.ImportAreas),
  },
  {
    path: '/areas/:code/edit',
    permission: 'area:write',
    texts: ['areas'],
    screen: () => import('./edit.tsx').then(m => m.EditArea),
  },
  {
    path: '/areas/:code',
    permission: 'area:read',
    texts: ['areas'],
    shows: 'area',
    screen: () => import('./detail.tsx').then(m => m.AreaDetail),
  },
]

export const areaNav: readonly NavEntry[] = [
  { key: 'areas', group: 'administration', path: '/areas', permission: 'area:read', icon: 'areas' },
]
