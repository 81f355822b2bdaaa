import pg from 'pg'
import sql, { type Sql } from 'sql-template-tag'
import { visible } from '#core/access/index.ts'
import { testDatabase } from '#tests/support/database.ts'
import { populate } from '#tests/support/population.ts'
import { personWith } from '#tests/support/programs.ts'
import type { Metric, Metrics } from '../kit/index.ts'

const INDIVIDUALS = 1_000_000
/** Members of a household of the made-up population, on average. */
const MEMBERS = 4.5
const AREA = sql`r.area_id`

/** What people ask of the registry, with the filter where it stands in each. */
const QUESTIONS: Record<string, (filter: Sql, cursors: readonly string[]) => Sql[]> = {
  'list pages': (filter, cursors) =>
    cursors.map(
      after => sql`
        SELECT r.id, r.name FROM registry.registrants r
        WHERE r.kind = 'individual' AND ${filter} AND r.id > ${after}::uuid ORDER BY r.id LIMIT 51`,
    ),
  count: filter => [
    sql`SELECT count(*)::int AS n FROM registry.registrants r WHERE r.kind = 'individual' AND ${filter}`,
  ],
  aggregate: filter => [
    sql`
      SELECT r.sex, count(*)::int AS n, min(r.birth_date) AS oldest FROM registry.registrants r
      WHERE r.kind = 'individual' AND ${filter} GROUP BY r.sex ORDER BY r.sex`,
  ],
}

/**
 * What the row filter costs somebody who may see 50 regions of 99, with all that lies in them: pages of a list, a
 * count and an aggregate over a million people, beside the same statements with the 550 areas given as a plain list. Both
 * sides give the same rows. The worst question counts.
 */
export const metrics: Metrics = async bench => {
  const db = await testDatabase()
  const client = new pg.Client({ connectionString: db.url, options: '-c jit=off' })
  try {
    await client.connect()
    const households = Math.round((INDIVIDUALS / MEMBERS) * bench.scale)
    const people = await populate(db, {
      households,
      regions: 99,
      districtsPerRegion: 10,
      adminUrl: db.adminUrl,
    })
    const granted = people.regions.slice(0, 50).map(code => people.areas.get(code)!)
    const written = (
      await db.query<{ area_id: string }>(sql`
      SELECT area_id FROM areas.closure WHERE ancestor_id = ANY(${granted}::uuid[])`)
    ).map(row => row.area_id)
    const cursors = (
      await db.query<{ id: string }>(sql`
      SELECT id FROM registry.registrants ORDER BY hashtext(id::text) LIMIT 200`)
    ).map(row => row.id)

    const filters = {
      ours: visible(personWith('registrar', { areaIds: granted }), 'registrant:read', { area: AREA }),
      baseline: sql`${AREA} = ANY(${written}::uuid[])`,
    }
    const found: Metric[] = []
    for (const [name, statements] of Object.entries(QUESTIONS)) {
      const ask = async (filter: Sql) => {
        const answers: unknown[] = []
        for (const statement of statements(filter, cursors)) answers.push(...(await db.query(statement)))
        return answers
      }
      for (const [side, filter] of Object.entries(filters)) {
        const [{ text, values }] = statements(filter, cursors) as [Sql]
        await bench.plan(`${name}, ${side}`, client, text, values)
      }
      found.push(
        await bench.compare({
          name: `row filter, ${name}`,
          ours: () => ask(filters.ours),
          baseline: () => ask(filters.baseline),
          goal: { atMost: 1.5 },
          runs: 7,
        }),
      )
    }
    const worst = found.reduce((a, b) => (b.ratio! > a.ratio! ? b : a))
    return [...found, { ...worst, name: 'row filter' }]
  } finally {
    await client.end()
    await db.close()
  }
}
