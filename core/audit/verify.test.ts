import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { systemIds, uuid7 } from '../kernel/index.ts'
import { createKeys } from '../keys/index.ts'
import { type Head, signHead } from './heads.ts'
import { createAudit, insertChanges } from './index.ts'
import { ctx, type Rig, startRig } from './testing/rig.ts'

/** An entry with something in every column. */
const writeFull = (rig: Rig) =>
  rig.db.run(
    insertChanges(
      { ...ctx, address: '203.0.113.9', behalf: { id: uuid7(), name: 'Minister' } },
      { action: 'thing.raise', subject: { type: 'thing', id: uuid7() }, before: { a: 1 }, after: { a: 2 } },
      sql`SELECT kernel.uuid7() AS id, '{"n": 1}'::jsonb AS before, '{"n": 2}'::jsonb AS after FROM generate_series(1, 3)`,
    ),
  )

/** Every column of an entry, and a way to another value. */
const COLUMNS: Record<string, string> = {
  xid: `'7'`,
  id: 'gen_random_uuid()',
  at: `at + interval '1 microsecond'`,
  actor_kind: `'user'`,
  actor_id: 'gen_random_uuid()',
  actor_name: `actor_name || ' '`,
  action: `'thing.lower'`,
  subject_type: `'other'`,
  subject_id: 'NULL',
  items: 'items + 1',
  item_ids: 'item_ids[2:]',
  before: `'{"a": 0}'`,
  after: 'NULL',
  reason: `''`,
  request_id: `'req-2'`,
  address: 'NULL',
  leaf: `sha256('x')`,
  behalf_id: 'NULL',
  behalf_name: `'Clerk'`,
  details: `jsonb_set(details::jsonb, '{after,1,n}', '3')::json`,
}

