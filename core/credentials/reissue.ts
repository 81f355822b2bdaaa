import { requirePermission } from '../access/index.ts'
import { type Ctx, conflict, formatReference, invalid } from '../kernel/index.ts'
import { applyChange, checkReason, lockCredential, REVOKE } from './change-state.ts'
import { dueById } from './due.ts'
import type { CredentialsDeps } from './index.ts'
import { signAll, storeAll } from './issue.ts'

/**
 * Replaces a credential: the former one is revoked and a new one issued for the same entitlement. Throws
 * `conflict` when it is suspended (restore it first), when its entitlement has another live credential, or when
 * nothing is due on the entitlement any more.
 */
export const reissue =
  (deps: CredentialsDeps) =>
  async (ctx: Ctx, reference: string, reason: string): Promise<{ reference: string }> => {
    requirePermission(ctx, 'credential:issue')
    const why = checkReason(reason)
    const former = await mayBeReplaced(deps, ctx, reference)
    const due = await dueById(deps.db, former.entitlement_id)
    if (!due) throw conflict('Nothing is due on this entitlement any more.', 'nothing-due')
    const { signed, unfit } = await signAll(deps, [due])
    const [credential] = signed
    if (!credential) throw invalid([], unfit[0]?.reason)
    await deps.db.transaction(async () => {
      const locked = await mayBeReplaced(deps, ctx, reference)
      if (locked.state === 'active') await applyChange(deps, ctx, locked, REVOKE, why)
      const stored = await storeAll(deps, { ...ctx, reason: why }, due.cycleId, signed)
      if (stored === 0) throw conflict('This entitlement has another credential already.', 'credential-state')
    })
    return { reference: formatReference('credential', credential.ref) }
  }

/** The credential to replace; inside a unit of work it is locked. */
const mayBeReplaced = async (deps: CredentialsDeps, ctx: Ctx, reference: string) => {
  const former = await lockCredential(deps, ctx, 'credential:issue', reference)
  if (former.state === 'suspended')
    throw conflict('The credential is suspended. Restore it before it is replaced.', 'credential-state')
  return former
}
