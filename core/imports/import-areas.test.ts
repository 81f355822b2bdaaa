import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { createAreas } from '../areas/index.ts'
import { createAudit } from '../audit/index.ts'
import { DomainError, systemClock, systemCtx, systemIds } from '../kernel/index.ts'
import { createKeys } from '../keys/index.ts'
import { createOutbox } from '../outbox/index.ts'
import { importAreas } from './import-areas.ts'

const ctx = systemCtx('test', 'areas')

async function* bytes(text: string | Buffer) {
  yield Buffer.from(text)
}

describe('areas from a file', () => {
  let db: TestDatabase
  let load: ReturnType<typeof importAreas>

  beforeEach(async () => {
    db = await testDatabase()
    const deps = { db, clock: systemClock, ids: systemIds }
    const audit = createAudit({ ...deps, keys: createKeys({ ...deps, masterKey: Buffer.alloc(32) }) })
    load = importAreas(createAreas({ ...deps, audit, outbox: createOutbox(deps) }))
  })
  afterEach(() => db.close())

  const tree = () =>
    db.query(sql`SELECT a.code, a.name, a.level, p.code AS parent, a.names
                 FROM areas.areas a LEFT JOIN areas.areas p ON p.id = a.parent_id ORDER BY a.code`)

  const refusal = async (text: string | Buffer) => {
    const error = await load(ctx, bytes(text)).then(
      () => assert.fail('it was accepted'),
      (e: unknown) => e,
    )
    assert.ok(error instanceof DomainError, String(error))
    assert.deepEqual(await tree(), [], 'nothing of it stays')
    return error
  }

  it('reads a COD-AB file whatever the order and language of its columns', async () => {
    const file = [
      'admin2Pcode;Shape_Area;ADM1_FR;ADM1_EN;ADM1_PCODE;admin2Name_en;ADM0_EN;ADM0_PCODE;admin2RefName',
      'AA0101;1.5;Le Nord;North;AA01;Bay;Aland;AA;x',
      'AA0102;1.5;Le Nord;North;AA01;Cliff;Aland;AA;x',
      'AA0201;1.5;Le Sud;South;AA02;Dune;Aland;AA;x',
    ].join('\n')
    assert.deepEqual(await load(ctx, bytes(file)), { areas: 6, created: 6, renamed: 0, dryRun: false })
    assert.deepEqual((await tree()).slice(0, 3), [
      { code: 'AA', name: 'Aland', level: 0, parent: null, names: { en: 'Aland' } },
      { code: 'AA01', name: 'North', level: 1, parent: 'AA', names: { en: 'North', fr: 'Le Nord' } },
      { code: 'AA0101', name: 'Bay', level: 2, parent: 'AA01', names: { en: 'Bay' } },
    ])
    const [closure] = await db.query(sql`SELECT count(*)::int AS n FROM areas.closure`)
    assert.equal(closure!.n, 1 + 2 * 2 + 3 * 3, 'every area with itself and all above it')
  })

  it('reads plain code, name and parent, parents after their children', async () => {
    await load(ctx, bytes('Parent,Code,Name\nXX1,XX11,Hamlet\nXX,XX1,Province\n,XX,Country\n'))
    assert.deepEqual(
      (await tree()).map(a => [a.code, a.level, a.parent]),
      [
        ['XX', 0, null],
        ['XX1', 1, 'XX'],
        ['XX11', 2, 'XX1'],
      ],
    )
  })

  it('adds what is new, renames what has another name, and leaves the rest, when a file comes again', async () => {
    await load(ctx, bytes('code,name,parent\nXX,Country,\nXX1,Old,XX\n'))
    const again = await load(ctx, bytes('code,name,parent\nXX,Country,\nXX1,New,XX\nXX2,Other,XX\n'))
    assert.deepEqual(again, { areas: 3, created: 1, renamed: 1, dryRun: false })
  })

  it('only tells what would happen, when asked to', async () => {
    const result = await load(ctx, bytes('code,name,parent\nXX,Country,\n'), { dryRun: true })
    assert.deepEqual(result, { areas: 1, created: 1, renamed: 0, dryRun: true })
    assert.deepEqual(await tree(), [])
  })

  it('refuses a file with any error whole, and names the line', async () => {
    const { issues } = await refusal(
      'code,name,parent\nXX,Country,\nxx 1,Bad code,XX\nXX2,,XX\nXX3,Lost,YY\nXX4,Loop,XX5\nXX5,Loop,XX4\n',
    )
    assert.deepEqual(
      issues.map(i => [i.pointer, i.code]),
      [
        ['/lines/3/code', 'code'],
        ['/lines/4/name', 'required'],
        ['/lines/5/parent', 'unknown'],
        ['/lines/6/parent', 'unknown'],
        ['/lines/7/parent', 'unknown'],
      ],
    )
  })

  it('refuses what is no table of areas, and says what one looks like', async () => {
    assert.match((await refusal('')).message, /empty/)
    assert.match((await refusal('name,age\nA,1\n')).message, /ADM1_PCODE/)
    assert.match((await refusal('code,name,name\nA,B,C\n')).message, /same name/)
    assert.match((await refusal(Buffer.from([0, 1, 2, 0, 0, 0]))).message, /\w/)
  })
})
