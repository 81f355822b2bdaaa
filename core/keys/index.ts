import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, DomainError, type Ids } from '../kernel/index.ts'
import { seal, unseal } from './sealed.ts'

export type KeyPurpose = 'audit' | 'token' | 'credential'
export type KeyAlg = 'ES256' | 'EdDSA'

/** A key to verify with. `kid` is eight hexadecimal digits: four bytes, as short as a QR needs it. */
export type PublicKey = { kid: string; purpose: KeyPurpose; alg: KeyAlg; state: string; jwk: JsonWebKey }
/** A key to sign with. */
export type SigningKey = PublicKey & { privateKey: KeyObject }

const ALG: Record<KeyPurpose, KeyAlg> = { audit: 'EdDSA', token: 'ES256', credential: 'ES256' }

export type Keys = ReturnType<typeof createKeys>

/**
 * The key store. Private keys are encrypted at rest under `masterKey` (32 bytes) and opened once per process.
 * States: next → active → retired → revoked; what was signed by a retired key still verifies, by a revoked
 * one it does not.
 */
export const createKeys = ({
  db,
  clock,
  ids,
  masterKey,
}: {
  db: Db
  clock: Clock
  ids: Ids
  masterKey: Buffer
}) => {
  const opened = new Map<string, KeyObject>()

  const openKey = (row: KeyRow): SigningKey => {
    const key =
      opened.get(row.id) ??
      createPrivateKey({
        key: unseal(masterKey, row.private_sealed, boundTo(row.id)),
        format: 'der',
        type: 'pkcs8',
      })
    opened.set(row.id, key)
    return { ...present(row), privateKey: key }
  }

  const active = (purpose: KeyPurpose) =>
    db.one<KeyRow>(sql`SELECT * FROM keys.keys WHERE purpose = ${purpose} AND state = 'active'`)

  const verifying = (purpose: KeyPurpose) =>
    db.query<KeyRow>(
      sql`SELECT * FROM keys.keys WHERE purpose = ${purpose} AND state <> 'revoked' ORDER BY created_at`,
    )

  return {
    /**
     * Opens a key, if there are any. Throws when the master key is not the one they were sealed with; while the
     * database does not answer, nothing can be said.
     */
    check: async (): Promise<void> => {
      const row = await db
        .one<KeyRow>(sql`SELECT * FROM keys.keys ORDER BY created_at DESC LIMIT 1`)
        .catch(error => {
          if (!(error instanceof DomainError && error.code === 'unavailable')) throw error
        })
      try {
        if (row) openKey(row)
      } catch (error) {
        throw new Error(
          'The master key is not the one that the keys in this database are encrypted with. Put the right one into ANNONA_MASTER_KEY or master.key.',
          { cause: error },
        )
      }
    },

    /** The active key of a purpose; the first one is made on first use, by one process, whoever asks. */
    signingKey: async (purpose: KeyPurpose): Promise<SigningKey> => {
      const row = await active(purpose)
      if (row) return openKey(row)
      const made = generate(ALG[purpose])
      const id = ids.uuid()
      await db.run(sql`
        INSERT INTO keys.keys (id, kid, purpose, alg, state, public_jwk, private_sealed, created_at)
        VALUES (${id}, ${randomBytes(4).toString('hex')}, ${purpose}, ${ALG[purpose]}, 'active', ${made.jwk},
                ${seal(masterKey, made.pkcs8, boundTo(id))}, ${clock.now()})
        ON CONFLICT (purpose) WHERE state = 'active' DO NOTHING`)
      return openKey((await active(purpose))!)
    },

    /** Every key of a purpose that may still verify something. */
    publicKeys: async (purpose: KeyPurpose): Promise<PublicKey[]> => (await verifying(purpose)).map(present),

    /**
     * Of these the keys that were made here: their private part opens under the master key, and the public one is worked
     * out from it. What somebody else put into the table is not among them.
     */
    ownKeys: async (purpose: KeyPurpose): Promise<PublicKey[]> =>
      (await verifying(purpose)).flatMap(row => {
        try {
          return { ...present(row), jwk: createPublicKey(openKey(row).privateKey).export({ format: 'jwk' }) }
        } catch {
          return []
        }
      }),

    /**
     * Encrypts another module's secret for the database. `boundTo` names table, column and row, such as
     * `access.totp/secret_sealed/<id>`: in another row it does not open.
     */
    seal: (plain: Uint8Array, boundTo: string): Buffer => seal(masterKey, plain, boundTo),

    /** Opens what `seal` made. Throws when it was changed, or sealed for another row or under another key. */
    open: (sealed: Buffer, boundTo: string): Buffer => unseal(masterKey, sealed, boundTo),
  }
}

type KeyRow = {
  id: string
  kid: string
  purpose: KeyPurpose
  alg: KeyAlg
  state: string
  public_jwk: JsonWebKey
  private_sealed: Buffer
}

const boundTo = (id: string) => `keys.keys/private_sealed/${id}`

const present = (row: KeyRow): PublicKey => ({
  kid: row.kid,
  purpose: row.purpose,
  alg: row.alg,
  state: row.state,
  jwk: row.public_jwk,
})

const generate = (alg: KeyAlg): { pkcs8: Buffer; jwk: JsonWebKey } => {
  const { privateKey, publicKey } =
    alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
  return {
    pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }),
    jwk: publicKey.export({ format: 'jwk' }),
  }
}
