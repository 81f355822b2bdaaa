import sql from 'sql-template-tag'
import { requireEverywhere, requirePermission } from '../access/index.ts'
import { type Db, violated } from '../db/index.ts'
import {
  type Ctx,
  changesOf,
  conflict,
  type Issue,
  invalid,
  notFound,
  requireVersion,
} from '../kernel/index.ts'
import { checkPolicy, POLICY_CODE } from './check.ts'
import type { ApprovalDeps } from './index.ts'
import type { Approver, Deadline, KeptApprover, KeptTier, Tier } from './model.ts'
import { risksFor } from './risks.ts'
import { requireUsable, warningsOf } from './warnings.ts'

/**
 * Who has to agree to what. Of the active policies for a subject type, the one with the lowest `rank` whose `condition`
 * (CEL over the subject's facts; left out: always) holds is used, as it is when something is submitted.
 */
export type PolicyInput = {
  code: string
  name: string
  subjectType: string
  condition?: string | undefined
  rank: number
  tiers: readonly Tier[]
}
export type PolicyState = 'draft' | 'active' | 'archived'
export type PolicyView = PolicyInput & {
  condition: string
  state: PolicyState
  version: number
  changedBy: string
  changedAt: Date
}

/** A policy that was just written, and what of it will not work as things are. */
export type SavedPolicy = PolicyView & { warnings: Issue[] }

type Row = {
  id: string
  code: string
  name: string
  subject_type: string
  condition: string
  rank: number
  tiers: KeptTier[]
  state: PolicyState
  version: number
  changed_by_name: string
  changed_at: Date
}

/** The policies: written by those with `approval:configure` everywhere, read by all who read approvals. */
export const policies = (deps: ApprovalDeps) => {
  const { db, ids, clock, audit, outbox } = deps

  /** Changes a policy that the caller has read in this version, when it said so. */
  const change = async (
    ctx: Ctx,
    code: string,
    version: number | undefined,
    action: string,
    work: (row: Row) => Promise<Partial<Row>>,
  ): Promise<SavedPolicy> =>
    db.transaction(async () => {
      requireEverywhere(ctx, 'approval:configure')
      const row = await byCode(db, code, sql`FOR UPDATE`)
      requireVersion('policy', row.version, version)
      const next = { ...row, ...(await work(row)), version: row.version + 1 }
      if (next.state === 'active') await requireUsable(deps, inputOf(next))
      const saved = (await db.one<Row>(sql`
        UPDATE approvals.policies SET name = ${next.name}, condition = ${next.condition}, rank = ${next.rank},
          tiers = ${JSON.stringify(next.tiers)}, state = ${next.state}, version = ${next.version},
          changed_by_name = ${ctx.actor.name}, changed_at = ${clock.now()}
        WHERE id = ${row.id} RETURNING *`))!
      await audit.record(ctx, {
        action: `approval-policy.${action}`,
        subject: { type: 'approval-policy', id: row.id },
        ...changesOf(stateOf(row), stateOf(saved)),
      })
      await outbox.publish('approval-policy.changed', row.id, { code, state: saved.state })
      return withWarnings(saved)
    })

  const withWarnings = async (row: Row): Promise<SavedPolicy> => ({
    ...present(row),
    warnings: row.state === 'archived' ? [] : await warningsOf(deps, inputOf(row)),
  })

  const move =
    (action: string, from: readonly PolicyState[], to: PolicyState) =>
    (ctx: Ctx, code: string, version?: number): Promise<SavedPolicy> =>
      change(ctx, code, version, action, async row => {
        if (!from.includes(row.state))
          throw conflict(`The policy is ${row.state}: ${action} is not possible.`, 'policy-state')
        // People and roles may have gone since it was written.
        if (to === 'active') await requireSound(deps, inputOf(row))
        return { state: to }
      })

  return {
    /** Writes a new policy, as a draft. */
    createPolicy: (ctx: Ctx, policy: PolicyInput): Promise<SavedPolicy> => {
      const { code, name, subjectType, condition = '', rank } = policy
      return db
        .transaction(async () => {
          requireEverywhere(ctx, 'approval:configure')
          const tiers = await requireSound(deps, policy)
          const row = (await db.one<Row>(sql`
            INSERT INTO approvals.policies (id, code, name, subject_type, condition, rank, tiers, changed_by_name, changed_at)
            VALUES (${ids.uuid()}, ${code}, ${name}, ${subjectType}, ${condition}, ${rank}, ${JSON.stringify(tiers)},
              ${ctx.actor.name}, ${clock.now()}) RETURNING *`))!
          await audit.record(ctx, {
            action: 'approval-policy.create',
            subject: { type: 'approval-policy', id: row.id },
            after: stateOf(row),
          })
          await outbox.publish('approval-policy.changed', row.id, { code, state: 'draft' })
          return withWarnings(row)
        })
        .catch(error => {
          if (violated(error) !== 'policies_code') throw error
          throw conflict(`There is a policy with the code ${code} already.`, 'code-taken')
        })
    },

    /** Rewrites a draft or an active policy. What was submitted before stays under what it was. */
    updatePolicy: (
      ctx: Ctx,
      code: string,
      policy: Omit<PolicyInput, 'code' | 'subjectType'>,
      version?: number,
    ) =>
      change(ctx, code, version, 'update', async row => {
        if (row.state === 'archived') throw conflict('The policy is archived.', 'policy-state')
        const tiers = await requireSound(deps, { ...policy, code, subjectType: row.subject_type })
        return { name: policy.name, condition: policy.condition ?? '', rank: policy.rank, tiers }
      }),

    activatePolicy: move('activate', ['draft'], 'active'),
    archivePolicy: move('archive', ['draft', 'active'], 'archived'),

    ...readPolicies(deps),
  }
}

