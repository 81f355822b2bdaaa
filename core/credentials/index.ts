import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Jobs } from '../jobs/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Keys } from '../keys/index.ts'
import type { Outbox } from '../outbox/index.ts'
import type { CredentialCodec } from '../ports/credential-codec.ts'
import { restore, revoke, suspend } from './change-state.ts'
import { issueConsumers, issueForCycle, issueJobHandlers } from './issue-cycle.ts'
import { get, list, qrCode } from './read.ts'
import { reissue } from './reissue.ts'
import { onRecord, verifyText } from './verify.ts'

export type { Credential, CredentialFilter, CredentialState } from './read.ts'
export { credentialThings } from './things.ts'
export type { OnRecord } from './verify.ts'

export type CredentialsDeps = {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  outbox: Outbox
  jobs: Jobs
  keys: Keys
  codec: CredentialCodec
}
export type Credentials = ReturnType<typeof createCredentials>

/** Credentials for entitlements: issued, replaced, blocked, shown and verified. */
export const createCredentials = (deps: CredentialsDeps) => ({
  issueForCycle: issueForCycle(deps),
  reissue: reissue(deps),
  revoke: revoke(deps),
  suspend: suspend(deps),
  restore: restore(deps),
  get: get(deps),
  list: list(deps),
  qrCode: qrCode(deps),
  verifyText: verifyText(deps),
  onRecord: onRecord(deps),
  jobHandlers: issueJobHandlers(deps),
  consumers: issueConsumers(deps),
})
