import sql from 'sql-template-tag'
import type { Access } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type JobView, jobsChanged, viewOf } from '../jobs/index.ts'
import { unreadChanged } from '../notifications/index.ts'

/** By what somebody came who looks on: a sign-in, or an access token. */
export type CameBy =
  | { session: { id: string; signedInBy?: string | undefined } }
  | { token: { jti: string; series: number; expiresAt: Date } }

/** Somebody who looks on. `scope`: to what their token is narrowed. */
export type Watcher = {
  accountId: string
  scope?: readonly string[] | undefined
  by: CameBy
  /** Is to be shown how things are, not only what changed. */
  isNew: boolean
  /** What they were granted when last looked at. */
  digest?: string | undefined
}

/** What is not as it was. `of`: the place of the watcher in the list that was asked about. */
export type Changes = {
  /** Give it back the next time: whatever was not committed by now is not older. */
  until: string
  standing: { of: number; stands: boolean; digest: string }[]
  /** `version`: the same when a job is told again. Only the watcher's own, while they may read jobs. */
  jobs: { of: number; version: string; job: JobView }[]
  unread: { of: number; unread: number }[]
}

export type Live = ReturnType<typeof createLive>

/** Nothing is as late: with everybody new, nothing is asked for by its change. */
const NEVER = '18446744073709551615'

type Row = {
  until: string
  standing: { n: number; stands: boolean; digest: string }[] | null
  jobs: (Record<string, unknown> & { n: number; changed: string })[] | null
  unread: { n: number; unread: number }[] | null
}

/** What changed for all who look on, however many, found by one statement on one snapshot. */
export const createLive = ({ db, access }: { db: Db; access: Pick<Access, 'standingChanged'> }) => ({
  /**
   * Changes since `until` of the time before. Something may be told twice, while an older transaction is open; nothing is
   * passed over. Who can no longer be who they were is told in `standing`, and nothing else is told to them.
   */
  look: async (watchers: readonly Watcher[], since: string = NEVER): Promise<Changes> => {
    const row = (await db.one<Row>(sql`
      WITH w AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(watchers.map(asRow))}::jsonb) AS w (n int, account_id uuid,
          scope text[], session_id uuid, signed_in_by text, jti uuid, series int, expires_at timestamptz, is_new boolean,
          digest text)
      )
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS until,
        (SELECT jsonb_agg(x) FROM (${access.standingChanged()}) x) AS standing,
        (SELECT jsonb_agg(x) FROM (${jobsChanged(since)}) x) AS jobs,
        (SELECT jsonb_agg(x) FROM (${unreadChanged(since)}) x) AS unread`))!
    const gone = new Set((row.standing ?? []).filter(s => !s.stands).map(s => s.n))
    const told = <T extends { n: number }>(rows: T[] | null) => (rows ?? []).filter(r => !gone.has(r.n))
    return {
      until: row.until,
      standing: (row.standing ?? []).map(({ n, stands, digest }) => ({ of: n, stands, digest })),
      jobs: told(row.jobs).map(r => ({ of: r.n, version: r.changed, job: viewOf(r) })),
      unread: told(row.unread).map(({ n, unread }) => ({ of: n, unread })),
    }
  },
})

const asRow = ({ accountId, scope, by, isNew, digest }: Watcher, n: number) => ({
  n,
  account_id: accountId,
  scope,
  ...('session' in by
    ? { session_id: by.session.id, signed_in_by: by.session.signedInBy }
    : { jti: by.token.jti, series: by.token.series, expires_at: by.token.expiresAt }),
  is_new: isNew,
  digest,
})
