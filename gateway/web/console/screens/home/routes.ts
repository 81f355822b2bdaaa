import type { Route } from '../../routing.ts'

export const homeRoutes: readonly Route[] = [
  {
    path: '/',
    permission: 'any',
    texts: ['home'],
    screen: () => import('./home.tsx').then(m => m.Home),
  },
]
