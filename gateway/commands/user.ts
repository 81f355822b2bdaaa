import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ROLES } from '#core/access/index.ts'
import { migrate } from '#core/db/index.ts'
import { DomainError, systemCtx } from '#core/kernel/index.ts'
import { compose, createLog } from '../compose.ts'
import { prepare } from './environment.ts'
import type { Run } from './index.ts'

/** Adds a user with everything in reach, such as an installation's first administrator, and prints the password once. */
export const run: Run = async args => {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' },
      role: { type: 'string', multiple: true, default: ['system-administrator'] },
    },
  })
  if (!values.name)
    throw new DomainError(
      'invalid',
      `Give the user a name: annona user --name NAME [--role ROLE …]. Roles: ${Object.keys(ROLES).join(', ')}.`,
    )
  const environment = await prepare(() => {})
  const { config, adminUrl } = environment
  const services = compose(config, createLog({ logLevel: 'error' }, 'cli'), {
    name: 'cli',
    statementTimeoutMs: 0,
  })
  try {
    await migrate({ adminUrl, appUrl: config.databaseUrl })
    const password = randomBytes(15).toString('base64url')
    const user = {
      username: values.name,
      name: values.name,
      password,
      grants: values.role.map(role => ({ role })),
    }
    await services.access.createUser(systemCtx('command line', 'cli'), user)
    process.stdout.write(`User ${values.name}, password ${password} (shown only here).\n`)
    return 0
  } finally {
    await services.db.close()
    await environment.close()
  }
}
