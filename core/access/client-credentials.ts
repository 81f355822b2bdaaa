import { timingSafeEqual } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Actor, type Clock, type Ctx, DomainError, dayOf, sha256, systemCtx } from '../kernel/index.ts'
import type { createActors } from './actors.ts'
import type { ClientKey } from './client-keys.ts'
import { isLive } from './client-store.ts'
import { createThrottle } from './throttle.ts'

const refused = () =>
  new DomainError(
    'unauthenticated',
    'The client, its secret or its assertion is not right, or the client is disabled.',
  )

/** How long a used assertion is remembered beyond its end: clocks of gateways differ. */
const MARGIN_MS = 600_000
/** What a client can be called. Anything else is not looked up: HTTP Basic can hold what the database cannot. */
const CLIENT_ID = /^[a-z0-9][a-z0-9._-]{1,59}$/

type Deps = { db: Db; clock: Clock; audit: Audit; actors: ReturnType<typeof createActors> }
type Call = Pick<Ctx, 'requestId' | 'address'>

/** A client that proved who it is, and the series that its tokens are issued in now. */
export type AuthenticatedClient = { actor: Actor; series: number }
/** What a client's assertion came to: the key that verified it, its id and its end. */
export type Proof = { kid: string; jti: string; expiresAt: Date }
/** What is wrong with an assertion: for the trail alone, never for the answer. */
export type Refusal = 'unknown-key' | 'signature' | 'audience' | 'expired' | 'claims'
/** Checks an assertion with the keys that its client registered. */
export type Prove = (keys: readonly ClientKey[]) => Promise<Proof | Refusal>

type Wrong = Refusal | 'replayed' | 'secret'
type ClientRow = { id: string; series: number }
type SecretRow = { id: string; hash: Buffer; last_used: string | null }

/** How API clients prove who they are. */
export const createClientCredentials = (deps: Deps) => {
  const { db, clock, audit, actors } = deps
  const throttle = createThrottle(db, clock)

  /** One attempt: counted, looked up, checked by `wrongWith`, and told to the audit trail with what was wrong. */
  const attempt = async (
    call: Call,
    clientId: string,
    wrongWith: (client: ClientRow | undefined) => Promise<Wrong | undefined>,
  ): Promise<AuthenticatedClient> => {
    if (!CLIENT_ID.test(clientId)) throw refused()
    const right = await throttle.begin({ kind: 'client', name: clientId, address: call.address ?? '' })
    const row = await db.one<ClientRow>(sql`
      SELECT id, token_series AS series FROM access.clients WHERE client_id = ${clientId} AND status = 'active'`)
    const wrong = await wrongWith(row)
    const actor = row && wrong === undefined ? await actors('client', row.id) : undefined
    if (!actor || !row) {
      await audit.record(
        { ...systemCtx('sign-in', call.requestId), address: call.address },
        {
          action: 'client.sign-in-failed',
          subject: { type: 'client', id: null },
          after: { name: clientId, reason: wrong ?? 'disabled' },
        },
      )
      throw refused()
    }
    await right()
    await audit.record(
      { ...call, actor },
      { action: 'client.sign-in', subject: { type: 'client', id: actor.id } },
    )
    return { actor, series: row.series }
  }

  return {
    /** Checks an API client's secret. Throws `unauthenticated`. */
    authenticateClient: (call: Call, clientId: string, secret: string): Promise<AuthenticatedClient> =>
      attempt(call, clientId, client => wrongSecret(deps, client, secret)),

    /**
     * Lets a client prove itself by an assertion (RFC 7523 section 2.2), which is used up by that. Throws
     * `unauthenticated`.
     */
    authenticateByAssertion: (call: Call, clientId: string, prove: Prove): Promise<AuthenticatedClient> =>
      attempt(call, clientId, client => wrongAssertion(deps, client, prove)),
  }
}

const wrongSecret = async (
  { db, clock }: Deps,
  client: ClientRow | undefined,
  secret: string,
): Promise<Wrong | undefined> => {
  const now = clock.now()
  const live = await db.query<SecretRow>(sql`
    SELECT s.id, s.hash, s.last_used FROM access.client_secrets s
    WHERE s.client_id = ${client?.id ?? null}::uuid AND ${isLive(now)}`)
  const given = sha256(secret)
  const right = live.find(s => timingSafeEqual(given, s.hash))
  if (right && right.last_used !== dayOf(now))
    await db.run(sql`UPDATE access.client_secrets SET last_used = ${dayOf(now)} WHERE id = ${right.id}`)
  return right ? undefined : 'secret'
}

const wrongAssertion = async (
  { db, clock }: Deps,
  client: ClientRow | undefined,
  prove: Prove,
): Promise<Wrong | undefined> => {
  const keys = await db.query<ClientKey>(
    sql`SELECT kid, alg, jwk FROM access.client_keys WHERE client_id = ${client?.id ?? null}::uuid`,
  )
  const proof = await prove(keys)
  if (typeof proof === 'string') return proof
  if (!client) return 'unknown-key'
  const isFirst = await db.run(sql`
    INSERT INTO access.used_assertions (client_id, jti_hash, expires_at)
    VALUES (${client.id}, ${sha256(proof.jti)}, ${new Date(proof.expiresAt.getTime() + MARGIN_MS)})
    ON CONFLICT (client_id, jti_hash) DO NOTHING`)
  if (!isFirst) return 'replayed'
  const today = dayOf(clock.now())
  await db.run(sql`
    UPDATE access.client_keys SET last_used = ${today}
    WHERE client_id = ${client.id} AND kid = ${proof.kid} AND last_used IS DISTINCT FROM ${today}`)
  return undefined
}
