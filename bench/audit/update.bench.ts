import sql, { empty } from 'sql-template-tag'
import { insertChanges } from '#core/audit/index.ts'
import type { Metrics } from '../kit/index.ts'
import { inBulk } from './bulk.ts'

const CYCLE = '019ab000-0000-7000-8000-000000000001'

/**
 * What the audit trail adds to a bulk update when it keeps what each row was before and after: entitlements that are
 * given, in the statement that books them.
 */
export const metrics: Metrics = bench =>
  inBulk(bench.scale, async ({ client, query, ctx, source, count, run, empty: emptied, clock }) => {
    const trail = insertChanges(
      ctx,
      { action: 'entitlement.fulfil', subject: { type: 'entitlement', id: null } },
      sql`SELECT id, json_build_object('fulfilled', was, 'status', 'approved') AS before,
            json_build_object('fulfilled', fulfilled, 'status', status) AS after FROM done`,
    )
    const fulfil = (isAudited: boolean) => sql`
      WITH done AS (
        UPDATE programs.entitlements e SET fulfilled = e.fulfilled + s.amount,
          status = CASE WHEN e.fulfilled + s.amount = e.amount THEN 'fulfilled' ELSE 'approved' END
        FROM ${source} s WHERE e.id = s.id AND e.status = 'approved'
        RETURNING e.id, e.fulfilled - s.amount AS was, e.fulfilled, e.status
      ) ${isAudited ? sql`, trail AS (${trail})` : empty}
      SELECT count(*) FROM done`
    const prepare = async () => {
      await emptied('programs.entitlements')
      await query(sql`
        INSERT INTO programs.entitlements (id, ref, amount, cycle_id, registrant_id, component_id, area_id, status, inputs)
        SELECT s.id, s.ref, s.amount * (1 + s.amount % 2), ${CYCLE}, s.registrant_id, ${CYCLE}, ${CYCLE}, 'approved', '{}'
        FROM ${source} s`)
      await query(sql`SELECT programs.analyze_filled()`)
    }
    const plain = fulfil(false)
    await prepare()
    await bench.plan('audit update', client, plain.text, plain.values)
    const metric = await bench.compare({
      name: 'audit update',
      prepare,
      ours: () => run(fulfil(true)),
      baseline: () => run(plain),
      rows: async side => {
        const [audited] = await query(
          sql`SELECT coalesce(sum(json_array_length(details -> 'before')), 0)::int AS n FROM audit.entries`,
        )
        if (audited!.n !== (side === 'ours' ? count : 0))
          throw new Error(`${Number(audited!.n)} rows are on the trail`)
        return query(sql`SELECT * FROM programs.entitlements ORDER BY id`)
      },
      clock,
      runs: 7,
      goal: { atMost: 2.5 },
    })
    return [metric]
  })
