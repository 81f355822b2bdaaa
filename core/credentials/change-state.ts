import sql from 'sql-template-tag'
import { andVisible, requirePermission } from '../access/index.ts'
import { type Ctx, conflict, invalidField, notFound, refFromPath } from '../kernel/index.ts'
import type { CredentialsDeps } from './index.ts'
import type { CredentialState } from './read.ts'

type Change = {
  verb: 'revoke' | 'suspend' | 'restore'
  from: readonly CredentialState[]
  to: CredentialState
}

const REVOKE: Change = { verb: 'revoke', from: ['active', 'suspended'], to: 'revoked' }
const SUSPEND: Change = { verb: 'suspend', from: ['active'], to: 'suspended' }
const RESTORE: Change = { verb: 'restore', from: ['suspended'], to: 'active' }

const PAST = { revoke: 'revoked', suspend: 'suspended', restore: 'restored' } as const

/** Throws `invalid` at `/reason`. */
export const checkReason = (reason: string): string => {
  const text = reason.trim()
  if (text === '' || text.length > 500)
    throw invalidField('/reason', 'required', 'Say why, in at most 500 characters.')
  return text
}

type Locked = {
  id: string
  state: CredentialState
  state_reason: string | null
  entitlement_id: string
  program_id: string
  area_id: string
}

/** What reissuing needs of a credential that is about to be replaced; the row stays locked. */
export const lockCredential = async (
  { db }: CredentialsDeps,
  ctx: Ctx,
  permission: 'credential:issue' | 'credential:revoke',
  reference: string,
): Promise<Locked> => {
  const row = await db.one<Locked>(sql`
    SELECT id, state, state_reason, entitlement_id, program_id, area_id FROM credentials.credentials
    WHERE ref = ${refFromPath('credential', reference)}
      ${andVisible(ctx, permission, { area: sql`area_id`, program: sql`program_id` })}
    FOR UPDATE`)
  if (!row) throw notFound('credential')
  return row
}

/** Sets the state of a locked credential, with its audit entry and message. */
export const applyChange = async (
  { db, clock, audit, outbox }: CredentialsDeps,
  ctx: Ctx,
  credential: Locked,
  change: Change,
  reason: string,
): Promise<void> => {
  await db.run(sql`
    UPDATE credentials.credentials
    SET state = ${change.to}, state_reason = ${reason}, state_changed_at = ${clock.now()}
    WHERE id = ${credential.id}`)
  await audit.record(
    { ...ctx, reason },
    {
      action: `credential.${change.verb}`,
      subject: { type: 'credential', id: credential.id },
      before: { state: credential.state, stateReason: credential.state_reason },
      after: { state: change.to, stateReason: reason },
    },
  )
  const scope = { programId: credential.program_id, areaId: credential.area_id }
  await outbox.publish(`credential.${PAST[change.verb]}`, credential.id, { state: change.to }, scope)
}

const changeState =
  (change: Change) =>
  (deps: CredentialsDeps) =>
  async (ctx: Ctx, reference: string, reason: string): Promise<void> => {
    requirePermission(ctx, 'credential:revoke')
    const why = checkReason(reason)
    await deps.db.transaction(async () => {
      const credential = await lockCredential(deps, ctx, 'credential:revoke', reference)
      if (!change.from.includes(credential.state))
        throw conflict(
          `The credential is ${credential.state} and cannot be ${PAST[change.verb]}.`,
          'credential-state',
        )
      await applyChange(deps, ctx, credential, change, why)
    })
  }

/** Ends a credential for good: lost, stolen, issued in error. Takes an active or suspended one. */
export const revoke = changeState(REVOKE)
/** Blocks an active credential until it is restored. */
export const suspend = changeState(SUSPEND)
/** Makes a suspended credential active again. */
export const restore = changeState(RESTORE)
export { REVOKE }
