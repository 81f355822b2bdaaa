import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Actor, Clock, Ids } from '../kernel/index.ts'
import { createAccounts } from './accounts.ts'
import { createActors } from './actors.ts'
import { initModels } from './model.ts'
import { programIdsOf } from './programs.ts'
import { createSignIn } from './sign-in.ts'

export type { GrantRequest, NewClient, NewUser, UserView } from './accounts.ts'
export { PERMISSIONS, type Permission, permissionsOf, ROLES } from './roles.ts'
export {
  andVisible,
  requireEverywhere,
  requirePermission,
  requireProgram,
  requireWholeProgram,
  type ScopedColumns,
  visible,
} from './scope.ts'
export { SESSION_PREFIX } from './sign-in.ts'

export type Access = ReturnType<typeof createAccess>

/** Who may sign in, and what they may do where. */
export const createAccess = (deps: { db: Db; clock: Clock; ids: Ids; audit: Audit }) => {
  initModels(deps.db.sequelize)
  const actors = createActors(deps.db)
  return {
    ...createAccounts(deps),
    ...createSignIn({ ...deps, actors }),
    programIdsOf: programIdsOf(deps.db),
    /** An account as it is now: for tokens and jobs that name one. `undefined` when it is gone or disabled. */
    actorNow: async (who: { kind: string; id: string }): Promise<Actor | undefined> =>
      who.kind === 'user' || who.kind === 'client' ? actors(who.kind, who.id) : undefined,
  }
}
