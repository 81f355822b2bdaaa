import type { Step } from './walk.ts'

const user = (does: string, body?: object): Step => ({
  does,
  at: { username: 'mutable' },
  ...(body ? { body } : {}),
})
const client = (does: string, body?: object): Step => ({
  does,
  at: { clientId: 'mutable' },
  ...(body ? { body } : {}),
})
const PROVIDER = {
  name: 'Provider',
  clientId: 'annona',
  groupClaim: 'groups',
  mappings: [{ group: 'people', role: 'registrar' }],
}
const ROLE = { name: 'Onlooker', description: 'Looks on', permissions: ['area:read'], masks: ['name'] }

/** Users, API clients and roles. */
export const accounts: readonly Step[] = [
  {
    does: 'createUser',
    body: {
      username: 'mutable',
      name: 'Sara Haile',
      password: 'correct horse battery 7',
      grants: [{ role: 'registrar' }],
    },
  },
  user('updateUser', { name: 'Sara H. Haile', email: 'sara@example.org' }),
  user('replaceUserGrants', { grants: [{ role: 'auditor' }, { role: 'registrar' }] }),
  user('disableUser'),
  user('enableUser'),
  // By another, who is shown the secret: nobody changes what a client may do that they can act as.
  {
    does: 'createClient',
    as: 'checker',
    body: { clientId: 'mutable', name: 'Mutable', grants: [{ role: 'integrator' }] },
  },
  client('updateClient', { name: 'Changed' }),
  client('replaceClientGrants', { grants: [] }),
  client('disableClient'),
  client('enableClient'),
  {
    does: 'createIdentityProvider',
    body: {
      code: 'mutable',
      issuer: 'https://id.example.org',
      clientSecret: 'a secret of some length',
      ...PROVIDER,
    },
  },
  {
    does: 'updateIdentityProvider',
    at: { provider: 'mutable' },
    body: {
      ...PROVIDER,
      name: 'Changed',
      mappings: [],
      state: 'disabled',
      scopes: ['openid'],
      usernameClaim: 'sub',
      makesAccounts: true,
      trustsEmail: true,
    },
  },
  { does: 'createRole', body: { code: 'onlooker', ...ROLE } },
  {
    does: 'updateRole',
    at: { code: 'onlooker' },
    body: { ...ROLE, permissions: ['area:read', 'program:read'] },
  },
  { does: 'deleteRole', at: { code: 'onlooker' } },
]
