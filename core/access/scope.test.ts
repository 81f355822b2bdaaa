import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql, { type Sql } from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { type Ctx, type Grant, uuid7 } from '../kernel/index.ts'
import { clear, type Maskable, type ScopedColumns, visible } from './index.ts'

/*
 * The row filter against a reference of a few lines: somebody reaches a row when one of their grants does, and sees a
 * field in full when one of those that do shows it.
 */

type Row = { id: number; area: number | null; program: number | null }
type GivenGrant = {
  permissions: readonly string[]
  masks: readonly Maskable[]
  areas: readonly number[] | null
  programs: readonly number[] | null
}
/** The parent of each area, by its number; the first has none. */
type Tree = readonly (number | null)[]

const AREAS = Array.from({ length: 12 }, () => uuid7())
const PROGRAMS = Array.from({ length: 4 }, () => uuid7())

const tree: fc.Arbitrary<Tree> = fc
  .array(fc.nat({ max: 1_000 }), { minLength: AREAS.length - 1, maxLength: AREAS.length - 1 })
  .map(draws => [null, ...draws.map((n, i) => (n % 5 === 0 ? null : n % (i + 1)))])
const area = fc.nat({ max: AREAS.length - 1 })
const program = fc.nat({ max: PROGRAMS.length - 1 })
const some = (what: fc.Arbitrary<number>) =>
  fc.option(fc.uniqueArray(what, { minLength: 1, maxLength: 3 }), { freq: 2 })
const grant: fc.Arbitrary<GivenGrant> = fc.record({
  permissions: fc.subarray(['registrant:read', 'payment:read', '*']),
  masks: fc.subarray<Maskable>(['name', 'account']),
  areas: some(area),
  programs: some(program),
})
const rows = fc
  .array(fc.tuple(fc.option(area, { freq: 8 }), fc.option(program, { freq: 8 })), { maxLength: 25 })
  .map((all): Row[] => all.map(([a, p], id) => ({ id, area: a, program: p })))
const columnsGiven = fc.constantFrom('both', 'area', 'program', 'neither')

/** Whether an area is one of some, or below one of them. */
const isIn = (parents: Tree, at: number | null, roots: readonly number[]): boolean =>
  at !== null && (roots.includes(at) || isIn(parents, parents[at]!, roots))

const reaches = (parents: Tree, columns: string, g: GivenGrant, row: Row): boolean =>
  (g.permissions.includes('registrant:read') || g.permissions.includes('*')) &&
  (g.areas === null || !['both', 'area'].includes(columns) || isIn(parents, row.area, g.areas)) &&
  (g.programs === null ||
    !['both', 'program'].includes(columns) ||
    (row.program !== null && g.programs.includes(row.program)))

