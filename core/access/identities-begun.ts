import { randomBytes } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, notFound, sha256 } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { providersWhere, secretBoundTo } from './identity-providers-store.ts'

/** How long somebody may take at their provider. */
const MINUTES = 10

/** What is needed to speak with a provider. */
export type OidcProvider = {
  id: string
  code: string
  version: number
  issuer: string
  clientId: string
  clientSecret: string
  scopes: readonly string[]
  usernameClaim: string
  groupClaim: string
}
/** What only the two sides of a sign-in know (RFC 6749 section 10.12, OpenID Connect Core 3.1.2.1, RFC 7636). */
export type BegunSignIn = { state: string; nonce: string; verifier: string }
export type ReturnedSignIn = { nonce: string; verifier: string; returnTo: string }

const random = () => randomBytes(32).toString('base64url')
const boundTo = (stateHash: Buffer) => `access.identity_sign_ins/secrets_sealed/${stateHash.toString('hex')}`

/** Sign-ins on their way to a provider and back. */
export const createBegunSignIns = ({ db, clock, keys }: { db: Db; clock: Clock; keys: Keys }) => ({
  /** What a sign-in page offers. */
  offeredProviders: (): Promise<{ code: string; name: string }[]> =>
    db.query(sql`
      SELECT code, name FROM access.identity_providers WHERE state = 'active' ORDER BY name, code LIMIT 200`),

  /** An active provider with its secret: for the gateway, which speaks with it. */
  oidcProvider: async (code: string): Promise<OidcProvider> => {
    const [row] = await providersWhere(db, sql`p.code = ${code} AND p.state = 'active'`)
    if (!row) throw notFound('identity provider')
    return {
      id: row.id,
      code: row.code,
      version: row.version,
      issuer: row.issuer,
      clientId: row.client_id,
      clientSecret: keys.open(row.secret_sealed, secretBoundTo(row.id)).toString(),
      scopes: row.scopes,
      usernameClaim: row.username_claim,
      groupClaim: row.group_claim,
    }
  },

  /** Begins a sign-in that only the browser holding `browser` can complete, once, within ten minutes. */
  beginIdentitySignIn: async (
    provider: Pick<OidcProvider, 'id'>,
    browser: string,
    returnTo: string,
  ): Promise<BegunSignIn> => {
    const begun = { state: random(), nonce: random(), verifier: random() }
    const stateHash = sha256(begun.state)
    const secrets = Buffer.from(JSON.stringify({ nonce: begun.nonce, verifier: begun.verifier }))
    await db.run(sql`
      INSERT INTO access.identity_sign_ins (state_hash, browser_hash, provider_id, secrets_sealed, return_to, expires_at)
      VALUES (${stateHash}, ${sha256(browser)}, ${provider.id}, ${keys.seal(secrets, boundTo(stateHash))},
              ${returnTo}, ${new Date(clock.now().getTime() + MINUTES * 60_000)})`)
    return begun
  },

  /**
   * The sign-in that a browser comes back with: of two at the same moment one gets it. `undefined` when there is
   * none, it was begun elsewhere or with another provider, or took too long.
   */
  takeIdentitySignIn: async (
    provider: Pick<OidcProvider, 'id'>,
    state: string,
    browser: string,
  ): Promise<ReturnedSignIn | undefined> => {
    const stateHash = sha256(state)
    const row = await db.one<{ secrets_sealed: Buffer; return_to: string }>(sql`
      DELETE FROM access.identity_sign_ins
      WHERE state_hash = ${stateHash} AND browser_hash = ${sha256(browser)} AND provider_id = ${provider.id}
        AND expires_at > ${clock.now()}
      RETURNING secrets_sealed, return_to`)
    if (!row) return undefined
    const secrets = JSON.parse(keys.open(row.secrets_sealed, boundTo(stateHash)).toString()) as BegunSignIn
    return { nonce: secrets.nonce, verifier: secrets.verifier, returnTo: row.return_to }
  },

  /** Forgets sign-ins that never came back. Run by a schedule. */
  sweepIdentitySignIns: () =>
    db.run(sql`DELETE FROM access.identity_sign_ins WHERE expires_at < ${clock.now()}`),
})
