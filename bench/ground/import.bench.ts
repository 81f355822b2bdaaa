import pg from 'pg'
import sql, { type Sql } from 'sql-template-tag'
import { uuid7 } from '#core/kernel/index.ts'
import { populate } from '#tests/support/population.ts'
import { personWith } from '#tests/support/programs.ts'
import { copyOut, loadPeople } from '../baselines/import.ts'
import type { Metrics } from '../kit/index.ts'
import { peopleFile } from './people-file.ts'
import { openProduct, type Product, withProduct } from './product.ts'

const PEOPLE = 100_000
const registrar = personWith('registrar')

/**
 * People from a CSV file that is stored already: tested and committed, with every check, audit entry and message,
 * beside COPY of the same rows, finished, into the same tables. Each run fills a new database.
 */
export const metrics: Metrics = async bench => {
  const people = Math.round(PEOPLE * bench.scale)
  const load = await withProduct(async product => {
    const work = await stored(product, people)
    await work()
    return copyOut(product.env.DATABASE_URL!)
  })
  let product: Product | undefined
  let work = async () => {}
  try {
    return [
      await bench.compare({
        name: 'import',
        prepare: async side => {
          await product?.close()
          product = await openProduct()
          work = side === 'ours' ? await stored(product, people) : await connected(product, load)
        },
        ours: () => work(),
        baseline: () => work(),
        rows: () => contents(product!),
        work: { count: people, unit: 'people' },
        goal: { atLeast: 0.25 },
      }),
    ]
  } finally {
    await product?.close()
  }
}

/** Uploads the file and gives what is left to do: the test and the commit. */
const stored = async ({ db, services }: Product, people: number) => {
  const { files, imports } = services
  await populate(db, { households: 0, districtsPerRegion: 25 })
  const file = { name: 'people.csv', mediaType: 'text/csv', maxBytes: 2 ** 30 }
  const { id } = await files.store(registrar, file, peopleFile(people))
  const { reference } = await imports.start(registrar, id)
  const row = await db.one<{ id: string }>(sql`SELECT id FROM imports.imports`)
  const run = { id: uuid7(), ctx: registrar, progress: async () => {}, checkpoint: async () => {} }
  return async () => {
    await imports.handlers['imports.test']!(run, { importId: row!.id })
    await imports.commit(registrar, reference)
    await imports.handlers['imports.commit']!(run, { importId: row!.id })
  }
}

const connected =
  async ({ env }: Product, load: Awaited<ReturnType<typeof copyOut>>) =>
  async () => {
    const pool = new pg.Pool({ connectionString: env.DATABASE_URL!, max: 1, options: '-c jit=off' })
    try {
      await loadPeople(pool, load)
    } finally {
      await pool.end()
    }
  }

/** What is in each table, without what is drawn anew each time (ids, references, instants): how much, and its digest. */
const contents = ({ db }: Product) => {
  const digest = (table: string, rows: Sql) => sql`
    SELECT ${table}::text AS table, count(*)::int AS rows, md5(string_agg(md5(t::text), '' ORDER BY t::text COLLATE "C")) AS digest
    FROM (${rows}) t`
  return db.query(sql`
    ${digest(
      'registrants',
      sql`SELECT kind, status, area_id, name, given_name, family_name, sex, birth_date, birth_precision, phones,
            group_type, attributes, source, version FROM registry.registrants`,
    )} UNION ALL ${digest(
      'memberships',
      sql`SELECT g.name AS of, p.name, m.started_on, m.ended_on, m.roles, m.relationship FROM registry.memberships m
          JOIN registry.registrants g ON g.id = m.group_id JOIN registry.registrants p ON p.id = m.member_id`,
    )} UNION ALL ${digest(
      'identifiers',
      sql`SELECT p.name, i.type, i.value, i.status FROM registry.identifiers i
          JOIN registry.registrants p ON p.id = i.registrant_id`,
    )} UNION ALL ${digest(
      'payment_accounts',
      sql`SELECT p.name, a.kind, a.value, a.bank_code, a.preferred, a.status FROM registry.payment_accounts a
          JOIN registry.registrants p ON p.id = a.registrant_id`,
    )} ORDER BY 1`)
}
