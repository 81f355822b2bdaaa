import type { Route } from '../../routing.ts'

export const notificationRoutes: readonly Route[] = [
  {
    path: '/notifications',
    permission: 'any',
    texts: ['notifications', 'jobs'],
    screen: () => import('./list.tsx').then(m => m.NotificationList),
  },
]
