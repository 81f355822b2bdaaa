import pg from 'pg'
import sql, { type Sql } from 'sql-template-tag'
import type { Db } from '#core/db/index.ts'

/**
 * A made-up population, for tests and benchmarks: one country, its regions and districts, and households with
 * members, all in set-based SQL. The same seed gives the same people, ids and references.
 *
 * Each household has a head (the first member, an adult) with a preferred mobile wallet, 1 to 8 members, and the
 * attribute `score` (0 to 99; unknown for one in fifty).
 */
export type PopulationOptions = {
  households: number
  seed?: number
  regions?: number
  districtsPerRegion?: number
  /** The owner's URL: statistics are then gathered, as a running system has them. */
  adminUrl?: string
}

/** Areas by code (`XA`, `XA01`, `XA0101`) and their ids. */
export type Population = {
  areas: Map<string, string>
  country: string
  regions: string[]
  districts: string[]
}

const COUNTRY = 'XA'
const two = (n: number) => String(n).padStart(2, '0')

export const populate = async (db: Db, options: PopulationOptions): Promise<Population> => {
  const { households, seed = 1, regions = 2, districtsPerRegion = 3 } = options
  const population = await insertAreas(db, seed, regions, districtsPerRegion)
  const districts = population.districts.map(code => population.areas.get(code)!)
  await db.transaction(async () => {
    for (const statement of statements(seed, households, districts)) await db.run(statement)
  })
  if (options.adminUrl) await analyze(options.adminUrl)
  return population
}

/** An id that looks like a UUID version 7 and grows with `n`. */
const id = (seed: number, kind: string, n: Sql) => sql`(
  lpad(to_hex(1700000000000 + (${n})::bigint), 12, '0') || '7' || substr(md5(${`${seed} ${kind} `}::text || ${n}), 1, 3)
  || '8' || substr(md5(${`${seed} ${kind} `}::text || ${n}), 4, 15))::uuid`
const ref = (seed: number, kind: string, n: Sql) => sql`
  (('x' || substr(md5(${`${seed} ref ${kind} `}::text || ${n}), 1, 13))::bit(52)::bigint & 1125899906842623)`
/** A number from 0 to `below` - 1, by chance. */
const chance = (seed: number, what: string, n: Sql, below: number) => sql`
  (('x' || substr(md5(${`${seed} ${what} `}::text || ${n}), 1, 8))::bit(32)::bigint % ${below}::bigint)::int`

const insertAreas = async (db: Db, seed: number, regions: number, perRegion: number): Promise<Population> => {
  const regionCodes = Array.from({ length: regions }, (_, r) => `${COUNTRY}${two(r + 1)}`)
  const districtCodes = regionCodes.flatMap(region =>
    Array.from({ length: perRegion }, (_, d) => `${region}${two(d + 1)}`),
  )
  const codes = [COUNTRY, ...regionCodes, ...districtCodes]
  await db.transaction(async () => {
    await db.run(sql`
      INSERT INTO areas.areas (id, code, level, name, parent_id)
      SELECT ${id(seed, 'area', sql`n`)}, code, length(code) / 2 - 1, 'Area ' || code,
        CASE WHEN length(code) > 2 THEN ${id(seed, 'area', sql`array_position(${codes}::text[], left(code, length(code) - 2))`)} END
      FROM unnest(${codes}::text[]) WITH ORDINALITY AS a(code, n)`)
    await db.run(sql`
      INSERT INTO areas.closure (ancestor_id, area_id)
      SELECT up.id, down.id FROM areas.areas up JOIN areas.areas down ON down.code LIKE up.code || '%'
      WHERE down.code = ANY(${codes}::text[])`)
  })
  const rows = await db.query<{ code: string; id: string }>(sql`SELECT code, id FROM areas.areas`)
  return {
    areas: new Map(rows.map(r => [r.code, r.id])),
    country: COUNTRY,
    regions: regionCodes,
    districts: districtCodes,
  }
}

