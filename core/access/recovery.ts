import { randomInt } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, sha256 } from '../kernel/index.ts'

const CODES = 10
/** Eighty bits: nobody guesses one, however many networks they try from, and a plain hash of it gives nothing away. */
const CHARACTERS = 16
/** Crockford's Base32: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const fresh = (): string =>
  Array.from(
    { length: CHARACTERS },
    (_, i) => `${i > 0 && i % 4 === 0 ? '-' : ''}${ALPHABET[randomInt(32)]}`,
  ).join('')

/** As it was meant, however it was typed. */
const plain = (code: string): string =>
  code
    .toUpperCase()
    .replace(/[\s-]+/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')

const hashOf = (userId: string, code: string): Buffer => sha256(`${userId}/${plain(code)}`)

export type Recovery = ReturnType<typeof createRecovery>

/** Recovery codes: each takes the place of a second factor once. Only hashes are kept. */
export const createRecovery = ({ db, clock }: { db: Db; clock: Clock }) => ({
  /** New codes in place of all before them, shown here and never again. */
  renew: async (userId: string): Promise<string[]> => {
    const codes = Array.from({ length: CODES }, fresh)
    const hashes = codes.map(code => hashOf(userId, code))
    await db.run(sql`DELETE FROM access.recovery_codes WHERE user_id = ${userId}`)
    await db.run(sql`
      INSERT INTO access.recovery_codes (user_id, code_hash) SELECT ${userId}, unnest(${hashes}::bytea[])`)
    return codes
  },

  /** Uses a code up. False when it is none, or was used before. */
  use: async (userId: string, code: string): Promise<boolean> => {
    const used = await db.run(sql`
      UPDATE access.recovery_codes SET used_at = ${clock.now()}
      WHERE user_id = ${userId} AND code_hash = ${hashOf(userId, code)} AND used_at IS NULL`)
    return used === 1
  },

  /** How many codes were not used yet. */
  left: async (userId: string): Promise<number> => {
    const row = await db.one<{ left: number }>(sql`
      SELECT count(*)::int AS left FROM access.recovery_codes WHERE user_id = ${userId} AND used_at IS NULL`)
    return row!.left
  },

  forget: (userId: string): Promise<number> =>
    db.run(sql`DELETE FROM access.recovery_codes WHERE user_id = ${userId}`),
})
