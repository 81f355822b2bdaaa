import type { NavEntry, Route } from '../../routing.ts'

export const paymentRoutes: readonly Route[] = [
  {
    path: '/payment-batches',
    permission: 'payment:read',
    texts: ['payments'],
    screen: () => import('./batches.tsx').then(m => m.BatchList),
  },
  {
    path: '/payment-batches/:reference/retry',
    permission: 'payment:write',
    texts: ['payments', 'payment-reasons'],
    screen: () => import('./retry.tsx').then(m => m.RetryBatch),
  },
  {
    path: '/payment-batches/:reference',
    permission: 'payment:read',
    texts: ['payments', 'payment-reasons'],
    shows: 'payment-batch',
    screen: () => import('./batch.tsx').then(m => m.BatchDetail),
  },
  {
    path: '/payment-reports',
    permission: 'payment:read',
    texts: ['payments'],
    screen: () => import('./reports.tsx').then(m => m.ReportList),
  },
  {
    path: '/payment-reports/new',
    permission: 'payment:write',
    texts: ['payments'],
    screen: () => import('./report-upload.tsx').then(m => m.UploadReport),
  },
  {
    path: '/payment-reports/:reference',
    permission: 'payment:read',
    texts: ['payments', 'payment-reasons'],
    shows: 'payment-report',
    screen: () => import('./report.tsx').then(m => m.ReportDetail),
  },
  {
    path: '/payment-review-items',
    permission: 'payment:read',
    texts: ['payments', 'payment-reasons'],
    screen: () => import('./review-items.tsx').then(m => m.ReviewItemList),
  },
  {
    path: '/payment-review-items/:reference',
    permission: 'payment:read',
    texts: ['payments', 'payment-reasons'],
    shows: 'payment-review',
    screen: () => import('./review-item.tsx').then(m => m.ReviewItemDetail),
  },
]

export const paymentNav: readonly NavEntry[] = [
  {
    key: 'batches',
    group: 'payments',
    path: '/payment-batches',
    permission: 'payment:read',
    icon: 'batches',
  },
  {
    key: 'paymentReports',
    group: 'payments',
    path: '/payment-reports',
    permission: 'payment:read',
    icon: 'reports',
  },
  {
    key: 'paymentReviews',
    group: 'payments',
    path: '/payment-review-items',
    permission: 'payment:read',
    icon: 'approvals',
  },
]
