import type { Route } from '../../routing.ts'

export const componentRoutes: readonly Route[] = [
  {
    path: '/components',
    permission: 'none',
    texts: [],
    screen: () => import('./index.tsx').then(m => m.Components),
  },
]
