import type { NavEntry, Route } from '../../routing.ts'

export const homeRoutes: readonly Route[] = [
  {
    path: '/',
    permission: 'any',
    texts: ['home', 'jobs'],
    screen: () => import('./home.tsx').then(m => m.Home),
  },
]

export const homeNav: readonly NavEntry[] = [
  { key: 'home', group: 'work', path: '/', permission: 'any', icon: 'home', letter: 'h' },
  {
    key: 'scan',
    group: 'distribution',
    path: '/verify',
    permission: 'verification:perform',
    icon: 'scan',
    isElsewhere: true,
  },
]
