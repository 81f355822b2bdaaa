import sql, { type Sql } from 'sql-template-tag'
import { watcherHolds } from '../access/index.ts'
import { isStoppable } from './queue.ts'

/** How many jobs somebody is shown who begins to look, at most. */
const SHOWN = 50
/** How long ago a job may have ended that they are shown. */
const LATELY = '1 hour'

/**
 * The jobs of those who look on, over the watchers `w`: whoever begins to look is shown those that go on or ended lately,
 * the others those that may have changed since a transaction `since`. Only their own, and only while they may read jobs.
 * A query giving `n` and the columns of `viewOf`.
 */
export const jobsChanged = (since: string): Sql => sql`
  SELECT w.n, j.*, ${isCancellable} AS cancellable
  FROM jobs.jobs j JOIN w ON w.account_id = j.created_by
  WHERE j.changed >= ${since}::xid8 AND NOT w.is_new AND ${isShown}
  UNION ALL
  SELECT w.n, j.*, ${isCancellable} FROM w CROSS JOIN LATERAL (
    SELECT * FROM jobs.jobs j WHERE j.created_by = w.account_id
      AND (j.state IN ('waiting', 'running') OR j.finished_at > now() - ${LATELY}::interval)
    ORDER BY j.id DESC LIMIT ${SHOWN}
  ) j WHERE w.is_new AND ${isShown}`

/** Asked once there is a job \`j\` to show, not of everybody who looks on. */
const isShown = sql`CASE WHEN j.id IS NOT NULL THEN ${watcherHolds('job:read')} END`
const isCancellable = sql`(${isStoppable} AND ${watcherHolds('job:cancel')})`
