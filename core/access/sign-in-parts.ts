import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import { createOwnAccount } from './own-account.ts'
import { createPasswords } from './passwords-change.ts'
import { createRecovery } from './recovery.ts'
import { createSecondFactor } from './second-factor.ts'
import type { Sessions } from './sessions.ts'
import { createSessionList } from './sessions-list.ts'
import { createSignIn } from './sign-in.ts'
import { createProof } from './sign-in-proof.ts'
import { createThrottle } from './throttle.ts'
import { createTotp } from './totp.ts'

type Deps = { db: Db; clock: Clock; audit: Audit; keys: Keys; sessions: Sessions }

/** How people sign in, and what they do about it themselves: all of it over one throttle and one proof. */
export const createSigningIn = (deps: Deps) => {
  const { db, clock, sessions } = deps
  const throttle = createThrottle(db, clock)
  const totp = createTotp(deps)
  const recovery = createRecovery(deps)
  const proof = createProof({ ...deps, throttle, totp, recovery })
  const own = createOwnAccount({ db, proof })
  return {
    openSession: sessions.openSession,
    sessionOf: sessions.sessionOf,
    ...createSignIn({ ...deps, proof }),
    ...createSessionList(deps),
    ...createSecondFactor({ ...deps, own, proof, totp, recovery }),
    ...createPasswords({ ...deps, own }),
    /** Forgets failed sign-ins that no longer count and sign-ins that ended long ago. Run by a schedule. */
    sweep: async (): Promise<void> => {
      await throttle.sweep()
      await sessions.sweepSessions()
    },
  }
}
