import sql, { type Sql } from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import {
  type Ctx,
  formatReference,
  invalid,
  invalidField,
  parseReference,
  ruleViolated,
} from '../kernel/index.ts'
import { unknownType } from './check.ts'
import { actingFor, type Decision, type decider, etagOf, type Outcome } from './decide.ts'
import type { ApprovalDeps } from './index.ts'
import { MAX_SET, type Reason } from './model.ts'
import { allStages, stagesOf } from './plans.ts'
import { type Risk, type RiskRow, risksOf, STANDING } from './risks.ts'
import { type Acting, isApproverNow, isSeen, reasonNot } from './standing.ts'

/** Which requests: these, or all that the actor can decide, of a kind or a program. One of them, and not both. */
export type Selection = {
  references?: readonly string[] | undefined
  filter?: { subjectType?: string | undefined; program?: string | undefined } | undefined
}

export type Preview = {
  /** Says what would be decided: give it with the decision. */
  etag: string
  decidable: number
  /** Of those: sums in minor units, by currency, and what stands in them. */
  totals: { currency: string; minor: bigint; count: number }[]
  items: bigint
  /** Why others of the selection cannot be decided, and the first hundred of each. */
  others: { reason: Reason | 'not-found'; count: number; references: string[] }[]
  risks: Risk[]
  /** There are more than can be decided at once. */
  more: boolean
}

type Row = RiskRow & { version: number; items: string | null; reason: Reason | null }

/** Deciding many at once: what would be decided is shown first, and nothing else is decided. */
export const bulk = (deps: ApprovalDeps, decideAll: ReturnType<typeof decider>['decideAll']) => {
  const select = async (ctx: Ctx, { references, filter }: Selection, onBehalfOf?: string) => {
    requirePermission(ctx, 'approval:decide')
    const acting = await actingFor(deps, ctx, onBehalfOf)
    if ((references === undefined) === (filter === undefined))
      throw invalidField('', 'one-of', 'Give either references or a filter.')
    const chosen = references ? await named(deps, acting, references) : await found(deps, acting, filter!)
    return { acting, ...chosen }
  }

  return {
    /** What a decision on a selection would be about. Changes nothing. */
    preview: async (ctx: Ctx, selection: Selection, onBehalfOf?: string): Promise<Preview> => {
      const { acting, rows, missing, more } = await select(ctx, selection, onBehalfOf)
      const decidable = rows.filter(r => r.reason === null)
      const others = Map.groupBy(
        rows.filter(r => r.reason !== null),
        r => r.reason!,
      )
      return {
        etag: etagOf(decidable),
        decidable: decidable.length,
        totals: totalsOf(decidable),
        items: decidable.reduce((sum, r) => sum + BigInt(r.items ?? 0), 0n),
        others: [
          ...[...others].map(([reason, of]) =>
            leftOut(
              reason,
              of.map(r => formatReference('approval', r.ref)),
            ),
          ),
          ...(missing.length > 0 ? [leftOut('not-found', missing)] : []),
        ],
        risks: await risksOf(deps, acting, decidable),
        more,
      }
    },

    /**
     * Decides on what a preview of the same selection showed, in one unit of work. Throws `precondition_failed` when that
     * is not what can be decided now, and `rule_violated` (`nothing-to-decide`) when that was nothing.
     */
    decideMany: async (
      ctx: Ctx,
      selection: Selection,
      etag: string,
      decision: Decision,
    ): Promise<Outcome> => {
      const { rows } = await select(ctx, selection, decision.onBehalfOf)
      const ids = rows.filter(r => r.reason === null).map(r => r.id)
      if (ids.length === 0 && etag === etagOf([]))
        throw ruleViolated('nothing-to-decide', 'There is nothing among these that you can decide.')
      return decideAll(ctx, ids, decision, { etag })
    },
  }
}

const MOST_NAMED = 100

const leftOut = (reason: Reason | 'not-found', references: readonly string[]) => ({
  reason,
  count: references.length,
  references: references.slice(0, MOST_NAMED),
})

const ROW = sql`r.id, r.ref, r.version, r.makers, r.program_id, r.subject_type, r.subject_id, r.digest, r.facts, r.amount, r.currency, r.items, ${STANDING}`

const named = async (deps: ApprovalDeps, acting: Acting, references: readonly string[]) => {
  if (references.length < 1 || references.length > MAX_SET)
    throw invalidField('/references', 'count', `1 to ${MAX_SET} are decided at once.`)
  const refs = [...new Set(references)].map(r => parseReference('approval', r)).filter(r => r !== undefined)
  const some = sql`r.ref = ANY(${refs}::bigint[])`
  const stages = await stagesOf(deps.db, some)
  const rows = await read(deps, acting, stages, sql`${some} AND ${isSeen(acting, stages)}`)
  const known = new Set(rows.map(r => formatReference('approval', r.ref)))
  return { rows, missing: [...new Set(references)].filter(r => !known.has(r)), more: false }
}

const found = async (
  deps: ApprovalDeps,
  acting: Acting,
  { subjectType, program }: { subjectType?: string | undefined; program?: string | undefined },
) => {
  const issues = unknownType(deps, subjectType, '/filter/subjectType')
  if (issues.length > 0) throw invalid(issues)
  const stages = await allStages(deps.db)
  const rows = await read(
    deps,
    acting,
    stages,
    sql`r.state = 'pending' AND ${isApproverNow(acting, stages)}
      ${subjectType === undefined ? sql`` : sql`AND r.subject_type = ${subjectType}`}
      ${program === undefined ? sql`` : sql`AND r.program_id = (SELECT p.id FROM programs.program_codes p WHERE p.code = ${program})`}`,
    MAX_SET + 1,
  )
  return { rows: rows.slice(0, MAX_SET), missing: [], more: rows.length > MAX_SET }
}

const read = (
  { db, clock }: ApprovalDeps,
  acting: Acting,
  stages: Parameters<typeof reasonNot>[1],
  where: Sql,
  limit = MAX_SET,
): Promise<Row[]> =>
  db.query<Row>(sql`
    SELECT ${ROW}, ${reasonNot(acting, stages, clock.now())} AS reason
    FROM approvals.requests r WHERE ${where} ORDER BY r.id LIMIT ${limit}`)

const totalsOf = (rows: readonly Row[]): Preview['totals'] => {
  const byCurrency = Map.groupBy(
    rows.filter(r => r.currency !== null),
    r => r.currency!,
  )
  return [...byCurrency]
    .map(([currency, of]) => ({
      currency,
      minor: of.reduce((sum, r) => sum + BigInt(r.amount!), 0n),
      count: of.length,
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
}
