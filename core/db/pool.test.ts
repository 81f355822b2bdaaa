import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { DataTypes, Model } from 'sequelize'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { DomainError, formatReference, parseReference } from '../kernel/index.ts'
import { connect, inTransaction } from './index.ts'

describe('the way to the database', () => {
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  it('commits everything in a unit of work, or nothing', async () => {
    await assert.rejects(
      db.transaction(async () => {
        await db.query(sql`SELECT graphile_worker.add_job('nothing', '{}'::json)`)
        throw new Error('no')
      }),
    )
    assert.deepEqual(await db.query(sql`SELECT 1 FROM graphile_worker.jobs`), [])
    await db.transaction(() => db.query(sql`SELECT graphile_worker.add_job('nothing', '{}'::json)`))
    assert.equal((await db.query(sql`SELECT 1 FROM graphile_worker.jobs`)).length, 1)
  })

  it('keeps what was done when it is refused with an error that says so, also from a nested unit', async () => {
    const add = sql`SELECT graphile_worker.add_job('kept', '{}'::json)`
    const refusal = new DomainError('conflict', 'It was changed, and goes back.', { keeps: true })
    const nested = () =>
      db.transaction(async () => {
        await db.query(add)
        throw refusal
      })
    await assert.rejects(
      db.transaction(async () => {
        await db.query(add)
        await nested()
      }),
      refusal,
    )
    assert.equal(inTransaction(), false)
    const kept = await db.query(sql`SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'kept'`)
    assert.equal(kept.length, 2)
  })

  it('joins a nested unit of work to the outer one', async () => {
    const ids = await db.transaction(async () => {
      const outer = await db.one(sql`SELECT pg_current_xact_id()::text AS id`)
      const inner = await db.transaction(() => db.one(sql`SELECT pg_current_xact_id()::text AS id`))
      assert.equal(inTransaction(), true)
      return [outer?.id, inner?.id]
    })
    assert.equal(ids[0], ids[1])
    assert.equal(inTransaction(), false)
  })

  it('lets models, named SQL and COPY share one transaction', async () => {
    class Note extends Model {
      declare id: string
      declare minor: string
      declare day: string
    }
    Note.init(
      { id: { type: DataTypes.UUID, primaryKey: true }, minor: DataTypes.BIGINT, day: DataTypes.DATEONLY },
      { sequelize: db.sequelize, tableName: 'note', timestamps: false },
    )
    await db.transaction(async () => {
      await db.query(sql`CREATE TEMP TABLE note (id uuid PRIMARY KEY, minor bigint, day date)`)
      await Note.create({
        id: '0194d5e2-7b5c-7000-8000-000000000001',
        minor: '9007199254740993',
        day: '2026-02-28',
      })
      const source = (async function* () {
        yield '0194d5e2-7b5c-7000-8000-000000000002\t1\t2026-03-01\n'
      })()
      assert.equal(await db.copyIn('COPY note FROM STDIN', source), 1)
      const rows = await db.query(sql`SELECT minor, day FROM note ORDER BY id`)
      assert.deepEqual(rows, [
        { minor: '9007199254740993', day: '2026-02-28' },
        { minor: '1', day: '2026-03-01' },
      ])
      const found = await Note.findOne({ where: { minor: '9007199254740993' } })
      assert.equal(found?.day, '2026-02-28')
      assert.equal(found?.minor, '9007199254740993')
    })
    await assert.rejects(Note.findOne(), /unit of work/)
  })

  it('runs a unit of work again when the database could not serialise it', async () => {
    let runs = 0
    await db.transaction(async () => {
      runs++
      if (runs < 3) await db.query(sql`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`)
    })
    assert.equal(runs, 3)
  })

  it('has no plan compiled, whatever the server does by itself', async () => {
    assert.equal((await db.one(sql`SHOW jit`))?.jit, 'off')
  })

  it('says unavailable, and nothing of the inside, when the database cannot be reached', async () => {
    const nowhere = connect({ url: 'postgres://nobody:secret@127.0.0.1:1/none' })
    await assert.rejects(nowhere.query(sql`SELECT 1`), { code: 'unavailable', message: /does not answer/ })
    await nowhere.close()
  })

  it('answers at once, with unavailable, when every connection is taken', async () => {
    const outside = AsyncLocalStorage.snapshot()
    const small = connect({ url: db.url, poolSize: 1, acquireTimeoutMs: 50 })
    await small.transaction(async () => {
      await assert.rejects(
        outside(() => small.query(sql`SELECT 1`)),
        { code: 'unavailable' },
      )
    })
    await small.close()
  })

  it('makes the same references in SQL as in this process', async () => {
    const rows = await db.query<{ n: string; text: string }>(
      sql`SELECT n::text, kernel.reference('GR', n) AS text
          FROM (SELECT kernel.random_ref() AS n FROM generate_series(1, 200)) r`,
    )
    assert.equal(rows.length, 200)
    for (const { n, text } of rows) {
      assert.equal(text, formatReference('group', n))
      assert.equal(parseReference('group', text), n)
    }
  })

  it('makes time-ordered UUIDs of version 7', async () => {
    const [row] = await db.query(sql`SELECT kernel.uuid7() AS a, pg_sleep(0.002), kernel.uuid7() AS b`)
    assert.match(row!.a, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.ok(row!.a < row!.b)
    const ms = Number.parseInt(row!.a.replaceAll('-', '').slice(0, 12), 16)
    assert.ok(Math.abs(ms - Date.now()) < 60_000)
  })
})
