import type { NavEntry, Route } from '../../routing.ts'

export const jobRoutes: readonly Route[] = [
  {
    path: '/jobs',
    permission: 'job:read',
    texts: ['jobs'],
    screen: () => import('./list.tsx').then(m => m.JobList),
  },
  {
    path: '/jobs/:reference',
    permission: 'job:read',
    texts: ['jobs'],
    shows: 'job',
    screen: () => import('./detail.tsx').then(m => m.JobDetail),
  },
]

export const jobNav: readonly NavEntry[] = [
  { key: 'jobs', group: 'work', path: '/jobs', permission: 'job:read', icon: 'jobs', letter: 'j' },
]
