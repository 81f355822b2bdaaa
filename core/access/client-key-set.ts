import sql from 'sql-template-tag'
import type { Ctx } from '../kernel/index.ts'
import { type GivenKey, readClientKeys } from './client-keys.ts'
import { type ClientDeps, type ClientStore, type ClientView, endTokens } from './client-store.ts'

/** Public keys of API clients. */
export const createClientKeySet = ({ db, clock }: ClientDeps, store: ClientStore) => ({
  /** Puts public keys in the place of those it has. Taking one away ends every access token. */
  replaceClientKeys: (
    ctx: Ctx,
    clientId: string,
    given: readonly GivenKey[],
    version?: number,
  ): Promise<ClientView> =>
    store.change(ctx, clientId, version, async client => {
      const keys = readClientKeys(given)
      const ofClient = sql`client_id = ${client.id}`
      const had = await db.query<{ kid: string }>(
        sql`SELECT kid FROM access.client_keys WHERE ${ofClient} ORDER BY kid`,
      )
      const gone = await db.run(sql`
        DELETE FROM access.client_keys k WHERE ${ofClient} AND NOT EXISTS (
          SELECT 1 FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS g (kid text, alg text, jwk jsonb)
          WHERE g.kid = k.kid AND g.alg = k.alg AND g.jwk = k.jwk)`)
      await db.run(sql`
        INSERT INTO access.client_keys (client_id, kid, alg, jwk, created_at)
        SELECT ${client.id}, kid, alg, jwk, ${clock.now()}
        FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS g (kid text, alg text, jwk jsonb)
        ON CONFLICT (client_id, kid) DO NOTHING`)
      if (gone > 0) await endTokens(client)
      const kids = (list: readonly { kid: string }[]) => ({ keys: list.map(k => k.kid).toSorted() })
      return { action: 'client.keys', before: kids(had), after: kids(keys) }
    }),
})
