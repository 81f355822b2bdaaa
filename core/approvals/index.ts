import type { Access } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { bulk } from './bulk.ts'
import { bypasses } from './bypass.ts'
import { deadlines } from './deadlines.ts'
import { decider } from './decide.ts'
import { delegations } from './delegations.ts'
import { freezes } from './freezes.ts'
import type { ApprovalSubject } from './model.ts'
import { approvalNews } from './news.ts'
import { policies } from './policies.ts'
import { inbox } from './read.ts'
import { clearance, clearanceOf, submitter } from './submit.ts'
import { withdrawing } from './withdraw.ts'

export type { Preview, Selection } from './bulk.ts'
export type { BypassView, Finding } from './bypass.ts'
export type { Decision, Outcome } from './decide.ts'
export type { DelegationView, MadeDelegation, NewDelegation } from './delegations.ts'
export type { FreezeView, NewFreeze } from './freezes.ts'
export type { ApprovalSubject, Approver, Deadline, RequestState, Submission, Tier, Verdict } from './model.ts'
export type { PolicyInput, PolicyState, PolicyView, SavedPolicy } from './policies.ts'
export type { ApprovalSummary, ApprovalView, InboxFilter, Mine } from './read.ts'
export type { Risk } from './risks.ts'
export type { Clearance } from './submit.ts'
export { approvalThings } from './things.ts'

/** What the engine asks of accounts. */
export type People = Pick<
  Access,
  | 'actorAtThisMoment'
  | 'areasOf'
  | 'identitiesOf'
  | 'supervisorOf'
  | 'usersNamed'
  | 'unknownRoles'
  | 'rolesWithout'
  | 'personsWith'
  | 'isHeld'
  | 'programIdsOf'
>

/** `subjects`: what can be approved, asked for when it is needed, as the modules that offer it need the engine themselves. */
export type ApprovalWiring = {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  outbox: Outbox
  people: People
  subjects: () => readonly ApprovalSubject[]
}
export type ApprovalDeps = ReturnType<typeof wire>
export type Approvals = ReturnType<typeof createApprovals>

const wire = (wiring: ApprovalWiring) => ({
  ...wiring,
  /** The subject of a type that is known to exist. */
  subject: (type: string): ApprovalSubject => {
    const subject = wiring.subjects().find(s => s.type === type)
    if (!subject) throw new Error(`no module offers ${type} for approval`)
    return subject
  },
})

/**
 * Approvals, for the whole product: who has to agree to what, by policies; decisions of different persons in tiers, none
 * of whom made what they decide on; delegation, deadlines, freezes, emergencies. What was approved is what was submitted.
 */
export const createApprovals = (wiring: ApprovalWiring) => {
  const deps = wire(wiring)
  const decisions = decider(deps)
  return {
    submit: submitter(deps),
    requireClearance: clearance(deps),
    clearanceOf: clearanceOf(deps),
    decide: decisions.decide,
    decideOn: decisions.decideOn,
    ...withdrawing(deps),
    ...bypasses(deps),
    ...bulk(deps, decisions.decideAll),
    ...inbox(deps),
    ...policies(deps),
    ...delegations(deps),
    ...freezes(deps),
    /** What people are told of approvals. */
    news: approvalNews(deps),
    /** Acts on deadlines that have passed. Run every minute, by as many processes as there are. */
    passDeadlines: deadlines(deps),
  }
}
