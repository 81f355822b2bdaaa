import type { Route } from '../../routing.ts'

export const accountRoutes: readonly Route[] = [
  {
    path: '/account',
    permission: 'any',
    texts: ['account', 'access'],
    screen: () => import('./account.tsx').then(m => m.Account),
  },
  {
    path: '/signed-in',
    permission: 'any',
    texts: ['account'],
    screen: () => import('./signed-in.tsx').then(m => m.SignedIn),
  },
]
