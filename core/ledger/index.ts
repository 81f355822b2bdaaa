import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import { allocate, previewAllocation } from './allocate.ts'
import { openFund } from './open-fund.ts'
import { poster, setPoster } from './post.ts'
import { readFunds } from './read.ts'
import { renameFund } from './rename-fund.ts'

export type { Allocation } from './allocate.ts'
export type { NewFund } from './open-fund.ts'
export type { Cause, Posting } from './post.ts'
export type { FundFilter, FundView, PostingView } from './read.ts'
export { ledgerThings } from './things.ts'

export type LedgerDeps = { db: Db; clock: Clock; ids: Ids; audit: Audit }
export type Ledger = ReturnType<typeof createLedger>

/**
 * Funds as a double-entry ledger in minor units. Money is allocated (source → available), committed when a cycle
 * is approved (available → committed), disbursed on settlement (committed → disbursed), returned when a
 * settled payment comes back (disbursed → committed), and released when it will not be paid after all
 * (committed → available).
 */
export const createLedger = (deps: LedgerDeps) => {
  const post = poster(deps)
  return {
    openFund: openFund(deps),
    renameFund: renameFund(deps),
    allocate: allocate(deps, post),
    previewAllocation: previewAllocation(deps),
    /** Sets money aside for a cause. Throws `rule_violated` (`fund-exceeded`) when the fund has less available. */
    commit: post('commitment'),
    /** The same for many things of one type at once: all or none. */
    commitAll: setPoster(deps)('commitment'),
    /** Frees what was committed and will not be paid. */
    release: post('release'),
    /** Books what was paid out of a commitment. */
    disburse: post('disbursement'),
    /** Books what was paid and came back: it is committed again, to be paid anew or released. */
    giveBack: post('return'),
    ...readFunds(deps),
  }
}
