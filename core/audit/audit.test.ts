import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { uuid7 } from '../kernel/index.ts'
import { entriesTouching, insertChanges, insertSet } from './index.ts'
import { ctx, type Rig, startRig } from './testing/rig.ts'

describe('the audit trail', function () {
  this.timeout(90_000)

  let rig: Rig
  beforeEach(async () => {
    rig = await startRig()
  })
  afterEach(() => rig.close())

  it('keeps who, what, before, after and why, newest first', async () => {
    const id = uuid7()
    await rig.audit.record(ctx, { action: 'thing.make', subject: { type: 'thing', id }, after: { a: 1n } })
    await rig.audit.record(ctx, {
      action: 'thing.change',
      subject: { type: 'thing', id },
      before: { a: 1 },
      after: { a: 2 },
    })
    const { items } = await rig.audit.list({ subjectId: id }, { limit: 10 })
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
      await rig.superuser.query(
        `INSERT INTO audit.entries (xid, actor_kind, actor_id, actor_name, action, subject_type, request_id, leaf)
         VALUES ($1::text::xid8, 'system', gen_random_uuid(), 'x', $1::text, 'thing', 'r', '')`,
        [xid],
      )
    const seen: string[] = []
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await rig.audit.list({ subjectType: 'thing' }, { limit: 2, cursor })
      seen.push(...page.items.map(e => e.action))
      cursor = page.next
    }
    assert.deepEqual(seen, ['10000000', '9999999', '100', '99', '10', '9'])
  })

  it('keeps the ids of set-based work, a thousand to an entry', async () => {
    const set = sql`SELECT kernel.uuid7() AS id FROM generate_series(1, 2500)`
    await rig.db.run(insertSet(ctx, { action: 'thing.make', subject: { type: 'set', id: uuid7() } }, set))
    const { items } = await rig.audit.list({ action: 'thing.make' }, { limit: 10 })
    assert.deepEqual(
      items.map(e => e.items),
      [500, 1000, 1000],
    )
  })

  it('keeps on whose behalf a deputy acted, under the seal', async () => {
    const behalf = { id: uuid7(), name: 'Minister' }
    await rig.audit.record(
      { ...ctx, behalf },
      { action: 'thing.change', subject: { type: 'thing', id: null } },
    )
    const { items } = await rig.audit.list({}, { limit: 1 })
    assert.deepEqual(items[0]!.behalf, behalf)
    await rig.seal()
    assert.equal((await rig.audit.verify()).ok, true)
    await rig.superuser.query(`UPDATE audit.entries SET behalf_name = 'Someone else'`)
    assert.match((await rig.audit.verify()).broken!.what, /entry was altered/)
  })

  it('still knows the leaves of entries from before there were deputies and details', async () => {
    // The text that was hashed then, to the letter.
    await rig.superuser.query(`
      INSERT INTO audit.entries (xid, id, at, actor_kind, actor_id, actor_name, action, subject_type, items, item_ids,
        after, request_id, leaf)
      SELECT pg_current_xact_id(), '019ab000-0000-7000-8000-000000000001', '2026-01-02T03:04:05.000006Z', 'user',
        '019ab000-0000-7000-8000-000000000002', 'Ann', 'thing.make', 'thing', 1,
        '{019ab000-0000-7000-8000-000000000003}', '{"b": 1, "a": "x"}', 'req',
        sha256(convert_to('["' || pg_current_xact_id() || '", "019ab000-0000-7000-8000-000000000001", '
          || '"2026-01-02T03:04:05.000006", "user", "019ab000-0000-7000-8000-000000000002", "Ann", "thing.make", '
          || '"thing", null, 1, "019ab000-0000-7000-8000-000000000003", null, {"a": "x", "b": 1}, null, "req", null]',
          'UTF8'))`)
    await rig.seal()
    assert.partialDeepStrictEqual(await rig.audit.verify(), { ok: true, entries: 1 })
  })

  it('has the same text of whatever people write as when it was made through jsonb', async () => {
    const hostile = ['"\\\u0001\u001f\u007f\n\t', 'አማና ⚖️ \u2028', '</script>', "'; DROP", '']
    for (const text of hostile)
      await rig.audit.record(
        { ...ctx, reason: text, behalf: { id: uuid7(), name: text } },
        {
          action: 'thing.change',
          subject: { type: 'thing', id: null },
          after: { [text]: [1.5e3, null, { text }] },
        },
      )
    const compared = await rig.db.query(sql`
      SELECT e.leaf = sha256(convert_to(jsonb_build_array(
        e.xid::text, e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_kind, e.actor_id,
        e.actor_name, e.action, e.subject_type, e.subject_id, e.items, array_to_string(e.item_ids, ','), e.before, e.after,
        e.reason, e.request_id, e.address, e.behalf_id, e.behalf_name, e.details)::text, 'UTF8')) AS same
      FROM audit.entries e`)
    assert.deepEqual(compared, Array(hostile.length).fill({ same: true }))
  })

  it('keeps what a set-based change made of each row, a thousand to an entry, in the order of the ids', async () => {
    const rows = sql`SELECT gen_random_uuid() AS id, json_build_object('n', g) AS before,
      json_build_object('n', g + 1) AS after FROM generate_series(1, 2300) g`
    await rig.db.run(insertChanges(ctx, { action: 'thing.raise', subject: { type: 'set', id: null } }, rows))
    const entries = await rig.db.query(sql`SELECT item_ids AS ids, details FROM audit.entries ORDER BY items`)
    assert.deepEqual(
      entries.map(e => e.ids.length),
      [300, 1000, 1000],
    )
    const seen = entries.flatMap(e => {
      assert.ok(e.ids.every((id: string, i: number) => i === 0 || e.ids[i - 1] < id))
      return e.details.before.map((b: { n: number }, i: number) => [b.n, e.details.after[i].n])
    })
    assert.deepEqual(
      seen.sort((a, b) => a[0] - b[0]),
      Array.from({ length: 2300 }, (_, n) => [n + 1, n + 2]),
    )
    await rig.seal()
    assert.equal((await rig.audit.verify()).ok, true)
    await rig.superuser.query(
      `UPDATE audit.entries SET details = jsonb_set(details::jsonb, '{after,7}', '{"n": 0}') WHERE items = 300`,
    )
    assert.match((await rig.audit.verify()).broken!.what, /entry was altered/)
  })

  it('finds the entries that touched a row: as subject, in a small set, in a large one', async () => {
    const [row, other] = [uuid7(), uuid7()]
    const about = (id: string | null) => ({ action: 'thing.read', subject: { type: 'thing', id } })
    const among = (n: number, id: string) =>
      sql`SELECT ${id}::uuid AS id UNION ALL SELECT kernel.uuid7() FROM generate_series(2, ${n})`
    await rig.audit.record(ctx, about(row))
    await rig.audit.record(ctx, { ...about(null), itemIds: [other, row] })
    for (const n of [200, 201, 1000]) await rig.db.run(insertSet(ctx, about(null), among(n, row)))
    for (const n of [200, 1000]) await rig.db.run(insertSet(ctx, about(null), among(n, other)))
    const found = await rig.db.query(sql`
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
    assert.equal((await rig.db.query(entriesTouching([uuid7()]))).length, 0)
  })
})
