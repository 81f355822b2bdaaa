import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Actor, Clock, Ids } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { createActors, loadActor } from './actors.ts'
import { createClientCredentials } from './client-credentials.ts'
import type { ClientSettings } from './client-secrets.ts'
import { createClientTokens } from './client-tokens.ts'
import { createClients } from './clients.ts'
import { createRoles } from './custom-roles.ts'
import { readHolders } from './holders.ts'
import { createSingleSignOn } from './identities-parts.ts'
import { initModels } from './model.ts'
import { ownProfile } from './own-grants.ts'
import { createPersons } from './persons.ts'
import { programIdsOf } from './programs.ts'
import { createSessions, type SignInSettings } from './sessions.ts'
import { createSigningIn } from './sign-in-parts.ts'
import { createUsers } from './users.ts'
import { standingChanged } from './watch.ts'

export { noMoreThan } from './actors.ts'
export type { ClientUpdate } from './client-changes.ts'
export type { AuthenticatedClient, Proof, Prove, Refusal } from './client-credentials.ts'
export { CLIENT_KEY_ALGORITHMS, type ClientKey, type GivenKey } from './client-keys.ts'
export type { ClientView } from './client-store.ts'
export type { ClientToken } from './client-tokens.ts'
export type { NewClient } from './clients.ts'
export type { ClientFilter } from './clients-read.ts'
export type { RoleInput, RoleView } from './custom-roles.ts'
export type { GrantRequest, GrantView } from './grants.ts'
export type { Identities } from './hands.ts'
export { ACTIVE_USERS, type Holder, holders, type Right } from './holders.ts'
export type { Identity } from './identities.ts'
export type { BegunSignIn, OidcProvider, ReturnedSignIn } from './identities-begun.ts'
export type { NewProvider, ProviderChange, ProviderSettings, ProviderView } from './identity-providers.ts'
export { claimAt } from './identity-providers-rules.ts'
export {
  type Masking,
  type Masks,
  maskedValue,
  masking,
  requireUnmasked,
  shownAs,
} from './masking.ts'
export { MASK_MEANINGS, MASKABLE, type Maskable, ROLE_MASKS } from './masks.ts'
export { MEANINGS, PERMISSIONS, type Permission } from './permissions.ts'
export type { UserDetail, UserFilter, UserView } from './read-users.ts'
export { ROLE_TEXTS, ROLES } from './roles.ts'
export {
  andVisible,
  clear,
  masksEverywhere,
  ownOrVisible,
  reachedInRole,
  requireEverywhere,
  requirePermission,
  requireProgram,
  requireWholeProgram,
  type ScopedColumns,
  searchable,
  visible,
  visibleOfAll,
} from './scope.ts'
export type { Separation } from './separation.ts'
export {
  csrfMatches,
  csrfOf,
  type OpenedSession,
  SESSION_PREFIX,
  type SignInBy,
  type SignInCall,
} from './sessions.ts'
export type { SessionView } from './sessions-list.ts'
export type { Shown } from './sign-in-proof.ts'
export { accessThings } from './things.ts'
export type { UserChange } from './user-changes.ts'
export type { NewUser } from './users.ts'
export { watcherHolds } from './watch.ts'

export type Access = ReturnType<typeof createAccess>

/** Who may sign in, and what they may do where. */
export const createAccess = (deps: {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  keys: Keys
  outbox: Outbox
  settings: SignInSettings & ClientSettings
}) => {
  initModels(deps.db.sequelize)
  const actors = createActors(deps.db)
  const load = loadActor(deps.db)
  const sessions = createSessions({ ...deps, actors })
  const persons = createPersons(deps)
  return {
    ...createUsers({ ...deps, sessions }),
    ...createRoles(deps),
    ...createClients(deps),
    ...createClientCredentials({ ...deps, actors }),
    ...createClientTokens(deps),
    ...createSigningIn({ ...deps, sessions }),
    ...createSingleSignOn({ ...deps, sessions, persons }),
    identitiesOf: persons.identitiesOf,
    supervisorOf: persons.supervisorOf,
    ...readHolders(deps.db),
    programIdsOf: programIdsOf(deps.db),
    ownProfile: ownProfile(deps.db),
    /** Over watchers: see `standingChanged` in `watch.ts`. */
    standingChanged: () => standingChanged(sessions.lasts(), deps.clock.now()),
    /** An account as it is now: for tokens and jobs that name one. `undefined` when it is gone or disabled. */
    actorNow: async (who: { kind: string; id: string; signedInBy?: string }): Promise<Actor | undefined> =>
      who.kind === 'user' || who.kind === 'client' ? actors(who.kind, who.id, who.signedInBy) : undefined,
    /** The same, read at this very moment: for what must not rest on a grant that was just taken away. */
    actorAtThisMoment: async (who: Actor): Promise<Actor | undefined> =>
      who.kind === 'system' ? who : load(who.kind, who.id, who.signedInBy),
  }
}
