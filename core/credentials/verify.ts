import { createPublicKey, type KeyObject } from 'node:crypto'
import sql, { empty } from 'sql-template-tag'
import { parseReference } from '../kernel/index.ts'
import type { CodecVerdict } from '../ports/credential-codec.ts'
import type { CredentialsDeps } from './index.ts'
import type { CredentialState } from './read.ts'

/** What is on record of a genuine credential: for `core/distribution`, which decides who may see it. */
export type OnRecord = {
  id: string
  entitlementId: string
  registrantId: string
  pointId: string | null
  holderName: string
  state: CredentialState
}

/** What the text of a QR code proves by itself: signature by a key we trust, and dates. Never throws for the text. */
export const verifyText =
  ({ keys, codec, clock }: CredentialsDeps) =>
  async (text: string): Promise<CodecVerdict> => {
    const trusted = new Map<string, { alg: 'ES256' | 'EdDSA'; key: KeyObject }>()
    for (const { kid, alg, jwk } of await keys.publicKeys('credential'))
      trusted.set(kid, { alg, key: createPublicKey({ key: jwk, format: 'jwk' }) })
    return codec.verifyQr(text, {
      keyFor: kid => trusted.get(Buffer.from(kid).toString('hex')),
      now: clock.now(),
    })
  }

/**
 * What is on record under a credential's reference. With `lock`, the row stays as it is until the caller's unit
 * of work ends: it is neither revoked nor redeemed by anybody else meanwhile.
 */
export const onRecord =
  ({ db }: CredentialsDeps) =>
  (reference: string, { lock }: { lock: boolean }): Promise<OnRecord | undefined> =>
    db.one<OnRecord>(sql`
      SELECT id, entitlement_id AS "entitlementId", registrant_id AS "registrantId", point_id AS "pointId",
        holder_name AS "holderName", state
      FROM credentials.credentials WHERE ref = ${parseReference('credential', reference) ?? null}
      ${lock ? sql`FOR UPDATE` : empty}`)
