import type { NavEntry, Route } from '../../routing.ts'

export const registrantRoutes: readonly Route[] = [
  {
    path: '/registrants',
    permission: 'registrant:read',
    texts: ['registrants'],
    screen: () => import('./list.tsx').then(m => m.RegistrantList),
  },
  {
    path: '/registrants/:reference',
    permission: 'registrant:read',
    texts: ['registrants'],
    shows: 'registrant',
    screen: () => import('./detail.tsx').then(m => m.RegistrantDetail),
  },
]

export const registrantNav: readonly NavEntry[] = [
  {
    key: 'registrants',
    group: 'people',
    path: '/registrants',
    permission: 'registrant:read',
    icon: 'people',
    letter: 'r',
  },
]
