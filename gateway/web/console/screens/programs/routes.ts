import type { NavEntry, Route } from '../../routing.ts'

export const programRoutes: readonly Route[] = [
  {
    path: '/programs',
    permission: 'program:read',
    texts: ['programs'],
    screen: () => import('./list.tsx').then(m => m.ProgramList),
  },
  {
    path: '/programs/new',
    permission: 'program:write',
    texts: ['programs'],
    screen: () => import('./new.tsx').then(m => m.NewProgram),
  },
  {
    path: '/programs/:code/edit',
    permission: 'program:write',
    texts: ['programs'],
    screen: () => import('./edit.tsx').then(m => m.EditProgram),
  },
  {
    path: '/programs/:code/why',
    permission: 'rule:evaluate',
    texts: ['programs'],
    screen: () => import('./why.tsx').then(m => m.Why),
  },
  {
    path: '/programs/:code/cycles/new',
    permission: 'cycle:prepare',
    texts: ['programs', 'cycles'],
    screen: () => import('./open-cycle.tsx').then(m => m.OpenCycle),
  },
  {
    path: '/programs/:code',
    permission: 'program:read',
    texts: ['programs', 'cycles'],
    shows: 'program',
    screen: () => import('./detail.tsx').then(m => m.ProgramDetail),
  },
]

export const programNav: readonly NavEntry[] = [
  {
    key: 'programs',
    group: 'programs',
    path: '/programs',
    permission: 'program:read',
    icon: 'programs',
    letter: 'p',
  },
]