const byCode = async (db: Db, code: string, lock = sql``): Promise<Row> => {
  const row = POLICY_CODE.test(code)
    ? await db.one<Row>(sql`SELECT * FROM approvals.policies WHERE code = ${code} ${lock}`)
    : undefined
  if (!row) throw notFound('policy')
  return row
}

const readPolicies = (deps: ApprovalDeps) => ({
  getPolicy: async (ctx: Ctx, code: string): Promise<PolicyView> => {
    requirePermission(ctx, 'approval:read')
    return present(await byCode(deps.db, code))
  },

  /** All of them, in the order in which they are tried. */
  listPolicies: async (ctx: Ctx): Promise<PolicyView[]> => {
    requirePermission(ctx, 'approval:read')
    const rows = await deps.db.query<Row>(
      sql`SELECT * FROM approvals.policies ORDER BY subject_type, rank, code LIMIT 1000`,
    )
    return rows.map(present)
  },

  /** What can be submitted for approval, what conditions can say of it, and what is warned of. */
  listSubjects: async (ctx: Ctx) => {
    requirePermission(ctx, 'approval:read')
    return deps.subjects().map(subject => {
      const { type, permission, required, facts } = subject
      return { type, permission, required, facts, risks: risksFor(subject) }
    })
  },
})

const requireSound = async (deps: ApprovalDeps, policy: PolicyInput): Promise<KeptTier[]> => {
  const { issues, tiers } = await checkPolicy(deps, policy)
  if (issues.length > 0) throw invalid(issues)
  return tiers
}

const named = (approver: KeptApprover): Approver =>
  'users' in approver ? { users: approver.users.map(u => u.username) } : approver

/** Tiers as they are written: users by name. */
export const asWritten = (tiers: readonly KeptTier[]): Tier[] =>
  tiers.map(({ approvers, deadlines, ...tier }) => ({
    ...tier,
    approvers: approvers.map(named),
    ...(deadlines ? { deadlines: deadlines.map(deadlineAsWritten) } : {}),
  }))

const deadlineAsWritten = ({ escalateTo, ...deadline }: Deadline<KeptApprover>): Deadline => ({
  ...deadline,
  ...(escalateTo ? { escalateTo: escalateTo.map(named) } : {}),
})

const inputOf = ({
  code,
  name,
  subject_type,
  condition,
  rank,
  tiers,
}: Row): PolicyInput & { condition: string } => ({
  code,
  name,
  subjectType: subject_type,
  condition,
  rank,
  tiers: asWritten(tiers),
})

/** As the audit trail and the history tell it. */
const stateOf = ({ code, name, subject_type, condition, rank, tiers, state, version }: Row) => ({
  code,
  name,
  subjectType: subject_type,
  condition,
  rank,
  tiers,
  state,
  version,
})

const present = (row: Row): PolicyView => ({
  ...inputOf(row),
  state: row.state,
  version: row.version,
  changedBy: row.changed_by_name,
  changedAt: row.changed_at,
})
