import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Ctx } from '../kernel/index.ts'
import { alone } from './administration.ts'
import { createClientChanges, ownerNamed } from './client-changes.ts'
import { createClientKeySet } from './client-key-set.ts'
import { addSecret, createClientSecrets, type SecretDeps } from './client-secrets.ts'
import { createClientStore } from './client-store.ts'
import { readClients } from './clients-read.ts'
import { createGranting, type GrantRequest } from './grants.ts'
import { createMachines } from './machines.ts'
import { Client } from './model.ts'
import { unique } from './names.ts'
import { createPersons } from './persons.ts'
import { requireEverywhere } from './scope.ts'

/** `owner` is the username of who answers for it. Without a `secret` one is made. */
export type NewClient = {
  clientId: string
  name: string
  owner?: string
  secret?: string
  grants: readonly GrantRequest[]
}

/** API clients: made, granted, stopped; their secrets and keys. */
export const createClients = (deps: SecretDeps) => {
  const { db, ids, audit } = deps
  const store = createClientStore(deps)
  const granting = createGranting(deps)
  const persons = createPersons(deps)
  const machines = createMachines(deps)

  return {
    ...readClients(deps, store),
    ...createClientChanges(deps, store),
    ...createClientSecrets(deps, store),
    ...createClientKeySet(deps, store),

    /** Makes an API client. Its secret is shown once, here; only a hash is kept. */
    createClient: async (
      ctx: Ctx,
      client: NewClient,
    ): Promise<{ clientId: string; clientSecret: string }> => {
      requireEverywhere(ctx, 'client:write')
      const { clientId, name, secret, grants } = client
      return db
        .transaction(async () => {
          await alone(db)
          const owner = client.owner === undefined ? null : await ownerNamed(client.owner)
          if (owner && grants.length > 0) await persons.requireOther(ctx, owner.id)
          await machines.requireByHand(ctx, grants)
          const id = ids.uuid()
          const ownerId = owner?.id ?? null
          await Client.create({
            id,
            client_id: clientId,
            name,
            owner_id: ownerId,
            maker_id: await makerOf(db, ctx),
          })
          await granting.grant(id, grants)
          const made = await addSecret(deps, ctx, id, secret)
          await audit.record(ctx, {
            action: 'client.create',
            subject: { type: 'client', id },
            after: await store.stateOf(id),
          })
          return { clientId, clientSecret: made.secret }
        })
        .catch(unique('client-id', clientId))
    },
  }
}

/** The user who is shown the secret: the actor, or whoever is behind the client that acts. */
const makerOf = async (db: Db, { actor }: Ctx): Promise<string | null> => {
  if (actor.kind === 'user') return actor.id
  const row = await db.one<{ maker: string | null }>(
    sql`SELECT coalesce(owner_id, maker_id) AS maker FROM access.clients WHERE id = ${actor.id}`,
  )
  return row?.maker ?? null
}
