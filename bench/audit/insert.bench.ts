import sql, { empty } from 'sql-template-tag'
import { insertSet } from '#core/audit/index.ts'
import type { Metrics } from '../kit/index.ts'
import { inBulk } from './bulk.ts'

const PROGRAM = '019ab000-0000-7000-8000-000000000001'

/** What its entries on the audit trail add to a bulk insert: enrolments, in the statement that makes them. */
export const metrics: Metrics = bench =>
  inBulk(bench.scale, async ({ client, query, ctx, source, count, run, empty: emptied, clock }) => {
    const trail = insertSet(
      ctx,
      { action: 'enrolment.open', subject: { type: 'program', id: PROGRAM }, after: { status: 'enrolled' } },
      sql`SELECT id FROM opened`,
    )
    const enrol = (isAudited: boolean) => sql`
      WITH opened AS (
        INSERT INTO programs.enrolments (id, ref, program_id, registrant_id, status, started_on)
        SELECT s.id, s.ref, ${PROGRAM}::uuid, s.registrant_id, 'enrolled', '2026-06-15'::date
        FROM ${source} s ORDER BY s.registrant_id RETURNING id
      ) ${isAudited ? sql`, trail AS (${trail})` : empty}
      SELECT count(*) FROM opened`
    const plain = enrol(false)
    await bench.plan('audit insert', client, plain.text, plain.values)
    const metric = await bench.compare({
      name: 'audit insert',
      prepare: () => emptied('programs.enrolments'),
      ours: () => run(enrol(true)),
      baseline: () => run(plain),
      rows: async side => {
        const [audited] = await query(sql`SELECT coalesce(sum(items), 0)::int AS n FROM audit.entries`)
        if (audited!.n !== (side === 'ours' ? count : 0))
          throw new Error(`${Number(audited!.n)} rows are on the trail`)
        return query(sql`SELECT * FROM programs.enrolments ORDER BY id`)
      },
      clock,
      runs: 7,
      goal: { atMost: 1.35 },
    })
    return [metric]
  })
