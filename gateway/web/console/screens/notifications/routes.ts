import type { Route } from '../../routing.ts'

export const notificationRoutes: readonly Route[] = [
  {
    path: '/notifications',
    permission: 'any',
    texts: ['notifications'],
    screen: () => import('./list.tsx').then(m => m.NotificationList),
  },
]