describe('the row filter', function () {
  this.timeout(60_000)
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  const plant = async (parents: Tree) => {
    const pairs = parents.flatMap((_, at) => {
      const above: { ancestor_id: string; area_id: string }[] = []
      for (let up: number | null = at; up !== null; up = parents[up]!)
        above.push({ ancestor_id: AREAS[up]!, area_id: AREAS[at]! })
      return above
    })
    await db.run(sql`DELETE FROM areas.closure`)
    await db.run(sql`DELETE FROM areas.areas`)
    await db.run(sql`
      INSERT INTO areas.areas (id, code, parent_id, level, name)
      SELECT id, 'A' || n, NULL, 0, 'A' || n FROM unnest(${AREAS}::uuid[]) WITH ORDINALITY AS a(id, n)`)
    await db.run(sql`
      INSERT INTO areas.closure (ancestor_id, area_id)
      SELECT ancestor_id, area_id FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb)
        AS c(ancestor_id uuid, area_id uuid)`)
  }

  const ctxOf = (grants: readonly GivenGrant[]): Ctx => ({
    actor: {
      kind: 'user',
      id: uuid7(),
      name: 'somebody',
      grants: grants.map(
        (g): Grant => ({
          permissions: new Set(g.permissions),
          masks: new Set(g.masks),
          areaIds: g.areas?.map(a => AREAS[a]!) ?? null,
          programIds: g.programs?.map(p => PROGRAMS[p]!) ?? null,
        }),
      ),
    },
    requestId: 'test',
  })

  const seen = async (all: readonly Row[], condition: Sql): Promise<number[]> => {
    const given = all.map(({ id, area: a, program: p }) => ({
      id,
      area_id: a === null ? null : AREAS[a],
      program_id: p === null ? null : PROGRAMS[p],
    }))
    const found = await db.query<{ id: number }>(sql`
      SELECT r.id FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS r(id int, area_id uuid, program_id uuid)
      WHERE ${condition} ORDER BY r.id`)
    return found.map(r => r.id)
  }

  it('shows the rows that any grant reaches, and of those in full the ones that a grant reaches which masks nothing', async () => {
    const counted = { visible: 0, hidden: 0, clear: 0, masked: 0 }
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.array(grant, { maxLength: 4 }),
        rows,
        columnsGiven,
        async (parents, grants, all, given) => {
          await plant(parents)
          const ctx = ctxOf(grants)
          const columns: ScopedColumns = {
            ...(['both', 'area'].includes(given) ? { area: sql`r.area_id` } : {}),
            ...(['both', 'program'].includes(given) ? { program: sql`r.program_id` } : {}),
          }
          const reached = (g: GivenGrant, row: Row) => reaches(parents, given, g, row)
          const expected = all.filter(row => grants.some(g => reached(g, row))).map(r => r.id)
          const shown = await seen(all, visible(ctx, 'registrant:read', columns))
          assert.deepEqual(shown, expected)
          const full = all.filter(row => grants.some(g => reached(g, row) && !g.masks.includes('name')))
          const inFull = await seen(all, clear(ctx, 'registrant:read', 'name', columns))
          assert.deepEqual(
            inFull,
            full.map(r => r.id),
          )
          assert.ok(inFull.every(id => shown.includes(id)))
          counted.visible += shown.length
          counted.hidden += all.length - shown.length
          counted.clear += inFull.length
          counted.masked += shown.length - inFull.length
        },
      ),
      { numRuns: 150 },
    )
    for (const [what, n] of Object.entries(counted)) assert.ok(n > 50, `${n} rows were ${what}`)
  })

  it('reaches the same when the subtrees hold more areas than are named in a plan', async () => {
    await plant(AREAS.map((_, at) => (at === 0 || at > 8 ? null : 0)))
    const ctx = ctxOf([{ permissions: ['registrant:read'], masks: [], areas: [0, 9], programs: null }])
    const all = [0, 5, 8, 9, 10, 11, null].map((at, id): Row => ({ id, area: at, program: null }))
    const shown = () => seen(all, visible(ctx, 'registrant:read', { area: sql`r.area_id` }))
    const named = async () => {
      const row = await db.one<{ many: boolean }>(
        sql`SELECT areas.subtrees(${[AREAS[0]]}::uuid[]) IS NULL AS many`,
      )
      return !row!.many
    }
    assert.deepEqual([await named(), await shown()], [true, [0, 1, 2, 3]])
    await db.run(sql`
      WITH villages AS (
        INSERT INTO areas.areas (id, code, level, parent_id, name)
        SELECT gen_random_uuid(), 'V' || n, 1, ${AREAS[0]}, 'Village' FROM generate_series(1, 1000) n RETURNING id)
      INSERT INTO areas.closure (ancestor_id, area_id) SELECT ${AREAS[0]}, id FROM villages`)
    assert.deepEqual([await named(), await shown()], [false, [0, 1, 2, 3]])
  })

  it('shows nothing to those without a grant, and keeps values out of the statement', async () => {
    assert.equal(visible(ctxOf([]), 'registrant:read', { area: sql`r.area_id` }).sql, 'false')
    const only = { permissions: ['registrant:read'], masks: [], areas: [0], programs: [1] }
    const filter = visible(ctxOf([only]), 'registrant:read', { area: sql`a`, program: sql`p` })
    assert.ok(!filter.sql.includes(AREAS[0]!) && !filter.sql.includes(PROGRAMS[1]!))
    assert.deepEqual(new Set(filter.values.flat()), new Set([AREAS[0], PROGRAMS[1]]))
  })
})
