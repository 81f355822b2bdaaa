import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import sql from 'sql-template-tag'
import { superuserUrl, type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { manualClock, systemCtx, systemIds, uuid7 } from '../kernel/index.ts'
import { createKeys } from '../keys/index.ts'
import { type Audit, createAudit, entriesTouching, insertChanges, insertSet } from './index.ts'

const ctx = { ...systemCtx('test', 'req-1'), reason: 'because' }

describe('the audit trail', function () {
  this.timeout(30_000)

  let db: TestDatabase
  let audit: Audit
  let superuser: pg.Client

  beforeEach(async () => {
    db = await testDatabase()
    const clock = manualClock('2026-01-01T00:00:00Z')
    const keys = createKeys({ db, clock, ids: systemIds, masterKey: Buffer.alloc(32, 7) })
    audit = createAudit({ db, keys, clock })
    superuser = new pg.Client({ connectionString: await superuserUrl(db.url) })
    await superuser.connect()
    // A superuser can do what the application and even the owner cannot.
    await superuser.query("SET session_replication_role = 'replica'")
  })
  afterEach(async () => {
    await superuser.end()
    await db.close()
  })

  /** Seals when every transaction up to here has ended: those of other databases on the server hold a seal back too. */
  const seal = async () => {
    for (let n = 0; n < 1_000; n++) {
      const row = await db.one(sql`
        SELECT pg_snapshot_xmin(pg_current_snapshot()) > (SELECT max(xid) FROM audit.entries) AS ended`)
      if (row!.ended) return audit.seal()
      await pause(10)
    }
    throw new Error('a transaction somewhere on the server does not end')
  }

  const write = async (n: number) => {
    for (let i = 0; i < n; i++)
      await audit.record(ctx, {
        action: 'thing.change',
        subject: { type: 'thing', id: uuid7() },
        after: { i },
      })
  }

  it('keeps who, what, before, after and why, newest first', async () => {
    const id = uuid7()
    await audit.record(ctx, { action: 'thing.make', subject: { type: 'thing', id }, after: { a: 1n } })
    await audit.record(ctx, {
      action: 'thing.change',
      subject: { type: 'thing', id },
      before: { a: 1 },
      after: { a: 2 },
    })
    const { items } = await audit.list({ subjectId: id }, { limit: 10 })
    assert.deepEqual(
      items.map(e => [e.action, e.actor.name, e.before, e.after, e.reason, e.requestId]),
      [
        ['thing.change', 'test', { a: 1 }, { a: 2 }, 'because', 'req-1'],
        ['thing.make', 'test', null, { a: '1' }, 'because', 'req-1'],
      ],
    )
  })

  it('is read newest first, each entry once, whatever the number of digits of a transaction', async () => {
    for (const xid of ['9', '10', '99', '100', '9999999', '10000000'])
      await superuser.query(
        `INSERT INTO audit.entries (xid, actor_kind, actor_id, actor_name, action, subject_type, request_id, leaf)
         VALUES ($1::text::xid8, 'system', gen_random_uuid(), 'x', $1::text, 'thing', 'r', '')`,
        [xid],
      )
    const seen: string[] = []
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await audit.list({ subjectType: 'thing' }, { limit: 2, cursor })
      seen.push(...page.items.map(e => e.action))
      cursor = page.next
    }
    assert.deepEqual(seen, ['10000000', '9999999', '100', '99', '10', '9'])
  })

  it('keeps the ids of set-based work, a thousand to an entry', async () => {
    const set = sql`SELECT kernel.uuid7() AS id FROM generate_series(1, 2500)`
    await db.run(insertSet(ctx, { action: 'thing.make', subject: { type: 'set', id: uuid7() } }, set))
    const { items } = await audit.list({ action: 'thing.make' }, { limit: 10 })
    assert.deepEqual(
      items.map(e => e.items),
      [500, 1000, 1000],
    )
  })

  it('keeps on whose behalf a deputy acted, under the seal', async () => {
    const behalf = { id: uuid7(), name: 'Minister' }
    await audit.record({ ...ctx, behalf }, { action: 'thing.change', subject: { type: 'thing', id: null } })
    const { items } = await audit.list({}, { limit: 1 })
    assert.deepEqual(items[0]!.behalf, behalf)
    await seal()
    assert.equal((await audit.verify()).ok, true)
    await superuser.query(`UPDATE audit.entries SET behalf_name = 'Someone else'`)
    assert.match((await audit.verify()).broken!.what, /entry was altered/)
  })

  it('still knows the leaves of entries from before there were deputies and details', async () => {
    // The text that was hashed then, to the letter.
    await superuser.query(`
      INSERT INTO audit.entries (xid, id, at, actor_kind, actor_id, actor_name, action, subject_type, items, item_ids,
        after, request_id, leaf)
      SELECT pg_current_xact_id(), '019ab000-0000-7000-8000-000000000001', '2026-01-02T03:04:05.000006Z', 'user',
        '019ab000-0000-7000-8000-000000000002', 'Ann', 'thing.make', 'thing', 1,
        '{019ab000-0000-7000-8000-000000000003}', '{"b": 1, "a": "x"}', 'req',
        sha256(convert_to('["' || pg_current_xact_id() || '", "019ab000-0000-7000-8000-000000000001", '
          || '"2026-01-02T03:04:05.000006", "user", "019ab000-0000-7000-8000-000000000002", "Ann", "thing.make", '
          || '"thing", null, 1, "019ab000-0000-7000-8000-000000000003", null, {"a": "x", "b": 1}, null, "req", null]',
          'UTF8'))`)
    await seal()
    assert.deepEqual(await audit.verify(), { ok: true, blocks: 1, entries: 1, unsealed: 0 })
  })

  it('keeps what a set-based change made of each row, a thousand to an entry, in the order of the ids', async () => {
    const rows = sql`SELECT gen_random_uuid() AS id, jsonb_build_object('n', g) AS before,
      jsonb_build_object('n', g + 1) AS after FROM generate_series(1, 2300) g`
    await db.run(insertChanges(ctx, { action: 'thing.raise', subject: { type: 'set', id: null } }, rows))
    const entries = await db.query(sql`SELECT item_ids AS ids, details FROM audit.entries ORDER BY items`)
    assert.deepEqual(
      entries.map(e => e.ids.length),
      [300, 1000, 1000],
    )
    const seen = entries.flatMap(e => {
      assert.deepEqual(e.ids, [...e.ids].sort())
      return e.details.before.map((b: { n: number }, i: number) => [b.n, e.details.after[i].n])
    })
    assert.deepEqual(
      seen.sort((a, b) => a[0] - b[0]),
      Array.from({ length: 2300 }, (_, n) => [n + 1, n + 2]),
    )
    await seal()
    assert.equal((await audit.verify()).ok, true)
    await superuser.query(
      `UPDATE audit.entries SET details = jsonb_set(details, '{after,7}', '{"n": 0}') WHERE items = 300`,
    )
    assert.match((await audit.verify()).broken!.what, /entry was altered/)
  })

  it('finds the entries that touched a row: as subject, in a small set, in a large one', async () => {
    const [row, other] = [uuid7(), uuid7()]
    const about = (id: string | null) => ({ action: 'thing.read', subject: { type: 'thing', id } })
    const among = (n: number, id: string) =>
      sql`SELECT ${id}::uuid AS id UNION ALL SELECT kernel.uuid7() FROM generate_series(2, ${n})`
    await audit.record(ctx, about(row))
    await audit.record(ctx, { ...about(null), itemIds: [other, row] })
    for (const n of [200, 201, 1000]) await db.run(insertSet(ctx, about(null), among(n, row)))
    for (const n of [200, 1000]) await db.run(insertSet(ctx, about(null), among(n, other)))
    const found = await db.query(sql`
      SELECT e.items, t.item, e.item_ids[t.item] AS at FROM (${entriesTouching([row, uuid7()])}) t
      JOIN audit.entries e USING (xid, id) WHERE t.touched = ${row} ORDER BY e.xid`)
    assert.deepEqual(
      found.map(f => [f.items, f.at]),
      [
        [null, null],
        [2, row],
        [200, row],
        [201, row],
        [1000, row],
      ],
    )
    assert.equal((await db.query(entriesTouching([uuid7()]))).length, 0)
  })

  it('refuses update, delete and truncate to the application', async () => {
    await write(1)
    for (const attack of [
      sql`UPDATE audit.entries SET actor_name = 'someone else'`,
      sql`DELETE FROM audit.entries`,
      sql`TRUNCATE audit.entries`,
      sql`DELETE FROM audit.blocks`,
    ])
      await assert.rejects(db.run(attack), /permission denied|append-only/)
  })

  it('refuses them to the owner of the tables too', async () => {
    await write(1)
    const owner = new pg.Client({ connectionString: db.adminUrl })
    await owner.connect()
    await assert.rejects(owner.query('DELETE FROM audit.entries'), /append-only/)
    await assert.rejects(owner.query("UPDATE audit.entries SET action = 'x'"), /append-only/)
    await owner.end()
  })

  it('seals what is there once, and tells how much is still unsealed', async () => {
    await write(4)
    const head = await seal()
    assert.equal(head?.height, '1')
    assert.equal(await seal(), undefined)
    await write(2)
    assert.deepEqual(await audit.verify(head), { ok: true, blocks: 1, entries: 4, unsealed: 2 })
  })

  it('leaves the entries of an open transaction to the next block, whoever commits first', async () => {
    const open = new pg.Client({ connectionString: db.url })
    await open.connect()
    await open.query('BEGIN')
    await open.query(
      `INSERT INTO audit.entries (actor_kind, actor_id, actor_name, action, subject_type, request_id, leaf)
       VALUES ('system', gen_random_uuid(), 'slow', 'slow.work', 'thing', 'r', '')`,
    )
    await write(5)
    await audit.seal()
    await open.query('COMMIT')
    await seal()
    const verdict = await audit.verify()
    assert.equal(verdict.ok, true)
    assert.equal(verdict.entries + verdict.unsealed, 6)
    assert.equal(verdict.unsealed, 0)
    await open.end()
  })

  const attacks: [string, (attacked: { id: string }) => Promise<unknown>, RegExp, boolean][] = [
    [
      'an altered entry, by name',
      ({ id }) => superuser.query(`UPDATE audit.entries SET after = '{"i": 99}' WHERE id = $1`, [id]),
      /entry was altered/,
      true,
    ],
    [
      'an entry altered together with its leaf',
      ({ id }) =>
        superuser.query(
          `UPDATE audit.entries e SET reason = 'other', leaf = audit.leaf(x)
           FROM (SELECT (jsonb_populate_record(e0, '{"reason": "other"}')).* FROM audit.entries e0 WHERE id = $1) x
           WHERE e.id = x.id`,
          [id],
        ),
      /was replaced/,
      false,
    ],
    [
      'a deleted entry',
      ({ id }) => superuser.query('DELETE FROM audit.entries WHERE id = $1', [id]),
      /sealed with 10/,
      false,
    ],
    [
      'a smuggled entry',
      () =>
        superuser.query(
          'INSERT INTO audit.entries SELECT (jsonb_populate_record(e, jsonb_build_object($$id$$, kernel.uuid7()))).* FROM audit.entries e LIMIT 1',
        ),
      /altered|sealed with 10/,
      false,
    ],
    ['a removed block', () => superuser.query('DELETE FROM audit.blocks WHERE height = 1'), /missing/, false],
    [
      'a re-made block',
      () => superuser.query('UPDATE audit.blocks SET entries = 9 WHERE height = 2'),
      /block was altered/,
      false,
    ],
    [
      'a tail cut off with its block',
      () =>
        superuser.query(
          'WITH b AS (DELETE FROM audit.blocks WHERE height = 2 RETURNING from_xid) DELETE FROM audit.entries WHERE xid >= (SELECT from_xid FROM b)',
        ),
      /end was cut off/,
      false,
    ],
  ]
  for (const [what, attack, expected, namesEntry] of attacks)
    it(`detects ${what}, made by a superuser`, async () => {
      await write(10)
      await seal()
      await write(10)
      const head = await seal()
      assert.equal((await audit.verify(head)).ok, true)
      const { items } = await audit.list({}, { limit: 15 })
      const attacked = items.at(-1)!
      await attack(attacked)
      const verdict = await audit.verify(head)
      assert.equal(verdict.ok, false)
      assert.match(verdict.broken!.what, expected)
      if (namesEntry) assert.equal(verdict.broken!.entry, attacked.id)
    })
})
