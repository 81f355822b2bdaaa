import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ROLES } from '#core/access/index.ts'
import { migrate } from '#core/db/index.ts'
import { DomainError, systemCtx } from '#core/kernel/index.ts'
import { compose, createLog, type Services } from '../compose.ts'
import { prepare } from './environment.ts'
import type { Run } from './index.ts'

const ctx = systemCtx('command line', 'cli')
const PAGE = 200

/**
 * Adds a user with everything in reach, such as an installation's first administrator, and prints the password once;
 * `--temporary`: to be changed at the first sign-in. With `list`, prints the users there are.
 */
export const run: Run = async args => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      role: { type: 'string', multiple: true, default: ['system-administrator'] },
      email: { type: 'string' },
      temporary: { type: 'boolean', default: false },
    },
  })
  if (positionals[0] === 'list') return withServices(list)
  const { name, role: roles, email, temporary } = values
  if (!name || positionals.length > 0)
    throw new DomainError(
      'invalid',
      `Give the user a name: annona user --name NAME [--role ROLE …] [--email EMAIL] [--temporary], or annona user list. Roles: ${Object.keys(ROLES).join(', ')}, and those made here.`,
    )
  return withServices(services => add(services, { name, roles, email, temporary }))
}

type Asked = { name: string; roles: string[]; email: string | undefined; temporary: boolean }

const add = async ({ access }: Services, { name: username, roles, email, temporary }: Asked) => {
  const password = randomBytes(15).toString('base64url')
  const grants = roles.map(role => ({ role }))
  const user = { username, name: username, password, grants, temporary, ...(email ? { email } : {}) }
  await access.createUser(ctx, user)
  const until = temporary ? ', to be changed at the first sign-in' : ''
  process.stdout.write(`User ${username}, password ${password} (shown only here${until}).\n`)
}

const list = async ({ access }: Services) => {
  let cursor: string | undefined
  do {
    const { items, next } = await access.listUsers(ctx, {}, { limit: PAGE, cursor })
    for (const { username, status, roles } of items)
      process.stdout.write(`${username.padEnd(40)}  ${status.padEnd(8)}  ${roles.join(', ')}\n`)
    cursor = next
  } while (cursor)
}

/** Does the work over a database that is up to date. */
const withServices = async (work: (services: Services) => Promise<void>): Promise<number> => {
  const environment = await prepare(() => {})
  const { config, adminUrl } = environment
  const services = compose(config, createLog({ logLevel: 'error' }, 'cli'), {
    name: 'cli',
    statementTimeoutMs: 0,
  })
  try {
    await migrate({ adminUrl, appUrl: config.databaseUrl })
    await work(services)
    return 0
  } finally {
    await services.db.close()
    await environment.close()
  }
}
