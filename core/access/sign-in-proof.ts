import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Actor, type Clock, type Ctx, systemCtx } from '../kernel/index.ts'
import { networkOf } from '../limits/index.ts'
import { NOBODY, passwordMatches } from './passwords.ts'
import type { Recovery } from './recovery.ts'
import type { createThrottle, Right } from './throttle.ts'
import type { Totp } from './totp.ts'

/** What somebody shows to prove who they are: their password and, where there is a second factor, one code. */
export type Shown = { password: string; code?: string | undefined; recoveryCode?: string | undefined }

/** An account as sign-in sees it. `enrolled`: it has a second factor. */
export type Account = {
  id: string
  username: string
  name: string
  personId: string
  passwordHash: string
  status: string
  enrolled: boolean
}

export type ProofDeps = {
  db: Db
  clock: Clock
  audit: Audit
  throttle: ReturnType<typeof createThrottle>
  totp: Totp
  recovery: Recovery
}
type Call = Pick<Ctx, 'requestId' | 'address'>

/** The account of a name, as it is now. */
export const accountOf = (db: Db, username: string): Promise<Account | undefined> =>
  db.one<Account>(sql`
    SELECT id, username, name, person_id AS "personId", password_hash AS "passwordHash", status,
           EXISTS (SELECT FROM access.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS enrolled
    FROM access.users u WHERE username = ${username}`)

/** How long a network is remembered on which somebody has shown their second factor. */
const KNOWN_DAYS = 90

export type Proof = ReturnType<typeof createProof>

/** Checks what people show to prove who they are, counting before and telling the audit trail after. */
export const createProof = ({ db, clock, audit, throttle, totp, recovery }: ProofDeps) => {
  const tellFailure = (call: Call, action: string, id: string | null, after: Record<string, unknown>) =>
    audit.record(
      { ...systemCtx('sign-in', call.requestId), address: call.address },
      { action, subject: { type: 'user', id }, after },
    )

  /** Whether the user has shown a second factor on this network before. */
  const isKnown = async (userId: string, address: string): Promise<boolean> => {
    const since = new Date(clock.now().getTime() - KNOWN_DAYS * 86_400_000)
    const row = await db.one(sql`
      SELECT FROM access.sessions
      WHERE user_id = ${userId} AND network = ${networkOf(address)} AND second_factor AND created_at > ${since}
      LIMIT 1`)
    return row !== undefined
  }

  return {
    /**
     * The active account of this name, if the password is its own. It counts as a failed attempt until `right` is
     * called. Throws `rate_limited`.
     */
    password: async (
      call: Call,
      name: string,
      password: string,
    ): Promise<{ account: Account; right: Right } | undefined> => {
      const right = await throttle.begin({ kind: 'user', name, address: call.address ?? '' })
      const account = await accountOf(db, name)
      const matches = await passwordMatches(password, account?.passwordHash || NOBODY)
      if (account && matches && account.status === 'active') return { account, right }
      // A name that is nobody's may well be a password, typed into the wrong field: nothing of it is kept.
      await tellFailure(
        call,
        'user.sign-in-failed',
        account?.id ?? null,
        account ? { name } : { nameLength: name.length },
      )
      return undefined
    },

    /**
     * Counts a code that is about to be used; call `right` when it was. A recovery code is not guessed, and so remains
     * when guessing has used up the codes. Throws `rate_limited`.
     */
    beginCode: async (call: Call, userId: string, shown: Pick<Shown, 'code'>): Promise<Right> => {
      if (shown.code === undefined) return async () => {}
      const address = call.address ?? ''
      return throttle.beginCode({ userId, address, known: await isKnown(userId, address) })
    },

    /** Uses up the code or recovery code shown, in the unit of work of what it is shown for. */
    useCode: async (call: Call, account: Account, { code, recoveryCode }: Shown): Promise<boolean> => {
      if (code !== undefined) return totp.use(account.id, code)
      if (recoveryCode === undefined || !(await recovery.use(account.id, recoveryCode))) return false
      const actor: Actor = { kind: 'user', id: account.id, name: account.username, grants: [] }
      await audit.record(
        { actor, requestId: call.requestId, address: call.address },
        {
          action: 'user.recovery-code-use',
          subject: { type: 'user', id: account.id },
          after: { recoveryCodesLeft: await recovery.left(account.id) },
        },
      )
      return true
    },

    /** Somebody knew the password, and then showed no code that was right. */
    codeFailed: (call: Call, account: Account): Promise<void> =>
      tellFailure(call, 'user.second-factor-failed', account.id, { name: account.username }),
    /** Somebody knew the password, and is asked for a code. */
    codeAsked: (call: Call, account: Account): Promise<void> =>
      tellFailure(call, 'user.second-factor-ask', account.id, { name: account.username }),
  }
}
