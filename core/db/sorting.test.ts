import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { encodeCursor, uuid7 } from '../kernel/index.ts'
import { type Sortable, sorted } from './index.ts'

type Thing = { id: string; name: string; code: string; n: string; day: string; at: string | null }

const id = { by: sql`t.id`, as: 'uuid' } as const
const THINGS: Sortable = {
  columns: {
    id,
    name: { by: sql`t.name`, as: 'name' },
    code: { by: sql`t.code`, as: 'code' },
    n: { by: sql`t.n`, as: 'number' },
    day: { by: sql`t.day`, as: 'day' },
    at: { by: sql`t.at`, as: 'instant', optional: true },
  },
  tie: id,
  otherwise: '-id',
}
const SORTS = Object.keys(THINGS.columns).flatMap(name => [name, `-${name}`])

describe('a sorted list', () => {
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  const pageOf = async (
    things: readonly Thing[],
    sort: string | undefined,
    limit: number,
    cursor?: string,
  ) => {
    const list = sorted(THINGS, { limit, cursor, sort })
    const all = JSON.stringify(things)
    const rows = await db.query<Thing & { sort_key: string[] }>(sql`
      SELECT t.* ${list.key}
      FROM json_to_recordset(${all}::json) AS t (id uuid, name text, code text, n bigint, day date, at timestamptz)
      WHERE true ${list.after} ORDER BY ${list.order} LIMIT ${limit + 1}`)
    return list.page<Thing>(rows)
  }
  const walk = async (things: readonly Thing[], sort: string, limit: number) => {
    const seen: Thing[] = []
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await pageOf(things, sort, limit, cursor)
      seen.push(...items)
      if (next === undefined) return seen
      cursor = next
    }
  }

  it('shows every row once and in order, whatever it is sorted by and however long its pages are', async () => {
    // Few values, so that most rows are alike in something.
    const thing: fc.Arbitrary<Thing> = fc.record({
      id: fc.uuid({ version: 7 }),
      name: fc.constantFrom('Abebe', 'abebe', 'Ébène', 'ebene', 'ZOE', 'አበበ', 'علي', ''),
      code: fc.constantFrom('A', 'a', 'B', 'É'),
      n: fc.bigInt({ min: -3n, max: 3n }).map(String),
      day: fc.constantFrom('1969-12-31', '2026-02-28', '2026-03-01'),
      at: fc.constantFrom(
        null,
        '2026-03-01T00:00:00.000001Z',
        '2026-03-01T00:00:00.000002Z',
        '2026-03-01T01:00:00+03',
      ),
    })
    const property = fc.asyncProperty(
      fc.uniqueArray(thing, { selector: t => t.id, maxLength: 12 }),
      fc.constantFrom(...SORTS),
      fc.integer({ min: 1, max: 5 }),
      async (things, sort, limit) => {
        const walked = (await walk(things, sort, limit)).map(t => t.id)
        const whole = (await pageOf(things, sort, 100)).items
        assert.deepEqual(
          walked,
          whole.map(t => t.id),
        )
        assert.deepEqual(walked.toSorted(), things.map(t => t.id).toSorted())
        const other = (await pageOf(things, sort.startsWith('-') ? sort.slice(1) : `-${sort}`, 100)).items
        const known = (list: Thing[]) =>
          list.filter(t => t.at !== null || !sort.endsWith('at')).map(t => t.id)
        assert.deepEqual(known(whole), known(other).toReversed())
        if (sort.endsWith('at'))
          assert.equal(
            whole.findLastIndex(t => t.at !== null),
            known(whole).length - 1,
          )
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })

  it('sorts names as people do, codes by code point, and otherwise as the list says', async () => {
    const made = ['Zoé', 'élan', 'Elan b', 'ELAN a', 'abebe'].map((name, i) => ({
      id: uuid7(),
      name,
      code: name,
      n: String(i),
      day: '2026-01-01',
      at: null,
    }))
    const named = async (sort?: string) => (await pageOf(made, sort, 9)).items.map(t => t.name)
    assert.deepEqual(await named('name'), ['abebe', 'élan', 'ELAN a', 'Elan b', 'Zoé'])
    assert.deepEqual(await named('code'), ['ELAN a', 'Elan b', 'Zoé', 'abebe', 'élan'])
    const newestFirst = made.toSorted((a, b) => (a.id < b.id ? 1 : -1))
    assert.deepEqual(
      await named(),
      newestFirst.map(t => t.name),
    )
  })

  it('refuses a cursor of another sort, or of its own making, and what it cannot be sorted by', async () => {
    const made = [1, 2].map(() => ({
      id: uuid7(),
      name: 'a',
      code: 'a',
      n: '1',
      day: '2026-01-01',
      at: null,
    }))
    const { next } = await pageOf(made, 'name', 1)
    const at =
      (pointer: string, detail: RegExp) => (error: { issues?: { pointer: string; detail: string }[] }) => {
        assert.equal(error.issues?.[0]?.pointer, pointer)
        assert.match(error.issues[0].detail, detail)
        return true
      }
    await assert.rejects(pageOf(made, '-name', 1, next), at('/cursor', /another sort/))
    await assert.rejects(pageOf(made, 'constructor', 1), at('/sort', /sorted by id, name/))
    const forged: [string, (string | number | null)[]][] = [
      ['name', []],
      ['name', ['a\0', made[0]!.id]],
      ['name', [null, made[0]!.id]],
      ['n', ['9'.repeat(30), made[0]!.id]],
      ['day', ['2026-02-30', made[0]!.id]],
      ['at', ['2026-02-30T00:00:00.000000Z', made[0]!.id]],
      ['at', ['2026-02-28T24:00:00.000000Z', made[0]!.id]],
      ['id', ['x']],
    ]
    for (const [sort, key] of forged)
      await assert.rejects(pageOf(made, sort, 1, encodeCursor([sort, ...key])), at('/cursor', /gave out/))
    await assert.rejects(pageOf(made, 'name', 1, 'no cursor'), at('/cursor', /gave out/))
  })
})
