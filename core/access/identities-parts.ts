import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { createIdentities } from './identities.ts'
import { createBegunSignIns } from './identities-begun.ts'
import { createOwnIdentities } from './identities-own.ts'
import { createIdentitySignIn } from './identities-sign-in.ts'
import { createIdentityProviders } from './identity-providers.ts'
import type { Persons } from './persons.ts'
import type { Sessions } from './sessions.ts'

type Deps = {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  outbox: Outbox
  keys: Keys
  sessions: Sessions
  persons: Persons
}

/** Single sign-on: its providers, who is whom at them, and signing in by them. */
export const createSingleSignOn = (deps: Deps) => ({
  ...createIdentityProviders(deps),
  ...createIdentities(deps),
  ...createOwnIdentities(deps),
  ...createBegunSignIns(deps),
  ...createIdentitySignIn(deps),
})
