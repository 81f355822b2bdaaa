import sql, { join, type Sql } from 'sql-template-tag'
import { holders } from '../access/index.ts'
import type { News } from '../notifications/index.ts'
import { hadNoHand, personsAmong } from './advance.ts'
import type { ApprovalDeps } from './index.ts'
import { stagesOf } from './plans.ts'
import { PLACE, type Stage } from './standing.ts'

const ENDINGS = [
  'approval.approved',
  'approval.rejected',
  'approval.returned',
  'approval.expired',
  'approval.bypassed',
]
const WAITING = 'approval-waiting'
/** How long ago a delegation may have begun or ended that nobody was told of: nothing ran for so long. */
const MISSED = '7 days'

/** What approvals tell people: what waits for their decision, what became of theirs, whom they act for. */
export const approvalNews = (deps: ApprovalDeps): News => ({
  types: ['approval.submitted', 'approval.signed', 'approval.escalated', 'approval.withdrawn', ...ENDINGS],

  of: async ({ type, subjectId }) => {
    if (!['approval.submitted', 'approval.signed', 'approval.escalated'].includes(type)) {
      const settle = settled(subjectId, sql`'{}'::uuid[]`)
      return type === 'approval.withdrawn' ? { settle } : { settle, tell: ended(type, subjectId) }
    }
    const stages = await stagesOf(deps.db, sql`r.id = ${subjectId}`)
    if (stages.length === 0) return {}
    const now = deps.clock.now()
    const waiting = sql`SELECT r.id, p.user_id FROM approvals.requests r
      CROSS JOIN LATERAL (${deciders(stages[0]!, now)}) p WHERE r.id = ${subjectId} AND r.state = 'pending'`
    return {
      settle: settled(subjectId, sql`ARRAY(SELECT x.user_id FROM (${waiting}) x)`),
      tell: sql`
        SELECT x.user_id, ${WAITING} AS kind, concat_ws(' ', ${WAITING}::text, r.id, r.tier) AS cause, ${LINKED}
        FROM (${waiting}) x JOIN approvals.requests r ON r.id = x.id`,
    }
  },

  byTime: now => sql`
    SELECT u.user_id, e.kind, e.kind || ' ' || d.id AS cause, 'approval-delegation' AS subject_type,
      kernel.reference('AD', d.ref) AS subject_name, jsonb_build_object('as', u.part) AS params
    FROM approvals.delegations d
    CROSS JOIN LATERAL (VALUES (d.delegator_id, 'delegator'), (d.deputy_id, 'deputy')) AS u (user_id, part)
    CROSS JOIN LATERAL (VALUES ('delegation-began', d.starts_at),
      ('delegation-ended', least(d.ends_at, d.revoked_at))) AS e (kind, at)
    WHERE e.at <= ${now} AND e.at > ${now}::timestamptz - ${MISSED}::interval
      AND (d.revoked_at IS NULL OR d.revoked_at > d.starts_at)`,
})

/** Of a request `r`: what to open, and what it is about. */
const LINKED = sql`
  'approval' AS subject_type, kernel.reference('AP', r.ref) AS subject_name,
  jsonb_build_object('subjectType', r.subject_type, 'subject', r.subject_name) AS params`

/** Whoever is told that a request waits for them, and is not among those for whom it still does. */
const settled = (id: string, still: Sql): Sql => sql`
  SELECT ${WAITING} AS kind, kernel.reference('AP', r.ref) AS subject_name, ${still} AS still
  FROM approvals.requests r WHERE r.id = ${id}`

/** To whoever submitted it, what became of it; and an emergency to those who can review it. */
const ended = (type: string, id: string): Sql => {
  const kind = type.replace('.', '-')
  const maker = sql`
    SELECT r.requested_by AS user_id, ${kind} AS kind, ${`${kind} ${id}`} AS cause, ${LINKED}
    FROM approvals.requests r WHERE r.id = ${id}`
  if (type !== 'approval.bypassed') return maker
  return sql`
    ${maker} UNION ALL
    SELECT h.user_id, 'approval-to-review', ${`approval-to-review ${id}`}, ${LINKED}
    FROM approvals.requests r JOIN approvals.bypasses b ON b.request_id = r.id
    CROSS JOIN LATERAL (${holders({ permission: 'approval:review' }, PLACE)}) h
    WHERE r.id = ${id} AND NOT (b.identities || r.makers) && h.identities`
}

/**
 * Over requests `r` at a stage: a user of each person who can decide, were it now, and the deputies of those people who
 * can. The other side of `reasonNot`: who, not what.
 */
const deciders = ({ plan, tier, level }: Stage, now: Date): Sql => {
  const { approvers, need, deadlines = [] } = plan.tiers[tier]!
  const named = sql`SELECT * FROM (${personsAmong(approvers)}) h`
  const sets = [
    need === 'all' ? sql`${named} WHERE r.roster && h.identities` : named,
    ...deadlines
      .slice(0, level)
      .filter(d => d.escalateTo?.length)
      .map(d => personsAmong(d.escalateTo!)),
  ]
  const able = sql`SELECT * FROM (${join(sets, ' UNION ')}) a WHERE ${hadNoHand(sql`a.identities`)}`
  return sql`
    SELECT a.user_id FROM (${able}) a
    UNION SELECT d.deputy_id FROM (${able}) a JOIN approvals.delegations d ON d.delegator_id = ANY(a.identities)
    WHERE d.revoked_at IS NULL AND d.starts_at <= ${now} AND d.ends_at > ${now}
      AND (d.subject_types IS NULL OR r.subject_type = ANY(d.subject_types))
      AND ${hadNoHand(sql`ARRAY[d.deputy_id]`)} AND d.deputy_id <> ALL (coalesce(r.roster, '{}'))`
}
