import sql from 'sql-template-tag'
import { formatReference } from '../kernel/index.ts'
import type { FactValues } from '../targeting/index.ts'
import { whatDiffers } from './decide.ts'
import type { ApprovalDeps } from './index.ts'
import type { ApprovalSubject, RiskMeaning } from './model.ts'
import type { Acting } from './standing.ts'

/** Something to look at before approving many at once, with the requests it is about (the first ten). */
export type Risk = { risk: string; count: number; references: string[] }

/** What is unusual is worked out from this. */
export type RiskRow = {
  id: string
  ref: string
  makers: string[]
  program_id: string | null
  subject_type: string
  subject_id: string
  digest: Buffer
  facts: FactValues
  amount: string | null
  currency: string | null
  overdue: boolean
  submitted_before: boolean
  bypassed_before: boolean
}

/** Columns of a `RiskRow` that a request `r` does not have itself. */
export const STANDING = sql`r.overdue_since IS NOT NULL AS overdue, r.previous_id IS NOT NULL AS submitted_before,
  EXISTS (SELECT FROM approvals.requests b WHERE b.subject_id = r.subject_id AND b.bypassed) AS bypassed_before`

const TIMES_MEDIAN = 10n
const BYPASS_DAYS = 90

/** What the engine warns of, whatever the subject. */
const ENGINE: RiskMeaning[] = [
  {
    risk: 'large-amount',
    means: `The amount is more than ${TIMES_MEDIAN} times the median of those of its currency that are decided with it.`,
  },
  { risk: 'overdue', means: 'A deadline has passed without a decision.' },
  { risk: 'submitted-again', means: 'It was submitted before, and was given back or taken back.' },
  { risk: 'bypassed-before', means: 'The same thing was approved by bypassing before.' },
  {
    risk: 'earlier-bypass',
    means: `A bypass in the same program in the last ${BYPASS_DAYS} days was found not to be justified.`,
  },
  {
    risk: 'maker-of-same-area',
    means:
      'Whoever decides and somebody who made it are granted the same area, and neither of them the whole country.',
  },
  { risk: 'changed-since-submitted', means: 'It is not what was submitted: approving gives it back.' },
]

/** All that can be warned of, for things of one kind. */
export const risksFor = ({ risks = [] }: ApprovalSubject): RiskMeaning[] => [
  ...risks.map(({ risk, means }) => ({ risk, means })),
  ...ENGINE,
]

/** What of that can be told of a request from itself alone: as its subject sees it in the facts, and as it came here. */
export const ownRisksOf = (
  deps: ApprovalDeps,
  row: Pick<RiskRow, 'subject_type' | 'facts' | 'overdue' | 'submitted_before'>,
): string[] => [
  ...(deps.subject(row.subject_type).risks ?? []).filter(({ of }) => of(row.facts)).map(({ risk }) => risk),
  ...(row.overdue ? ['overdue'] : []),
  ...(row.submitted_before ? ['submitted-again'] : []),
]

/** What is unusual: as the subject sees it in the facts, and as the engine knows from what went before. */
export const risksOf = async (
  deps: ApprovalDeps,
  acting: Acting,
  rows: readonly RiskRow[],
): Promise<Risk[]> => {
  const risks = new Map<string, string[]>()
  const add = (risk: string, row: RiskRow) =>
    (risks.get(risk) ?? risks.set(risk, []).get(risk)!).push(formatReference('approval', row.ref))
  for (const row of rows) {
    for (const risk of ownRisksOf(deps, row)) add(risk, row)
    if (row.bypassed_before) add('bypassed-before', row)
  }
  for (const row of await afterBadBypass(deps, rows)) add('earlier-bypass', row)
  for (const row of await ofOneDistrict(deps, acting, rows)) add('maker-of-same-area', row)
  for (const row of largestOf(rows)) add('large-amount', row)
  for (const row of await whatDiffers(deps, rows)) add('changed-since-submitted', row)
  return [...risks].map(([risk, references]) => ({
    risk,
    count: references.length,
    references: references.slice(0, 10),
  }))
}

/** Where a bypass of not long ago, in the same program, was found not to be justified. */
const afterBadBypass = async ({ db, clock }: ApprovalDeps, rows: readonly RiskRow[]): Promise<RiskRow[]> => {
  const since = new Date(clock.now().getTime() - BYPASS_DAYS * 86_400_000)
  const bad = await db.query<{ program_id: string }>(sql`
    SELECT DISTINCT r.program_id FROM approvals.bypasses b JOIN approvals.requests r ON r.id = b.request_id
    WHERE b.finding = 'not-justified' AND b.at >= ${since} AND r.program_id IS NOT NULL`)
  const programs = new Set(bad.map(b => b.program_id))
  return rows.filter(r => r.program_id !== null && programs.has(r.program_id))
}

/** Where whoever decides and somebody who made it work in the same areas, and nowhere else: they know each other. */
const ofOneDistrict = async (
  { people }: ApprovalDeps,
  { kept }: Acting,
  rows: readonly RiskRow[],
): Promise<RiskRow[]> => {
  const makers = [...new Set(rows.flatMap(r => r.makers))]
  const areas = await people.areasOf([...makers, ...kept])
  const mine = new Set(kept.flatMap(p => areas.get(p) ?? []))
  return rows.filter(r => r.makers.some(m => areas.get(m)?.some(a => mine.has(a))))
}

const largestOf = (rows: readonly RiskRow[]): RiskRow[] =>
  [
    ...Map.groupBy(
      rows.filter(r => r.amount !== null),
      r => r.currency,
    ).values(),
  ].flatMap(of => {
    const sorted = of.map(r => BigInt(r.amount!)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const median = sorted[Math.floor((sorted.length - 1) / 2)]!
    return of.filter(r => BigInt(r.amount!) > TIMES_MEDIAN * median)
  })
