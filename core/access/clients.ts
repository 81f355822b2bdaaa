import { randomBytes } from 'node:crypto'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, type Ids, sha256 } from '../kernel/index.ts'
import { createGranting, type GrantRequest } from './grants.ts'
import { Client } from './model.ts'
import { unique } from './names.ts'
import { requireEverywhere } from './scope.ts'

export type NewClient = { clientId: string; name: string; secret?: string; grants: readonly GrantRequest[] }

/** API clients: made and granted. */
export const createClients = ({ db, ids, audit }: { db: Db; ids: Ids; audit: Audit }) => {
  const { grant } = createGranting({ db, ids })
  return {
    /** Makes an API client. Its secret is shown once, here; only a hash is kept. */
    createClient: async (
      ctx: Ctx,
      client: NewClient,
    ): Promise<{ clientId: string; clientSecret: string }> => {
      requireEverywhere(ctx, 'client:write')
      const secret = client.secret ?? randomBytes(32).toString('base64url')
      const id = ids.uuid()
      await db
        .transaction(async () => {
          await Client.create({
            id,
            client_id: client.clientId,
            name: client.name,
            secret_hash: sha256(secret),
          })
          await grant(id, client.grants)
          const { secret: _secret, ...shown } = client
          await audit.record(ctx, { action: 'client.create', subject: { type: 'client', id }, after: shown })
        })
        .catch(unique('client-id', client.clientId))
      return { clientId: client.clientId, clientSecret: secret }
    },
  }
}
