import { createHmac } from 'node:crypto'
import type { GrantRequest } from '#core/access/index.ts'
import { DomainError, systemCtx } from '#core/kernel/index.ts'
import type { Services } from '../compose.ts'
import { masterKeyOf } from '../config.ts'

/** What `demo-access.json` holds. */
export type DemoAccess = {
  url: string
  clients: { clientId: string; clientSecret: string; roles: string[] }[]
  users: { username: string; password: string; roles: string[] }[]
}

const USERS: readonly { username: string; name: string; roles: string[] }[] = [
  { username: 'abeba', name: 'Abeba, system administrator', roles: ['system-administrator', 'auditor'] },
  { username: 'rahel', name: 'Rahel, registry manager', roles: ['registry-manager', 'registrar'] },
  { username: 'meles', name: 'Meles, program manager', roles: ['program-manager', 'targeting-officer'] },
  { username: 'aster', name: 'Aster, approver', roles: ['cycle-approver', 'payment-approver'] },
  { username: 'fikru', name: 'Fikru, finance officer', roles: ['finance-officer'] },
  {
    username: 'dawit',
    name: 'Dawit, distribution agent',
    roles: ['distribution-agent', 'warehouse-officer'],
  },
]

/** One client that may prepare everything and one that may approve it: maker and checker are never the same. */
const CLIENTS: readonly { clientId: string; name: string; roles: string[] }[] = [
  {
    clientId: 'demo-operator',
    name: 'Demo: prepares everything',
    roles: [
      'system-administrator',
      'registry-manager',
      'program-manager',
      'finance-officer',
      'warehouse-officer',
      'distribution-agent',
      'auditor',
    ],
  },
  {
    clientId: 'demo-approver',
    name: 'Demo: approves what another prepared',
    roles: ['cycle-approver', 'payment-approver'],
  },
]

/**
 * The demo's users and clients, made when they are not there yet. Their secrets follow from the installation's
 * master key: different in every installation, and the same each time this one starts.
 */
export const demoAccounts = async (services: Services): Promise<Omit<DemoAccess, 'url'>> => {
  const ctx = systemCtx('demo', 'demo')
  const masterKey = masterKeyOf(services.config)
  const secretOf = (name: string) =>
    createHmac('sha256', masterKey).update(`demo/${name}`).digest('base64url').slice(0, 24)
  const grantsOf = (roles: readonly string[]): GrantRequest[] => roles.map(role => ({ role }))

  for (const { username, name, roles } of USERS)
    await unlessThere(() =>
      services.access.createUser(ctx, {
        username,
        name,
        password: secretOf(username),
        grants: grantsOf(roles),
      }),
    )
  for (const { clientId, name, roles } of CLIENTS)
    await unlessThere(() =>
      services.access.createClient(ctx, {
        clientId,
        name,
        secret: secretOf(clientId),
        grants: grantsOf(roles),
      }),
    )
  return {
    clients: CLIENTS.map(({ clientId, roles }) => ({ clientId, clientSecret: secretOf(clientId), roles })),
    users: USERS.map(({ username, roles }) => ({ username, password: secretOf(username), roles })),
  }
}

const unlessThere = async (make: () => Promise<unknown>) => {
  try {
    await make()
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'conflict')) throw error
  }
}
