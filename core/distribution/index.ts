import type { Audit } from '../audit/index.ts'
import type { Credentials } from '../credentials/index.ts'
import type { Db } from '../db/index.ts'
import type { Inventory } from '../inventory/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import type { Programs } from '../programs/index.ts'
import { listRedemptions } from './list-redemptions.ts'
import { redeem } from './redeem.ts'
import { verify } from './verify.ts'

export type { Benefit, Due, Verdict } from './judge.ts'
export type { Redemption, RedemptionFilter } from './list-redemptions.ts'
export type { Handover, RedeemOutcome } from './redeem.ts'
export { distributionThings } from './things.ts'
export type { Verification } from './verify.ts'

export type DistributionDeps = {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  outbox: Outbox
  credentials: Pick<Credentials, 'verifyText' | 'onRecord'>
  inventory: Pick<Inventory, 'handOut'>
  programs: Pick<Programs, 'fulfil'>
}
export type Distribution = ReturnType<typeof createDistribution>

/** Handing over what people are entitled to, against their credentials. */
export const createDistribution = (deps: DistributionDeps) => ({
  verify: verify(deps),
  redeem: redeem(deps),
  listRedemptions: listRedemptions(deps),
})
