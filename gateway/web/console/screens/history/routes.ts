import type { Route } from '../../routing.ts'

export const historyRoutes: readonly Route[] = [
  {
    path: '/history/:name',
    permission: 'history:read',
    texts: ['history', 'deeds'],
    screen: () => import('./history.tsx').then(m => m.History),
  },
  {
    path: '/registrants/:reference/access',
    permission: 'history:read',
    texts: ['history', 'deeds'],
    screen: () => import('./access.tsx').then(m => m.AccessLog),
  },
]
