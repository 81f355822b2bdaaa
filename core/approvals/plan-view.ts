import sql, { type Sql } from 'sql-template-tag'
import { hadNoHand, personsAmong } from './advance.ts'
import type { ApprovalDeps } from './index.ts'
import type { KeptApprover, KeptTier, Plan, RequestRow, Tier } from './model.ts'
import { asWritten } from './policies.ts'
import type { TimelineEntry } from './trail.ts'

export type Person = { username: string; name: string }

/**
 * A tier of a request: as it was written, and how far it came. `skipped`: it ended before, or was bypassed. A tier that
 * informs is `done` once people were told; `agreed` is then how many took note, and `candidates` who may still do so.
 */
export type TierView = Tier & {
  state: 'waiting' | 'open' | 'done' | 'skipped'
  agreed: number
  required: number | null
  candidates: Person[]
}

/** The tiers of a request, in order. */
export const tiersOf = async (
  deps: ApprovalDeps,
  row: RequestRow,
  plan: Plan,
  timeline: readonly TimelineEntry[],
): Promise<TierView[]> => {
  const written = asWritten(plan.tiers)
  const notices = await noticesOf(deps, row)
  const views: TierView[] = []
  for (const [i, tier] of plan.tiers.entries()) {
    const notice = notices.get(i)
    const state = tier.kind === 'decide' ? stateOf(row, i) : notice ? 'done' : notReached(row)
    const agreed = timeline.filter(e => e.kind === 'approve' && e.tier === i + 1).length
    views.push({
      ...written[i]!,
      state,
      agreed: notice?.noted ?? agreed,
      required: state === 'open' ? row.required : typeof tier.need === 'number' ? tier.need : null,
      candidates: notice
        ? await whoMayNote(deps, row, tier, notice.id)
        : state === 'open'
          ? await whoMayDecide(deps, row, tier)
          : [],
    })
  }
  return views
}

const notReached = ({ state }: RequestRow) => (state === 'pending' ? 'waiting' : 'skipped')

/** How far a tier that decides came: the last one that was open is done, whatever came of it, unless it was bypassed. */
const stateOf = (row: RequestRow, tier: number): TierView['state'] => {
  if (tier < row.tier) return 'done'
  if (tier > row.tier) return notReached(row)
  return row.state === 'pending' ? 'open' : row.bypassed ? 'skipped' : 'done'
}

type Notice = { id: string; tier: number; noted: number }

const noticesOf = async ({ db }: ApprovalDeps, { id }: RequestRow): Promise<Map<number, Notice>> => {
  const rows = await db.query<Notice>(sql`
    SELECT n.id, n.tier, (SELECT count(*)::int FROM approvals.acknowledgements k WHERE k.notice_id = n.id) AS noted
    FROM approvals.notices n WHERE n.request_id = ${id}`)
  return new Map(rows.map(n => [n.tier, n]))
}

/** The first hundred people of a query over the request `r`, of whom a condition over `c` holds. */
const peopleOf = (deps: ApprovalDeps, row: RequestRow, from: Sql, where: Sql): Promise<Person[]> =>
  deps.db.query<Person>(sql`
    SELECT c.username, c.name FROM approvals.requests r CROSS JOIN LATERAL (${from}) c
    WHERE r.id = ${row.id} AND ${where} ORDER BY c.name, c.username LIMIT 100`)

/** Who can decide in the present tier: users with the right to, who neither made it nor have decided on it. */
const whoMayDecide = (deps: ApprovalDeps, row: RequestRow, tier: KeptTier): Promise<Person[]> => {
  const escalated = (tier.deadlines ?? []).slice(0, row.level).flatMap(d => d.escalateTo ?? [])
  const rostered = tier.need === 'all' ? sql`AND p.identities && r.roster` : sql``
  const among = (approvers: readonly KeptApprover[], more: Sql) =>
    sql`SELECT p.* FROM (${personsAmong(approvers)}) p WHERE true ${more}`
  const all = sql`
    ${among(tier.approvers, rostered)} ${escalated.length > 0 ? sql`UNION ${among(escalated, sql``)}` : sql``}`
  return peopleOf(deps, row, all, hadNoHand(sql`c.identities`))
}

/** Who was told in a tier that informs, and has not taken note. */
const whoMayNote = (deps: ApprovalDeps, row: RequestRow, tier: KeptTier, notice: string): Promise<Person[]> =>
  peopleOf(
    deps,
    row,
    personsAmong(tier.approvers),
    sql`NOT EXISTS (SELECT FROM approvals.acknowledgements k WHERE k.notice_id = ${notice} AND k.person_id = c.person_id)`,
  )
