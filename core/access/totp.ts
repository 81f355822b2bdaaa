import { Secret, TOTP } from 'otpauth'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, ruleViolated } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'

/** What every authenticator app understands; most understand nothing else (RFC 6238 with its defaults). */
const SCHEME = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Codes of the step before and after count as well: clocks differ and people type slowly (section 5.2). */
const WINDOW = 1
/** 160 bits, as long as the hash (RFC 4226 section 4). */
const SECRET_BYTES = 20
const PRODUCT = 'Annona'

/** What a user's authenticator app needs to know: the secret in Base32, and all of it as an `otpauth:` address. */
export type TotpSecret = { secret: string; uri: string }

/**
 * The time step whose code this is, among those that count at an instant (milliseconds); undefined when of none.
 * A code is six digits.
 */
export const stepOf = (secret: Uint8Array, code: string, at: number): number | undefined => {
  const totp = new TOTP({ ...SCHEME, secret: new Secret({ buffer: Uint8Array.from(secret).buffer }) })
  const delta = totp.validate({ token: code, timestamp: at, window: WINDOW })
  return delta === null ? undefined : totp.counter({ timestamp: at }) + delta
}

export type Totp = ReturnType<typeof createTotp>

/** Time-based codes: a secret is begun, confirmed by a code, and from then on each code counts once. */
export const createTotp = ({ db, clock, keys }: { db: Db; clock: Clock; keys: Keys }) => {
  const boundTo = (userId: string) => `access.totp/secret_sealed/${userId}`

  /** Uses a code up: none of its time step or an earlier one counts again. False when it is not right, or was used. */
  const useUp = async (userId: string, code: string, isConfirmed: boolean): Promise<boolean> => {
    const row = await db.one<{ secret_sealed: Buffer }>(sql`
      SELECT secret_sealed FROM access.totp
      WHERE user_id = ${userId} AND (confirmed_at IS NOT NULL) = ${isConfirmed}`)
    const now = clock.now()
    const step = row && stepOf(keys.open(row.secret_sealed, boundTo(userId)), code, now.getTime())
    if (!row || step === undefined) return false
    const used = await db.run(sql`
      UPDATE access.totp SET last_step = ${step}, confirmed_at = coalesce(confirmed_at, ${now})
      WHERE user_id = ${userId} AND last_step < ${step}`)
    return used === 1
  }

  return {
    /** A fresh secret, in place of one that was begun but not confirmed. */
    begin: async (user: { id: string; username: string }): Promise<TotpSecret> => {
      const secret = new Secret({ size: SECRET_BYTES })
      const sealed = keys.seal(secret.bytes, boundTo(user.id))
      const begun = await db.run(sql`
        INSERT INTO access.totp AS t (user_id, secret_sealed) VALUES (${user.id}, ${sealed})
        ON CONFLICT (user_id) DO UPDATE SET secret_sealed = ${sealed} WHERE t.confirmed_at IS NULL`)
      if (begun === 0)
        throw ruleViolated('second-factor-on', 'There is a second factor already. Remove it first.')
      const uri = new TOTP({ ...SCHEME, issuer: PRODUCT, label: user.username, secret }).toString()
      return { secret: secret.base32, uri }
    },

    confirm: (userId: string, code: string): Promise<boolean> => useUp(userId, code, false),
    use: (userId: string, code: string): Promise<boolean> => useUp(userId, code, true),

    /** Since when codes are asked for; undefined when they are not. */
    confirmedAt: async (userId: string): Promise<Date | undefined> => {
      const row = await db.one<{ confirmed_at: Date | null }>(
        sql`SELECT confirmed_at FROM access.totp WHERE user_id = ${userId}`,
      )
      return row?.confirmed_at ?? undefined
    },

    /** Tells whether there was anything to forget. */
    forget: async (userId: string): Promise<boolean> =>
      (await db.run(sql`DELETE FROM access.totp WHERE user_id = ${userId}`)) === 1,
  }
}
