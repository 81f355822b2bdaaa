import type { Permission } from '../access/index.ts'
import type { Ctx } from '../kernel/index.ts'
import type { FactTypes, FactValues } from '../targeting/index.ts'

/**
 * One kind of thing that is submitted for approval, as the module that owns it offers it. Everything works on sets, in the
 * engine's unit of work. Whoever changes the content of such a thing holds its lock while doing so.
 */
export type ApprovalSubject = {
  /** As in its audit entries, e.g. `payment-batch`. */
  type: string
  /** Without a policy, whoever has this where the subject is may approve it. */
  permission: Permission
  /** Whether it needs approval even when no policy says so: then of one person with `permission`. */
  required: boolean
  /** What policies can speak of. */
  facts: FactTypes
  /** Warnings for those who approve many at once, from the facts: `exceptions-left-out`. */
  risks?: readonly (RiskMeaning & { of: (facts: FactValues) => boolean })[]
  /** Locks them until the end of the unit of work, in the order of their ids. */
  lock: (ids: readonly string[]) => Promise<void>
  /** SHA-256 of the content of each, as it is now. Those that are gone are left out. */
  digests: (ids: readonly string[]) => Promise<Map<string, Buffer>>
  approved: (ctx: Ctx, ids: readonly string[]) => Promise<void>
  rejected: (ctx: Ctx, ids: readonly string[], comment: string) => Promise<void>
  returned: (ctx: Ctx, ids: readonly string[], comment: string) => Promise<void>
  withdrawn: (ctx: Ctx, ids: readonly string[], comment: string) => Promise<void>
}

/** Something to look at before approving, and what exactly it means. */
export type RiskMeaning = { risk: string; means: string }

/** What is submitted. `makers`: the accounts that had a hand in it, beside whoever submits. */
export type Submission = {
  id: string
  /** What it is called outside: `CY-…`. */
  name: string
  programId: string | null
  areaId: string | null
  title: string
  facts: FactValues
  amount?: { minor: bigint; currency: string } | undefined
  items?: number | bigint | undefined
  digest: Buffer
  makers: readonly string[]
}

/**
 * Who may decide: holders of a role (where the subject is, or anywhere), holders of a permission where the subject is,
 * named users, or whom the submitter reports to.
 */
export type Approver =
  | { role: string; scope?: 'subject' | 'anywhere' | undefined }
  | { permission: Permission }
  | { users: readonly string[] }
  | { supervisor: true }

/** What happens so many hours after the tier opened, or after the deadline before. */
export type Deadline<A = Approver> = {
  hours: number
  /** These may decide as well, from then on. */
  escalateTo?: readonly A[] | undefined
  /** It ends without a decision. */
  end?: 'return' | 'reject' | undefined
}

/**
 * One step of an approval. `need`: how many different persons; `all` who could when the tier opened. A tier that informs
 * has approvers alone, and holds nothing up.
 */
export type Tier<A = Approver> = {
  kind: 'decide' | 'inform'
  approvers: readonly A[]
  need?: number | 'all' | undefined
  deadlines?: readonly Deadline<A>[] | undefined
}

/** Approvers as they are kept: users by id, whatever becomes of their names, and whoever's they are when it matters. */
export type KeptApprover =
  | Exclude<Approver, { users: readonly string[] }>
  | { users: readonly { username: string; userId: string }[] }
export type KeptTier = Tier<KeptApprover>

/** The policy that a request is under, as it was when it was submitted. */
export type Plan = {
  id: string
  policy: string | null
  policyVersion: number | null
  name: string
  tiers: readonly KeptTier[]
}

export type RequestState = 'pending' | 'approved' | 'rejected' | 'returned' | 'withdrawn' | 'expired'
export type Verdict = 'approve' | 'reject' | 'return'

/** A request as the use cases see it. Whole numbers are text. `makers` are identities, `roster` are users. */
export type RequestRow = {
  id: string
  ref: string
  subject_type: string
  subject_id: string
  subject_name: string
  program_id: string | null
  area_id: string | null
  digest: Buffer
  makers: string[]
  requested_by: string
  plan_id: string
  state: RequestState
  tier: number
  level: number
  given: number
  required: number
  roster: string[] | null
  due_at: Date | null
  bypassed: boolean
  version: number
}

/** Why somebody cannot decide a request. */
export const REASONS = {
  'not-pending': 'It is decided already, or was withdrawn.',
  'maker-is-checker':
    'Whoever prepared or submitted something does not decide on it, nor does anybody for them.',
  'one-person-once': 'One person decides on a request once, whatever the tier.',
  frozen: 'Nothing is decided in this time.',
  'own-seat': 'You have to decide here yourself, and can do so for nobody else.',
  'not-an-approver': 'It is not for you to decide at this point.',
} as const
export type Reason = keyof typeof REASONS

/** Most subjects that are decided at once. */
export const MAX_SET = 10_000