const GIVEN = [
  'Abebe',
  'Almaz',
  'Amina',
  'Chidi',
  'Fatuma',
  'Grace',
  'Hassan',
  'Joseph',
  'Lucia',
  'Omar',
  'Rosa',
  'Zawadi',
]
const FAMILY = [
  'Abdi',
  'Bekele',
  'Diallo',
  'Juma',
  'Kamau',
  'Mensah',
  'Nkosi',
  'Okello',
  'Pereira',
  'Tesfaye',
]

const statements = (seed: number, households: number, districts: string[]): Sql[] => {
  const name = (list: string[], what: string, n: Sql) =>
    sql`(${list}::text[])[1 + ${chance(seed, what, n, list.length)}]`
  const home = (h: Sql) => sql`(${districts}::uuid[])[1 + ${chance(seed, 'home', h, districts.length)}]`
  const everybody = sql`
    SELECT h, m, h * 10 + m AS n FROM generate_series(1, ${households}::int) h,
      generate_series(1, 1 + (${chance(seed, 'size', sql`h`, 4)} + ${chance(seed, 'more', sql`h`, 5)})) m`
  return [
    sql`INSERT INTO registry.attribute_definitions (kind, code, type, label) VALUES ('group', 'score', 'number', 'Poverty score')
      ON CONFLICT DO NOTHING`,
    sql`
      INSERT INTO registry.registrants (id, ref, kind, area_id, name, group_type, attributes, source, created_at, updated_at)
      SELECT ${id(seed, 'household', sql`h * 10`)}, ${ref(seed, 'household', sql`h`)}, 'group', ${home(sql`h`)},
        'Household ' || ${name(FAMILY, 'family', sql`h`)}, 'household',
        CASE WHEN ${chance(seed, 'scored', sql`h`, 50)} = 0 THEN '{}'::jsonb
          ELSE jsonb_build_object('score', ${chance(seed, 'score', sql`h`, 100)}) END, 'demo', '2026-01-01', '2026-01-01'
      FROM generate_series(1, ${households}::int) h`,
    sql`
      INSERT INTO registry.registrants (id, ref, kind, area_id, name, given_name, family_name, sex, birth_date,
        birth_precision, phones, source, created_at, updated_at)
      SELECT ${id(seed, 'person', sql`n`)}, ${ref(seed, 'person', sql`n`)}, 'individual', ${home(sql`h`)},
        given || ' ' || family, given, family, CASE WHEN ${chance(seed, 'sex', sql`n`, 2)} = 0 THEN 'female' ELSE 'male' END,
        CASE WHEN m = 1 THEN date '2006-01-01' - ${chance(seed, 'age', sql`n`, 20000)}
          ELSE date '2026-01-01' - ${chance(seed, 'age', sql`n`, 14000)} END, 'day', '{}', 'demo', '2026-01-01', '2026-01-01'
      FROM (SELECT *, ${name(GIVEN, 'given', sql`n`)} AS given, ${name(FAMILY, 'family', sql`h`)} AS family
        FROM (${everybody}) e) p`,
    sql`
      INSERT INTO registry.memberships (group_id, member_id, started_on, roles)
      SELECT ${id(seed, 'household', sql`h * 10`)}, ${id(seed, 'person', sql`n`)}, '2026-01-01',
        CASE WHEN m = 1 THEN '{head}'::text[] ELSE '{}' END
      FROM (${everybody}) e`,
    sql`
      INSERT INTO registry.payment_accounts (id, registrant_id, kind, value, preferred)
      SELECT ${id(seed, 'account', sql`h`)}, ${id(seed, 'person', sql`h * 10 + 1`)}, 'mobile_wallet',
        '+2547' || lpad(${chance(seed, 'wallet', sql`h`, 100_000_000)}::text, 8, '0'), true
      FROM generate_series(1, ${households}::int) h`,
  ]
}

const analyze = async (url: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    'ANALYZE registry.registrants, registry.memberships, registry.payment_accounts, areas.closure',
  )
  await client.end()
}
