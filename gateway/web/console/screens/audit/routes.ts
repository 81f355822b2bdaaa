import type { NavEntry, Route } from '../../routing.ts'

export const auditRoutes: readonly Route[] = [
  {
    path: '/audit',
    permission: 'audit:read',
    texts: ['audit', 'deeds'],
    screen: () => import('./list.tsx').then(m => m.AuditList),
  },
  {
    path: '/audit/export',
    permission: 'audit:export',
    texts: ['audit', 'deeds'],
    screen: () => import('./export.tsx').then(m => m.AuditExport),
  },
  {
    path: '/audit/heads',
    permission: 'audit:read',
    texts: ['audit', 'deeds'],
    screen: () => import('./heads.tsx').then(m => m.AuditHeads),
  },
  {
    path: '/audit/:id',
    permission: 'audit:read',
    texts: ['audit', 'deeds'],
    screen: () => import('./detail.tsx').then(m => m.AuditEntry),
  },
]

export const auditNav: readonly NavEntry[] = [
  { key: 'audit', group: 'administration', path: '/audit', permission: 'audit:read', icon: 'audit' },
]
