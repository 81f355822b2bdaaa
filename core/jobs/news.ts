import sql from 'sql-template-tag'
import type { News } from '../notifications/index.ts'

/** Whoever asked for a job waited for it no longer than this: they saw it end. */
const A_MOMENT = '10 seconds'

/** That a job of somebody's ended: when it failed, or took longer than a moment. */
export const jobNews: News = {
  types: ['job.succeeded', 'job.failed'],
  of: async ({ subjectId }) => ({
    tell: sql`
      SELECT created_by AS user_id, 'job-' || state AS kind, 'job ' || id AS cause, 'job' AS subject_type,
        kernel.reference('JB', ref) AS subject_name,
        jsonb_strip_nulls(jsonb_build_object('kind', kind, 'subjectType', subject_type, 'subject', subject_name)) AS params
      FROM jobs.jobs WHERE id = ${subjectId}
        AND (state = 'failed' OR finished_at - created_at > ${A_MOMENT}::interval)`,
  }),
}
