import { timingSafeEqual } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Actor, type Clock, type Ctx, DomainError, sha256, systemCtx } from '../kernel/index.ts'
import type { createActors } from './actors.ts'
import { type Attempt, createThrottle } from './throttle.ts'

const refused = () =>
  new DomainError('unauthenticated', 'The client or its secret is not right, or the client is disabled.')

type Deps = { db: Db; clock: Clock; audit: Audit; actors: ReturnType<typeof createActors> }
type Call = Pick<Ctx, 'requestId' | 'address'>

/** What a client can be called. Anything else is not looked up: HTTP Basic can hold what the database cannot. */
const CLIENT_ID = /^[a-z0-9][a-z0-9._-]{1,59}$/

/** How API clients prove who they are. */
export const createClientCredentials = ({ db, clock, audit, actors }: Deps) => {
  const throttle = createThrottle(db, clock)

  const failed = async (call: Call, { name }: Attempt) => {
    await audit.record(
      { ...systemCtx('sign-in', call.requestId), address: call.address },
      { action: 'client.sign-in-failed', subject: { type: 'client', id: null }, after: { name } },
    )
    throw refused()
  }

  return {
    /** Checks an API client's secret. Throws `unauthenticated`. */
    authenticateClient: async (call: Call, clientId: string, secret: string): Promise<Actor> => {
      if (!CLIENT_ID.test(clientId)) throw refused()
      const attempt: Attempt = { kind: 'client', name: clientId, address: call.address ?? '' }
      const uncount = await throttle.begin(attempt)
      const row = await db.one<{ id: string; secret_hash: Buffer; status: string }>(
        sql`SELECT id, secret_hash, status FROM access.clients WHERE client_id = ${clientId}`,
      )
      const right = timingSafeEqual(sha256(secret), row?.secret_hash ?? Buffer.alloc(32))
      const actor = row && right && row.status === 'active' ? await actors('client', row.id) : undefined
      if (!actor) return failed(call, attempt)
      await uncount()
      await audit.record(
        { actor, ...call },
        { action: 'client.sign-in', subject: { type: 'client', id: actor.id } },
      )
      return actor
    },
  }
}
