import type { NavEntry, Route } from '../../routing.ts'

export const identityProviderRoutes: readonly Route[] = [
  {
    path: '/identity-providers',
    permission: 'identity-provider:read',
    texts: ['identity-providers', 'access'],
    screen: () => import('./list.tsx').then(m => m.IdentityProviderList),
  },
  {
    path: '/identity-providers/new',
    permission: 'identity-provider:write',
    texts: ['identity-providers', 'access'],
    screen: () => import('./new.tsx').then(m => m.NewIdentityProvider),
  },
  {
    path: '/identity-providers/:code/edit',
    permission: 'identity-provider:write',
    texts: ['identity-providers', 'access'],
    screen: () => import('./edit.tsx').then(m => m.EditIdentityProvider),
  },
  {
    path: '/identity-providers/:code',
    permission: 'identity-provider:read',
    texts: ['identity-providers', 'access'],
    shows: 'identity-provider',
    screen: () => import('./detail.tsx').then(m => m.IdentityProviderDetail),
  },
]

export const identityProviderNav: readonly NavEntry[] = [
  {
    key: 'identityProviders',
    group: 'administration',
    path: '/identity-providers',
    permission: 'identity-provider:read',
    icon: 'providers',
  },
]
