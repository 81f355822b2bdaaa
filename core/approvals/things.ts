import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** Requests for approval, as the trail and the history know them. */
export const approvalThings: readonly Thing[] = [
  {
    type: 'approval',
    named: ['approval'],
    permission: 'approval:read',
    born: ['approval.submit'],
    all: sql`
      SELECT id, ref, NULL::text AS code, 'approval' AS kind, area_id, program_id FROM approvals.requests`,
    state: sql`
      SELECT id, jsonb_build_object('state', state, 'tier', tier + 1, 'given', given, 'level', level) AS state
      FROM approvals.requests`,
  },
  {
    type: 'approval-policy',
    named: 'code',
    permission: 'approval:read',
    born: ['approval-policy.create'],
    all: sql`
      SELECT id, NULL::bigint AS ref, code, NULL::text AS kind, NULL::uuid AS area_id, NULL::uuid AS program_id
      FROM approvals.policies`,
    state: sql`
      SELECT id, jsonb_build_object('code', code, 'name', name, 'subjectType', subject_type, 'condition', condition,
        'rank', rank, 'tiers', tiers, 'state', state, 'version', version) AS state
      FROM approvals.policies`,
  },
]
