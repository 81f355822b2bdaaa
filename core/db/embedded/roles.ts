import { Client } from 'pg'
import type { Passwords } from './cluster.ts'

/** The database of the application, in every server of ours. */
export const DATABASE = 'annona'

/** The three roles of a server of ours. */
export const ROLES = { superuser: 'postgres', owner: 'annona_owner', app: 'annona_app' } as const

/** The connection URL of a role on a server of ours. */
export const urlOf = (role: keyof typeof ROLES, passwords: Passwords, port: number, database = DATABASE) =>
  `postgres://${ROLES[role]}:${passwords[role]}@127.0.0.1:${port}/${database}`

/**
 * Makes the roles and the database where they are missing. The owner, no superuser, owns the database and so may
 * migrate it and create trusted extensions; the application's role may connect and owns nothing.
 */
export async function ensureDatabase(passwords: Passwords, port: number): Promise<void> {
  await withClient(urlOf('superuser', passwords, port, 'postgres'), async client => {
    for (const role of ['owner', 'app'] as const) {
      const known = await client.query('select from pg_roles where rolname = $1', [ROLES[role]])
      if (!known.rowCount)
        await client.query(`create role ${ROLES[role]} login password '${passwords[role]}'`)
    }
    const known = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (!known.rowCount) await client.query(`create database ${DATABASE} owner ${ROLES.owner}`)
  })
  await withClient(urlOf('superuser', passwords, port), async client => {
    await client.query(`
      revoke all on database ${DATABASE} from public;
      grant connect, temporary on database ${DATABASE} to ${ROLES.app};
      revoke create on schema public from public`)
  })
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // the statement under way is rejected with it
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
