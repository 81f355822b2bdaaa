import { createHmac } from 'node:crypto'
import { DomainError, systemCtx } from '#core/kernel/index.ts'
import type { Services } from '../compose.ts'
import { masterKeyOf } from '../config.ts'
import { director, helpDesk } from './approvals.ts'
import { areas } from './country.ts'

/** What `demo-access.json` holds. */
export type DemoAccess = {
  url: string
  clients: { clientId: string; clientSecret: string; roles: string[] }[]
  users: { username: string; password: string; roles: string[]; about: string }[]
}

type DemoUser = {
  username: string
  name: string
  roles: string[]
  /** What there is to try as them. */
  about: string
  supervisor?: string
  /** P-codes; left out for everywhere. */
  areas?: string[]
}

const APPROVER = ['cycle-approver', 'payment-approver']

/** Supervisors before those who report to them. */
const USERS: readonly DemoUser[] = [
  {
    username: 'abeba',
    name: 'Abeba, system administrator',
    roles: ['system-administrator', 'auditor'],
    about: 'users, roles, policies of approval, the audit trail',
  },
  {
    username: 'rahel',
    name: 'Rahel, registry manager',
    roles: ['registry-manager', 'registrar'],
    about: 'the registry: import people, find them, see everything of them',
  },
  {
    username: 'haile',
    name: 'Haile, director',
    roles: [director.code],
    about: 'approve last: cycles above 100,000, by whoever reports to you',
  },
  {
    username: 'meles',
    name: 'Meles, program manager',
    roles: ['program-manager', 'targeting-officer'],
    about: 'programs: who is eligible, prepare a cycle, submit it',
    supervisor: 'haile',
  },
  {
    username: 'fikru',
    name: 'Fikru, finance officer',
    roles: ['finance-officer'],
    about: 'funds and payments: make a batch, submit it, send it',
    supervisor: 'haile',
  },
  {
    username: 'aster',
    name: 'Aster, approver',
    roles: APPROVER,
    about: 'approve first: a cycle and a batch of payments wait for you',
  },
  {
    username: 'selam',
    name: 'Selam, second approver',
    roles: APPROVER,
    about: "approve second: the batch for yourself, the cycle as Haile's deputy",
  },
  {
    username: 'liya',
    name: 'Liya, help desk of Almas',
    roles: [helpDesk.code],
    about: 'a role of your own: people of one region, their papers and accounts masked',
    areas: ['DM01'],
  },
  {
    username: 'dawit',
    name: 'Dawit, distribution agent',
    roles: ['distribution-agent', 'warehouse-officer'],
    about: 'scan a QR code and hand over what is due',
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
 * The demo's users and clients, and the areas and roles that they are granted; made when they are not there yet. Their secrets follow from the installation's
 * master key: different in every installation, and the same each time this one starts.
 */
export const demoAccounts = async (services: Services): Promise<Omit<DemoAccess, 'url'>> => {
  const ctx = systemCtx('demo', 'demo')
  const masterKey = masterKeyOf(services.config)
  const secretOf = (name: string) =>
    createHmac('sha256', masterKey).update(`demo/${name}`).digest('base64url').slice(0, 24)

  await services.areas.createMany(ctx, areas)
  for (const role of [helpDesk, director]) await unlessThere(() => services.access.createRole(ctx, role))
  for (const { username, name, roles, supervisor, areas: codes } of USERS) {
    const areaIds = codes && [...(await services.areas.idsOf(codes)).values()]
    await unlessThere(() =>
      services.access.createUser(ctx, {
        username,
        name,
        password: secretOf(username),
        ...(supervisor ? { supervisor } : {}),
        grants: roles.map(role => (areaIds ? { role, areaIds } : { role })),
      }),
    )
  }
  for (const { clientId, name, roles } of CLIENTS)
    await unlessThere(() =>
      services.access.createClient(ctx, {
        clientId,
        name,
        secret: secretOf(clientId),
        grants: roles.map(role => ({ role })),
      }),
    )
  return {
    clients: CLIENTS.map(({ clientId, roles }) => ({ clientId, clientSecret: secretOf(clientId), roles })),
    users: USERS.map(({ username, roles, about }) => ({
      username,
      password: secretOf(username),
      roles,
      about,
    })),
  }
}

const unlessThere = async (make: () => Promise<unknown>) => {
  try {
    await make()
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'conflict')) throw error
  }
}
