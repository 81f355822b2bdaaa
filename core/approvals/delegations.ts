import sql, { type Sql } from 'sql-template-tag'
import { requireEverywhere, requirePermission, visibleOfAll } from '../access/index.ts'
import {
  type Ctx,
  conflict,
  forbidden,
  formatReference,
  type Issue,
  invalid,
  notFound,
  refFromPath,
  ruleViolated,
} from '../kernel/index.ts'
import { knownTypes } from './check.ts'
import type { ApprovalDeps } from './index.ts'
import { cannotDecide } from './warnings.ts'

/**
 * Who decides for whom, while they are away. `delegator`: a username, for administrators; left out, whoever makes it.
 * `subjectTypes` left out: all.
 */
export type NewDelegation = {
  delegator?: string | undefined
  deputy: string
  from: Date
  until: Date
  subjectTypes?: readonly string[] | undefined
  reason: string
}
export type DelegationView = {
  reference: string
  delegator: string
  deputy: string
  from: Date
  until: Date
  subjectTypes: string[] | null
  reason: string
  createdBy: string
  revokedAt: Date | null
}

/** A delegation that was just made, and what of it will not work as things are. */
export type MadeDelegation = DelegationView & { warnings: Issue[] }

/** Delegations: made by whoever is absent or by those who configure approvals. A deputy has no deputies in turn. */
export const delegations = (deps: ApprovalDeps) => {
  const { db, ids, clock, audit, outbox, people } = deps

  const check = async (ctx: Ctx, d: NewDelegation) => {
    const issues: Issue[] = knownTypes(deps, d.subjectTypes)
    const wrong = (pointer: string, code: string, detail: string) => issues.push({ pointer, code, detail })
    const delegator = d.delegator ?? ctx.actor.name
    const found = await people.usersNamed([delegator, d.deputy])
    const [from, to] = [delegator, d.deputy].map(name => found.find(u => u.username === name))
    if (!from) wrong('/delegator', 'unknown', `There is no active user ${delegator}.`)
    if (!to) wrong('/deputy', 'unknown', `There is no active user ${d.deputy}.`)
    if (from && from.personId === to?.personId) wrong('/deputy', 'same-person', 'Nobody is their own deputy.')
    if (!(d.until > d.from) || d.until <= clock.now())
      wrong('/until', 'order', 'It ends after it begins, and in the future.')
    if (d.reason.trim() === '') wrong('/reason', 'required', 'Say why.')
    if (issues.length > 0) throw invalid(issues)
    return { from: from!, to: to! }
  }

  /** Who acts, by all that they are. */
  const ownOf = async ({ actor }: Ctx) => (await people.identitiesOf([actor.id])).get(actor.id)!.all

  return {
    /**
     * Throws `rule_violated` (`own-delegation`) to those who would decide in the place of somebody who did not ask them to.
     * A delegator who is not the one to make it is told.
     */
    delegate: (ctx: Ctx, delegation: NewDelegation): Promise<MadeDelegation> =>
      db.transaction(async () => {
        if (delegation.delegator !== undefined && delegation.delegator !== ctx.actor.name)
          requireEverywhere(ctx, 'approval:configure')
        else {
          requirePermission(ctx, 'approval:decide')
          if (ctx.actor.kind !== 'user') throw forbidden('Only people have deputies.', 'users-only')
        }
        const { from, to } = await check(ctx, delegation)
        const own = await ownOf(ctx)
        const isOwn = own.includes(from.userId)
        if (!isOwn && own.includes(to.userId))
          throw ruleViolated('own-delegation', 'Nobody makes themselves the deputy of somebody else.')
        const [id, ref] = [ids.uuid(), ids.ref()]
        const { subjectTypes = null, reason } = delegation
        await db.run(sql`
          INSERT INTO approvals.delegations (id, ref, delegator_id, delegator_username, deputy_id, deputy_username,
            subject_types, starts_at, ends_at, reason, created_by_name, created_at)
          VALUES (${id}, ${ref}, ${from.userId}, ${from.username}, ${to.userId}, ${to.username}, ${subjectTypes && [...subjectTypes]},
            ${delegation.from}, ${delegation.until}, ${reason}, ${ctx.actor.name}, ${clock.now()})`)
        await audit.record(ctx, {
          action: 'approval-delegation.create',
          subject: { type: 'approval-delegation', id },
          after: { ...delegation, delegator: from.username },
        })
        await outbox.publish('approval-delegation.created', id, {
          delegator: from.username,
          deputy: to.username,
        })
        if (!isOwn)
          await outbox.publish('user.deputy-named', from.userId, {
            username: from.username,
            deputy: to.username,
            namedBy: ctx.actor.name,
          })
        const able = await people.personsWith('approval:decide', [to.personId])
        return {
          reference: formatReference('delegation', ref),
          delegator: from.username,
          deputy: to.username,
          from: delegation.from,
          until: delegation.until,
          subjectTypes: subjectTypes && [...subjectTypes],
          reason,
          createdBy: ctx.actor.name,
          revokedAt: null,
          warnings: able.has(to.personId) ? [] : [cannotDecide('/deputy', `${to.username} does`)],
        }
      }),

    /** Ends a delegation now: by whoever it is for, or those who configure approvals. */
    revokeDelegation: (ctx: Ctx, reference: string): Promise<void> =>
      db.transaction(async () => {
        const own = await ownOf(ctx)
        const row = await db.one<{ id: string; delegator_id: string; revoked_at: Date | null }>(sql`
          SELECT id, delegator_id, revoked_at FROM approvals.delegations
          WHERE ref = ${refFromPath('delegation', reference)} AND (${isTheirs(own)} OR ${configures(ctx)})
          FOR UPDATE`)
        if (!row) throw notFound('delegation')
        if (!own.includes(row.delegator_id)) requireEverywhere(ctx, 'approval:configure')
        if (row.revoked_at) throw conflict('It is revoked already.', 'delegation-over')
        await db.run(sql`
          UPDATE approvals.delegations SET revoked_at = ${clock.now()}, revoked_by_name = ${ctx.actor.name}
          WHERE id = ${row.id}`)
        await audit.record(ctx, {
          action: 'approval-delegation.revoke',
          subject: { type: 'approval-delegation', id: row.id },
          before: { revokedAt: null },
          after: { revokedAt: clock.now() },
        })
        await outbox.publish('approval-delegation.revoked', row.id)
      }),

    /** One's own, from and to; all of them for those who configure approvals. Newest first. */
    listDelegations: async (ctx: Ctx): Promise<DelegationView[]> => {
      requirePermission(ctx, 'approval:read')
      const rows = await db.query<Omit<DelegationView, 'reference'> & { ref: string }>(sql`
        SELECT ref, delegator_username AS delegator, deputy_username AS deputy, starts_at AS "from", ends_at AS until,
          subject_types AS "subjectTypes", reason, created_by_name AS "createdBy", revoked_at AS "revokedAt"
        FROM approvals.delegations
        WHERE ${isTheirs(await ownOf(ctx))} OR ${configures(ctx)}
        ORDER BY id DESC LIMIT 1000`)
      return rows.map(({ ref, ...d }) => ({ reference: formatReference('delegation', ref), ...d }))
    },
  }
}

const isTheirs = (own: readonly string[]): Sql => sql`ARRAY[delegator_id, deputy_id] && ${[...own]}::uuid[]`

/** Whether somebody sees to everybody's delegations: their grant is limited to no area and no program. */
const configures = (ctx: Ctx): Sql => sql`${visibleOfAll(ctx, 'approval:configure')} IS TRUE`
