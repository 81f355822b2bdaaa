import type { NavEntry, Route } from '../../routing.ts'

export const inventoryRoutes: readonly Route[] = [
  {
    path: '/stock',
    permission: 'inventory:read',
    texts: ['inventory'],
    screen: () => import('./stock.tsx').then(m => m.StockList),
  },
  {
    path: '/stock/receive',
    permission: 'inventory:write',
    texts: ['inventory'],
    screen: () => import('./receive.tsx').then(m => m.Receive),
  },
  {
    path: '/stock/transfer',
    permission: 'inventory:write',
    texts: ['inventory'],
    screen: () => import('./transfer.tsx').then(m => m.TransferStock),
  },
  {
    path: '/locations',
    permission: 'inventory:read',
    texts: ['inventory'],
    screen: () => import('./places.tsx').then(m => m.PlaceList),
  },
  {
    path: '/locations/new',
    permission: 'inventory:write',
    texts: ['inventory'],
    screen: () => import('./new-place.tsx').then(m => m.NewPlace),
  },
  {
    path: '/locations/:code/edit',
    permission: 'inventory:write',
    texts: ['inventory'],
    screen: () => import('./rename.tsx').then(m => m.RenamePlace),
  },
  {
    path: '/locations/:code',
    permission: 'inventory:read',
    texts: ['inventory', 'access'],
    shows: 'location',
    screen: () => import('./place.tsx').then(m => m.PlaceDetail),
  },
  {
    path: '/items',
    permission: 'inventory:read',
    texts: ['inventory'],
    screen: () => import('./items.tsx').then(m => m.ItemList),
  },
  {
    path: '/items/new',
    permission: 'inventory:write',
    texts: ['inventory'],
    screen: () => import('./new-item.tsx').then(m => m.NewItem),
  },
  {
    path: '/items/:code/edit',
    permission: 'inventory:write',
    texts: ['inventory'],
    screen: () => import('./rename.tsx').then(m => m.RenameItem),
  },
  {
    path: '/items/:code',
    permission: 'inventory:read',
    texts: ['inventory', 'access'],
    shows: 'item',
    screen: () => import('./item.tsx').then(m => m.ItemDetail),
  },
]

export const inventoryNav: readonly NavEntry[] = [
  { key: 'stock', group: 'distribution', path: '/stock', permission: 'inventory:read', icon: 'stock' },
  {
    key: 'locations',
    group: 'distribution',
    path: '/locations',
    permission: 'inventory:read',
    icon: 'locations',
  },
  { key: 'items', group: 'distribution', path: '/items', permission: 'inventory:read', icon: 'items' },
]
