import sql from 'sql-template-tag'
import type { Ctx } from '../kernel/index.ts'
import { type GivenKey, readClientKeys } from './client-keys.ts'
import { type ClientDeps, type ClientStore, type ClientView, endTokens, knower } from './client-store.ts'

/** Public keys of API clients. */
export const createClientKeySet = ({ db, clock }: ClientDeps, store: ClientStore) => ({
  /**
   * Puts public keys in the place of those it has. Taking one away ends every access token. Whoever brings a key is taken to
   * have the private one.
   */
  replaceClientKeys: (
    ctx: Ctx,
    clientId: string,
    given: readonly GivenKey[],
    version?: number,
  ): Promise<ClientView> =>
    store.change(ctx, clientId, version, 'client.keys', async client => {
      const ofClient = sql`client_id = ${client.id}`
      const next = sql`
        SELECT kid, alg, jwk
        FROM jsonb_to_recordset(${JSON.stringify(readClientKeys(given))}::jsonb) AS g (kid text, alg text, jwk jsonb)`
      const gone = await db.run(sql`
        DELETE FROM access.client_keys WHERE ${ofClient} AND (kid, alg, jwk) NOT IN (${next})`)
      await db.run(sql`
        INSERT INTO access.client_keys (client_id, kid, alg, jwk, set_by, created_at)
        SELECT ${client.id}, n.*, ${knower(ctx.actor)}::uuid, ${clock.now()} FROM (${next}) n
        ON CONFLICT (client_id, kid) DO NOTHING`)
      if (gone > 0) await endTokens(client)
    }),
})
