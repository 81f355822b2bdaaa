import sql, { empty, type Sql } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db, SortKey } from '../db/index.ts'
import {
  type Actor,
  type Clock,
  type Ctx,
  formatReference,
  type Ids,
  notFound,
  requireVersion,
} from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { alone } from './administration.ts'
import { changesOf } from './changes.ts'
import { createGranting, type GrantView } from './grants.ts'
import { Client } from './model.ts'
import { requireEverywhere } from './scope.ts'
import { accessThings } from './things.ts'

/** A secret as it may be shown: `id` is its reference, `hint` how it ends. `lastUsed` is a day. */
export type SecretView = {
  id: string
  hint: string | null
  createdAt: Date
  expiresAt: Date | null
  lastUsed: string | null
}
export type KeyView = { kid: string; alg: string; createdAt: Date; lastUsed: string | null }

/** An API client. `owner` is the username of who answers for it. Secrets are those that still work. */
export type ClientView = {
  clientId: string
  name: string
  owner: string | null
  status: 'active' | 'disabled'
  createdAt: Date
  version: number
  grants: GrantView[]
  secrets: SecretView[]
  keys: KeyView[]
}

export type ClientDeps = { db: Db; clock: Clock; ids: Ids; audit: Audit; outbox: Outbox }

type ClientRow = Omit<ClientView, 'grants' | 'secrets' | 'keys'> & { id: string }
type SecretRow = Omit<SecretView, 'id'> & { client: string; ref: string }

const { state: clientState } = accessThings.find(t => t.type === 'client')!

/** The secrets that work at an instant, of `access.client_secrets s`. */
export const isLive = (now: Date): Sql =>
  sql`s.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > ${now})`

/** Reading and changing API clients, as their use cases share it. */
export const createClientStore = ({ db, clock, ids, audit }: ClientDeps) => {
  const { grantsOf } = createGranting({ db, ids })

  /** The clients that a query picks from `access.clients c`, in its order, with `key` when it is sorted. */
  const load = async (which: Sql, key: Sql = empty): Promise<(ClientView & SortKey)[]> => {
    const rows = await db.query<ClientRow & SortKey>(sql`
      SELECT c.id, c.client_id AS "clientId", c.name, o.username AS owner, c.status,
             c.created_at AS "createdAt", c.version ${key}
      FROM access.clients c LEFT JOIN access.users o ON o.id = c.owner_id ${which}`)
    const found = rows.map(r => r.id)
    const secrets = await db.query<SecretRow>(sql`
      SELECT client_id AS client, ref, hint, created_at AS "createdAt", expires_at AS "expiresAt",
             last_used AS "lastUsed"
      FROM access.client_secrets s
      WHERE client_id = ANY(${found}::uuid[]) AND ${isLive(clock.now())} ORDER BY created_at, id`)
    const keys = await db.query<KeyView & { client: string }>(sql`
      SELECT client_id AS client, kid, alg, created_at AS "createdAt", last_used AS "lastUsed"
      FROM access.client_keys WHERE client_id = ANY(${found}::uuid[]) ORDER BY kid`)
    const grants = await grantsOf(found)
    return rows.map(({ id, ...row }) => ({
      ...row,
      grants: grants.get(id)!,
      secrets: secrets
        .filter(s => s.client === id)
        .map(({ client: _client, ref, ...secret }) => ({ id: formatReference('secret', ref), ...secret })),
      keys: keys.filter(k => k.client === id).map(({ client: _client, ...key }) => key),
    }))
  }

  /** A client in the words of the trail. */
  const stateOf = async (id: string): Promise<Record<string, unknown>> => {
    const row = await db.one<{ state: Record<string, unknown> }>(
      sql`SELECT t.state FROM (${clientState}) t WHERE t.id = ${id}`,
    )
    return row!.state
  }

  const get = async (clientId: string): Promise<ClientView> => {
    const [client] = await load(sql`WHERE c.client_id = ${clientId}`)
    if (!client) throw notFound('client')
    return client
  }

  return {
    load,
    get,
    stateOf,

    /**
     * Changes a client in a unit of work, at the `version` that was read (any, when left out), and gives what it is
     * then. What `work` made of it stands on the trail as the action; nothing, when all was so already. Throws
     * `not_found`, `precondition_failed`.
     */
    change: async (
      ctx: Ctx,
      clientId: string,
      version: number | undefined,
      action: string,
      work: (client: Client) => Promise<void>,
    ): Promise<ClientView> => {
      requireEverywhere(ctx, 'client:write')
      return db.transaction(async () => {
        await alone(db)
        const client = await Client.findOne({ where: { client_id: clientId }, lock: true })
        if (!client) throw notFound('client')
        requireVersion('client', client.version, version)
        const before = await stateOf(client.id)
        await work(client)
        const changes = changesOf(before, await stateOf(client.id))
        if (changes) {
          await client.update({ version: client.version + 1 })
          await audit.record(ctx, { action, subject: { type: 'client', id: client.id }, ...changes })
        }
        return get(clientId)
      })
    },
  }
}

export type ClientStore = ReturnType<typeof createClientStore>

/** The account that knows from now on how a client signs in. The product itself knows nothing afterwards. */
export const knower = ({ kind, id }: Actor): string | null => (kind === 'system' ? null : id)

/** The username of who answers for a client. */
export const ownerOf = async ({ db }: ClientDeps, { owner_id: id }: Client): Promise<string | null> => {
  const row = await db.one<{ username: string }>(sql`SELECT username FROM access.users WHERE id = ${id}`)
  return row?.username ?? null
}

/** Ends all access tokens of a client: those issued from now on are of another series. */
export const endTokens = async (client: Client): Promise<void> => {
  await client.update({ token_series: client.token_series + 1 })
}