describe('verifying the audit trail', function () {
  this.timeout(120_000)

  let rig: Rig
  /** Heads of the three blocks that there are, the newest last. */
  let heads: Head[]
  beforeEach(async () => {
    rig = await startRig()
    heads = []
    for (let n = 0; n < 3; n++) {
      await rig.write(6)
      await writeFull(rig)
      heads.push((await rig.seal())!)
    }
    const { ok, blocks, entries } = await rig.audit.verify({ known: heads })
    assert.deepEqual({ ok, blocks, entries }, { ok: true, blocks: 3, entries: 21 })
  })
  afterEach(() => rig.close())

  const attack = (text: string, values?: unknown[]) => rig.superuser.query(text, values)
  const fault = async (known?: Head[]) => {
    const { ok, broken } = await rig.audit.verify(known && { known })
    assert.equal(ok, broken === undefined)
    return broken
  }

  it('names the block and the entry when any column was altered', async () => {
    const { rows: columns } = await attack(
      `SELECT attname FROM pg_attribute WHERE attrelid = 'audit.entries'::regclass AND attnum > 0 AND NOT attisdropped`,
    )
    assert.deepEqual(new Set(columns.map(c => c.attname)), new Set(Object.keys(COLUMNS)))
    const { rows } = await attack(
      `SELECT id, xid::text, dense_rank() OVER (ORDER BY b.height)::text AS block FROM audit.entries e
       JOIN audit.blocks b ON e.xid >= b.from_xid AND e.xid < b.to_xid WHERE details IS NOT NULL`,
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(COLUMNS)),
        fc.constantFrom(...rows),
        async (column, entry) => {
          const { rows: before } = await attack('SELECT e::text AS row FROM audit.entries e WHERE id = $1', [
            entry.id,
          ])
          const { rowCount } = await attack(
            `UPDATE audit.entries SET ${column} = ${COLUMNS[column]} WHERE xid = $1::text::xid8 AND id = $2`,
            [entry.xid, entry.id],
          )
          assert.equal(rowCount, 1)
          const broken = await fault()
          await attack('DELETE FROM audit.entries WHERE id = $1 OR xid = $2::text::xid8', [
            entry.id,
            entry.xid,
          ])
          await attack('INSERT INTO audit.entries SELECT ($1::text::audit.entries).*', [before[0].row])
          assert.match(broken!.what, /the entry was altered/, column)
          if (column === 'xid') return
          assert.equal(broken!.block, entry.block, column)
          if (column !== 'id') assert.equal(broken!.entry, entry.id, column)
        },
      ),
      { numRuns: 40, examples: Object.keys(COLUMNS).map(c => [c, rows[1]] as [string, (typeof rows)[0]]) },
    )
    assert.equal(await fault(), undefined)
  })

  const first = `(SELECT id FROM audit.entries ORDER BY xid, id LIMIT 1)`
  const releafed = (change: string) =>
    `UPDATE audit.entries e SET (reason, xid, id, leaf) = (SELECT x.reason, x.xid, x.id, audit.leaf(x))
     FROM (SELECT (jsonb_populate_record(e0, ${change})).* FROM audit.entries e0 WHERE id = ${first}) x`

  const attacks: [string, () => Promise<unknown>, RegExp][] = [
    [
      'an entry altered together with its leaf',
      () => attack(`${releafed(`'{"reason": "other"}'`)} WHERE e.id = x.id`),
      /was replaced/,
    ],
    [
      'a deleted entry',
      () => attack(`DELETE FROM audit.entries WHERE id = ${first}`),
      /sealed with 7 entries and holds 6/,
    ],
    [
      'an entry put into a sealed range, with the leaf of its text',
      async () => {
        await attack(`INSERT INTO audit.entries SELECT (jsonb_populate_record(e, jsonb_build_object('id', kernel.uuid7()))).*
          FROM audit.entries e WHERE id = ${first}`)
        await attack('UPDATE audit.entries e SET leaf = audit.leaf(e)')
      },
      /sealed with 7 entries and holds 8/,
    ],
    [
      'two entries that changed places',
      async () => {
        const { rows } = await attack('SELECT xid::text, id FROM audit.entries ORDER BY xid, id LIMIT 2')
        const move = (id: string, xid: string) =>
          attack('UPDATE audit.entries SET xid = $2::text::xid8 WHERE id = $1', [id, xid])
        await move(rows[0].id, rows[1].xid)
        await move(rows[1].id, rows[0].xid)
        await attack('UPDATE audit.entries e SET leaf = audit.leaf(e)')
      },
      /was replaced/,
    ],
    [
      'a removed block',
      () => attack('DELETE FROM audit.blocks WHERE height = 1'),
      /a block before this one is missing/,
    ],
    [
      'a removed middle block, its neighbours joined by hand',
      async () => {
        await attack('DELETE FROM audit.blocks WHERE height = 2')
        await attack(`UPDATE audit.blocks b SET height = 2, previous = p.hash, from_xid = p.to_xid
          FROM audit.blocks p WHERE b.height = 3 AND p.height = 1`)
      },
      /block was altered/,
    ],
    [
      'two blocks made one',
      () =>
        attack(`WITH gone AS (DELETE FROM audit.blocks WHERE height = 3 RETURNING to_xid, entries)
        UPDATE audit.blocks b SET to_xid = gone.to_xid, entries = b.entries + gone.entries FROM gone WHERE height = 2`),
      /block was altered/,
    ],
    [
      'a re-made block',
      () => attack('UPDATE audit.blocks SET entries = 6 WHERE height = 2'),
      /block was altered/,
    ],
    [
      'blocks that overlap',
      () => attack(`UPDATE audit.blocks SET from_xid = '3' WHERE height = 2`),
      /block overlaps the one before it/,
    ],
    [
      'an altered signature',
      () =>
        attack(
          'UPDATE audit.blocks SET signature = set_byte(signature, 5, get_byte(signature, 5) # 1) WHERE height = 2',
        ),
      /signature of the block is not ours/,
    ],
    [
      'an altered time of sealing',
      () => attack(`UPDATE audit.blocks SET sealed_at = sealed_at - interval '1 day' WHERE height = 3`),
      /block was altered/,
    ],
  ]
  for (const [what, attackIt, expected] of attacks)
    it(`detects ${what}`, async () => {
      await attackIt()
      assert.match((await fault())!.what, expected)
    })

  it('detects a tail that was cut off, by the heads that were kept elsewhere', async () => {
    await attack(`WITH gone AS (DELETE FROM audit.blocks WHERE height = 3 RETURNING from_xid)
      DELETE FROM audit.entries WHERE xid >= (SELECT from_xid FROM gone)`)
    assert.equal(await fault(), undefined)
    assert.match((await fault(heads))!.what, /no longer reaches the known head 3: its end was cut off/)
  })

  it('detects blocks that were cut off while their entries wait to be sealed anew', async () => {
    await attack('DELETE FROM audit.blocks WHERE height = 3')
    await rig.write(1)
    rig.clock.advance(60_000)
    assert.equal((await rig.seal())?.entries, 8)
    assert.equal(await fault(), undefined)
    assert.deepEqual(await fault(heads), {
      what: 'the block is not the one whose head was kept elsewhere',
      block: '3',
    })
  })

  it('detects a trail that was emptied', async () => {
    await attack('TRUNCATE audit.entries, audit.blocks')
    assert.match((await fault(heads))!.what, /its end was cut off/)
  })

  it('detects a chain that was made anew with a key of another, put into the database', async () => {
    const foreign = createKeys({ ...rig, ids: systemIds, masterKey: Buffer.alloc(32, 8) })
    await attack(`UPDATE keys.keys SET state = 'retired' WHERE purpose = 'audit'`)
    const key = await foreign.signingKey('audit')
    await attack('TRUNCATE audit.blocks')
    await attack(`DELETE FROM audit.entries WHERE id = ${first}`)
    await createAudit({ ...rig, keys: foreign }).seal()
    assert.equal((await createAudit({ ...rig, keys: foreign }).verify()).ok, true)
    assert.match((await fault())!.what, /signature of the block is not ours/)
    // Nor is it ours when the key takes the place, or only the public part, of one that is.
    await attack(`DELETE FROM keys.keys WHERE kid <> $1`, [key.kid])
    assert.match((await fault())!.what, /signature of the block is not ours/)
  })

  it('takes no public key from the database whose private part is not its own', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    await attack(`UPDATE keys.keys SET public_jwk = $1 WHERE purpose = 'audit'`, [
      publicKey.export({ format: 'jwk' }),
    ])
    const { hash: _hash, signature: _signature, ...sealed } = heads[2]!
    const forged = signHead(
      { ...sealed, sealedAt: '2025-01-01T00:00:00.000Z' },
      { ...(await rig.keys.signingKey('audit')), privateKey },
    )
    await attack(`UPDATE audit.blocks SET hash = $1, signature = $2, sealed_at = $3 WHERE height = 3`, [
      Buffer.from(forged.hash, 'hex'),
      Buffer.from(forged.signature, 'hex'),
      forged.sealedAt,
    ])
    assert.deepEqual(await fault(), { what: 'the signature of the block is not ours', block: '3' })
  })

  it('names an entry that was altered before it was sealed', async () => {
    await rig.write(2)
    const { rows } = await attack(`UPDATE audit.entries SET reason = 'other'
      WHERE (xid, id) = (SELECT xid, id FROM audit.entries ORDER BY xid DESC LIMIT 1) RETURNING id`)
    assert.deepEqual(await fault(), { what: 'the entry was altered', entry: rows[0].id })
  })

  it('begins where it is told to', async () => {
    await attack(`DELETE FROM audit.entries WHERE id = ${first}`)
    const { ok, blocks, entries } = await rig.audit.verify({ from: 2n, known: heads })
    assert.deepEqual({ ok, blocks, entries }, { ok: true, blocks: 2, entries: 14 })
    await assert.rejects(rig.audit.verify({ from: 9n }), {
      code: 'invalid',
      message: /no block 9: the newest is 3/,
    })
  })
})
