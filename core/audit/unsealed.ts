import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'

/** What is not sealed yet. `holder`: the transaction that sealing waits for, when it waits for one. */
export type Unsealed = {
  entries: number
  /** Age of the oldest; 0 when there is none. */
  seconds: number
  holder?: {
    /** Of the server process; null for a prepared transaction, which has none. */
    pid: number | null
    /** How long it has been open; null when the application may not see it. */
    seconds: number | null
    database: string | null
    /** What the connection calls itself, or the name of the prepared transaction. */
    name: string
  }
}

/**
 * Entries that no block holds yet, the age of the oldest, and what keeps it from being sealed: the oldest transaction
 * that is still open anywhere on the server, if it began before that entry's.
 */
export const unsealed = async (db: Db): Promise<Unsealed> => {
  const row = await db.one<{
    entries: number
    seconds: number
    name: string | null
    pid: number | null
    held: number | null
    database: string | null
  }>(sql`
    WITH tail AS (
      SELECT e.xid, e.at FROM audit.entries e
      WHERE e.xid >= coalesce((SELECT to_xid FROM audit.blocks ORDER BY height DESC LIMIT 1), '0'::xid8)
    ), oldest AS (
      SELECT count(*)::int AS entries, coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8 AS seconds,
        (SELECT xid::xid FROM tail ORDER BY tail.xid LIMIT 1) AS xid
      FROM tail
    ), open AS (
      SELECT pid, xact_start AS since, datname AS database, application_name AS name, backend_xid AS xid
      FROM pg_stat_activity WHERE backend_xid IS NOT NULL
      UNION ALL
      SELECT NULL, prepared, database, gid, transaction FROM pg_prepared_xacts
    )
    SELECT o.entries, o.seconds, h.pid, h.name, h.database,
      extract(epoch FROM clock_timestamp() - h.since)::float8 AS held
    FROM oldest o LEFT JOIN LATERAL (
      SELECT * FROM open WHERE age(open.xid) >= age(o.xid) ORDER BY age(open.xid) DESC LIMIT 1
    ) h ON true`)
  const { entries, seconds, pid, held, database, name } = row!
  return {
    entries,
    seconds,
    ...(name !== null && { holder: { pid, seconds: held, database, name } }),
  }
}

/** In words why entries have waited so long to be sealed. */
export const whyUnsealed = ({ holder }: Unsealed): string => {
  if (!holder) return 'no worker has sealed them; is one running?'
  const who = holder.pid === null ? `prepared transaction ${holder.name}` : `process ${holder.pid}`
  const named = holder.pid === null || !holder.name ? '' : ` (${holder.name})`
  const age = holder.seconds === null ? '' : `, open for ${Math.round(holder.seconds)} s`
  return `a transaction holds it: ${who}${named} in database ${holder.database}${age}`
}
