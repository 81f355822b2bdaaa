import type { NavEntry, Route } from '../../routing.ts'

export const importRoutes: readonly Route[] = [
  {
    path: '/imports',
    permission: 'import:read',
    texts: ['imports'],
    screen: () => import('./list.tsx').then(m => m.ImportList),
  },
  {
    path: '/imports/new',
    permission: 'import:write',
    texts: ['imports'],
    screen: () => import('./new.tsx').then(m => m.NewImport),
  },
  {
    path: '/imports/:reference/again',
    permission: 'import:write',
    texts: ['imports'],
    screen: () => import('./again.tsx').then(m => m.TestAgain),
  },
  {
    path: '/imports/:reference',
    permission: 'import:read',
    texts: ['imports', 'jobs'],
    shows: 'import',
    screen: () => import('./detail.tsx').then(m => m.ImportDetail),
  },
]

export const importNav: readonly NavEntry[] = [
  { key: 'imports', group: 'people', path: '/imports', permission: 'import:read', icon: 'imports' },
]
