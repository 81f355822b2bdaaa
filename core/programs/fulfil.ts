import sql, { type Sql } from 'sql-template-tag'
import { insertChanges, insertSet } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Ctx } from '../kernel/index.ts'
import type { ProgramsDeps } from './index.ts'

/**
 * Books what was given, for a whole set, in the caller's unit of work. `rows` is a query for `entitlement_id` and
 * `amount` (bigint: minor units, or units of the item); several rows of one entitlement count together. Never
 * goes beyond an entitlement and touches only what is approved: each row is done or left alone. Returns the
 * ids of the entitlements that it was booked to; the caller finds out from them who was left alone.
 */
export const fulfil =
  ({ db }: ProgramsDeps) =>
  async (ctx: Ctx, rows: Sql): Promise<string[]> => {
    const trail = insertChanges(
      ctx,
      { action: 'entitlement.fulfil', subject: { type: 'entitlement', id: null } },
      changed,
    )
    const begins = insertSet(
      ctx,
      {
        action: 'cycle.distribute',
        subject: { type: 'cycle', id: null },
        before: { state: 'approved' },
        after: { state: 'distributing' },
      },
      sql`SELECT id FROM begun`,
    )
    const book = sql`
      WITH given AS (${summed(rows)}), done AS (
        UPDATE programs.entitlements e
        SET fulfilled = e.fulfilled + g.amount,
          status = CASE WHEN e.fulfilled + g.amount = e.amount THEN 'fulfilled' ELSE 'approved' END
        FROM given g
        WHERE e.id = g.entitlement_id AND e.status = 'approved' AND e.fulfilled + g.amount <= e.amount
          AND (SELECT c.state FROM programs.cycles c WHERE c.id = e.cycle_id) IN ('approved', 'distributing')
        RETURNING e.id, e.cycle_id, e.fulfilled - g.amount AS was, e.fulfilled
      ), begun AS (
        UPDATE programs.cycles SET state = 'distributing'
        WHERE state = 'approved' AND id IN (SELECT cycle_id FROM done)
        RETURNING id
      ), trail AS (${trail}), begins AS (${begins})
      SELECT id FROM done`
    return idsOf(db, book)
  }

/**
 * Takes back what was booked (a payment that came back, a handover undone), for a whole set like `fulfil`. Never
 * takes back more than was given. Returns the ids of the entitlements it was taken back from.
 */
export const takeBack =
  ({ db }: ProgramsDeps) =>
  async (ctx: Ctx, rows: Sql): Promise<string[]> => {
    const trail = insertChanges(
      ctx,
      { action: 'entitlement.take-back', subject: { type: 'entitlement', id: null } },
      changed,
    )
    const book = sql`
      WITH given AS (${summed(rows)}), done AS (
        UPDATE programs.entitlements e SET fulfilled = e.fulfilled - g.amount, status = 'approved'
        FROM given g
        WHERE e.id = g.entitlement_id AND e.status IN ('approved', 'fulfilled') AND e.fulfilled >= g.amount
        RETURNING e.id, e.fulfilled + g.amount AS was, e.fulfilled
      ), trail AS (${trail})
      SELECT id FROM done`
    return idsOf(db, book)
  }

/** What became of each entitlement that was booked to. */
const changed = sql`
  SELECT id, json_build_object('fulfilled', was::text) AS before, json_build_object('fulfilled', fulfilled::text) AS after
  FROM done`

const summed = (rows: Sql): Sql => sql`
  SELECT entitlement_id, sum(amount)::bigint AS amount FROM (${rows}) r GROUP BY entitlement_id HAVING min(amount) > 0`

/** In a unit of work even when alone: sets that wait for each other in a circle are then tried again. */
const idsOf = async (db: Db, statement: Sql): Promise<string[]> =>
  (await db.transaction(() => db.query<{ id: string }>(statement))).map(row => row.id)
