import sql, { type Sql } from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { type Ctx, formatReference, invalidField, parseReference } from '../kernel/index.ts'
import type { FactValues } from '../targeting/index.ts'
import { actingFor, type Decision, type decider, etagOf, type Outcome, whatDiffers } from './decide.ts'
import type { ApprovalDeps } from './index.ts'
import { MAX_SET, type Reason } from './model.ts'
import { allStages, stagesOf } from './plans.ts'
import { type Acting, isApproverNow, isSeen, reasonNot } from './standing.ts'

/** Which requests: these, or all that the actor can decide, of a kind or a program. */
export type Selection =
  | { references: readonly string[] }
  | { filter: { subjectType?: string | undefined; program?: string | undefined } }

/** Something to look at before approving many at once, with the requests it is about (the first ten). */
export type Risk = { risk: string; count: number; references: string[] }

export type Preview = {
  /** Says what would be decided: give it with the decision. */
  etag: string
  decidable: number
  /** Of those: sums in minor units, by currency, and what stands in them. */
  totals: { currency: string; minor: bigint; count: number }[]
  items: bigint
  /** Why others of the selection cannot be decided. */
  others: { reason: Reason | 'not-found'; count: number }[]
  risks: Risk[]
  /** There are more than can be decided at once. */
  more: boolean
}

type Row = {
  id: string
  ref: string
  version: number
  makers: string[]
  subject_type: string
  subject_id: string
  digest: Buffer
  facts: FactValues
  amount: string | null
  currency: string | null
  items: string | null
  overdue: boolean
  returned_before: boolean
  bypassed_before: boolean
  reason: Reason | null
}

/** Deciding many at once: what would be decided is shown first, and nothing else is decided. */
export const bulk = (deps: ApprovalDeps, decideAll: ReturnType<typeof decider>['decideAll']) => {
  const select = async (ctx: Ctx, selection: Selection, onBehalfOf?: string) => {
    requirePermission(ctx, 'approval:decide')
    const acting = await actingFor(deps, ctx, onBehalfOf)
    const chosen =
      'references' in selection
        ? await named(deps, acting, selection.references)
        : await found(deps, acting, selection.filter)
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
          ...[...others].map(([reason, of]) => ({ reason, count: of.length })),
          ...(missing > 0 ? [{ reason: 'not-found' as const, count: missing }] : []),
        ],
        risks: await risksOf(deps, acting, decidable),
        more,
      }
    },

    /**
     * Decides on what a preview of the same selection showed, in one unit of work. Throws `precondition_failed` when that
     * is not what can be decided now.
     */
    decideMany: async (
      ctx: Ctx,
      selection: Selection,
      etag: string,
      decision: Decision,
    ): Promise<Outcome> => {
      const { rows } = await select(ctx, selection, decision.onBehalfOf)
      const ids = rows.filter(r => r.reason === null).map(r => r.id)
      return decideAll(ctx, ids, decision, { etag })
    },
  }
}

const ROW = sql`r.id, r.ref, r.version, r.makers, r.subject_type, r.subject_id, r.digest, r.facts, r.amount, r.currency, r.items,
  (r.overdue_since IS NOT NULL) AS overdue, r.previous_id IS NOT NULL AS returned_before,
  EXISTS (SELECT FROM approvals.requests b WHERE b.subject_id = r.subject_id AND b.bypassed) AS bypassed_before`

const named = async (deps: ApprovalDeps, acting: Acting, references: readonly string[]) => {
  if (references.length > MAX_SET)
    throw invalidField('/references', 'count', `At most ${MAX_SET} are decided at once.`)
  const refs = [...new Set(references)].map(r => parseReference('approval', r)).filter(r => r !== undefined)
  const some = sql`r.ref = ANY(${refs}::bigint[])`
  const stages = await stagesOf(deps.db, some)
  const rows = await read(deps, acting, stages, sql`${some} AND ${isSeen(acting, stages)}`)
  return { rows, missing: new Set(references).size - rows.length, more: false }
}

const found = async (
  deps: ApprovalDeps,
  acting: Acting,
  { subjectType, program }: { subjectType?: string | undefined; program?: string | undefined },
) => {
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
  return { rows: rows.slice(0, MAX_SET), missing: 0, more: rows.length > MAX_SET }
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

/** What is unusual: as the subject sees it in the facts, and as the engine knows from what went before. */
const risksOf = async (deps: ApprovalDeps, acting: Acting, rows: readonly Row[]): Promise<Risk[]> => {
  const risks = new Map<string, string[]>()
  const add = (risk: string, row: Row) =>
    (risks.get(risk) ?? risks.set(risk, []).get(risk)!).push(formatReference('approval', row.ref))
  for (const row of rows) {
    for (const risk of deps.subject(row.subject_type).risks?.(row.facts) ?? []) add(risk, row)
    if (row.overdue) add('overdue', row)
    if (row.returned_before) add('submitted-again', row)
    if (row.bypassed_before) add('bypassed-before', row)
  }
  for (const row of await ofOneDistrict(deps, acting, rows)) add('maker-of-same-area', row)
  for (const row of largestOf(rows)) add('large-amount', row)
  for (const row of await whatDiffers(deps, rows)) add('changed-since-submitted', row)
  return [...risks].map(([risk, references]) => ({
    risk,
    count: references.length,
    references: references.slice(0, 10),
  }))
}

/** Where whoever decides and somebody who made it work in the same areas, and nowhere else: they know each other. */
const ofOneDistrict = async (
  { people }: ApprovalDeps,
  { kept }: Acting,
  rows: readonly Row[],
): Promise<Row[]> => {
  const makers = [...new Set(rows.flatMap(r => r.makers))]
  const areas = await people.areasOf([...makers, ...kept])
  const mine = new Set(kept.flatMap(p => areas.get(p) ?? []))
  return rows.filter(r => r.makers.some(m => areas.get(m)?.some(a => mine.has(a))))
}

/** Amounts of more than ten times the median of their currency. */
const largestOf = (rows: readonly Row[]): Row[] =>
  [
    ...Map.groupBy(
      rows.filter(r => r.amount !== null),
      r => r.currency,
    ).values(),
  ].flatMap(of => {
    const sorted = of.map(r => BigInt(r.amount!)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const median = sorted[Math.floor((sorted.length - 1) / 2)]!
    return of.filter(r => BigInt(r.amount!) > 10n * median)
  })
