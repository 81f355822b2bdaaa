import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** Long work, as the trail and the history know it: what people asked of it. How far it is, it tells itself. */
export const jobThings: readonly Thing[] = [
  {
    type: 'job',
    named: ['job'],
    permission: 'job:read',
    born: [],
    all: sql`
      SELECT id, ref, NULL::text AS code, 'job' AS kind, NULL::uuid AS area_id, NULL::uuid AS program_id FROM jobs.jobs`,
    state: sql`
      SELECT id, jsonb_build_object('kind', kind, 'cancelRequested', cancel_requested) AS state FROM jobs.jobs`,
  },
]
