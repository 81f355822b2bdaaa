import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import sql from 'sql-template-tag'
import { connect, type Db } from '../db/index.ts'
import type { RetireOptions } from './retire.ts'
import { type Rig, startRig } from './testing/rig.ts'

const YEAR = 365 * 86_400_000
const FIRST = 'audit-segment-000001-blocks-1-2'

describe('retiring old entries of the audit trail', function () {
  this.timeout(120_000)

  let rig: Rig
  let owner: Db
  let dir: string
  /** Two old blocks of 3 and 4 entries, then a year and more, then one of 2. */
  beforeEach(async () => {
    rig = await startRig()
    owner = connect({ url: rig.db.adminUrl, poolSize: 1 })
    dir = await mkdtemp(join(tmpdir(), 'annona-retire-'))
    for (const [entries, later] of [
      [3, 60_000],
      [4, YEAR + 86_400_000],
      [2, 0],
    ] as const) {
      await rig.write(entries)
      await rig.seal()
      rig.clock.advance(later)
    }
  })
  afterEach(async () => {
    await owner.close()
    await rig.close()
    await rm(dir, { recursive: true })
  })

  const retire = (options: Partial<RetireOptions> = {}) =>
    rig.audit.retire({ owner, before: new Date('2026-01-02'), dir, keepDays: 365, ...options })
  const state = async () => {
    const { ok, blocks, entries, retired, broken } = await rig.audit.verify()
    assert.equal(ok, true, broken?.what)
    return { blocks, entries, retired }
  }
  const fault = async () => (await rig.audit.verify()).broken
  const segmentFault = async (path = join(dir, `${FIRST}.jsonl.gz`)) =>
    (await rig.audit.verifySegment(path)).broken?.what

  it('takes whole old blocks out into a file that proves itself, and leaves the trail whole', async () => {
    const texts = await rig.db.query(sql`SELECT e.id FROM audit.entries e ORDER BY xid, id LIMIT 7`)
    const [segment, ...more] = await retire()
    assert.deepEqual([segment!.file, segment!.entries, more], [`${FIRST}.jsonl.gz`, '7', []])
    assert.deepEqual(await state(), { blocks: 3, entries: 2, retired: 7 })
    assert.deepEqual((await readdir(dir)).sort(), [`${FIRST}.jsonl.gz`, `${FIRST}.manifest.json`])

    const file = await readFile(join(dir, segment!.file))
    assert.equal(createHash('sha256').update(file).digest('hex'), segment!.sha256)
    assert.deepEqual(JSON.parse(await readFile(join(dir, `${FIRST}.manifest.json`), 'utf8')), segment)
    const lines = gunzipSync(file)
      .toString()
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.deepEqual(
      lines.filter(Array.isArray).map(line => line[1]),
      texts.map(t => t.id),
    )
    const { found, broken } = await rig.audit.verifySegment(join(dir, segment!.file))
    assert.deepEqual([broken, found?.entries, found?.heads.length], [undefined, 7, 2])
  })

  it('makes files of about the size that is asked for, each going on from the last', async () => {
    assert.deepEqual(
      (await retire({ most: 3 })).map(s => [s.number, s.fromHeight, s.toHeight, s.entries]),
      [
        ['1', '1', '1', '3'],
        ['2', '2', '2', '4'],
      ],
    )
    assert.deepEqual(await state(), { blocks: 3, entries: 2, retired: 7 })
    assert.deepEqual(await retire(), [])
  })

  it('keeps entries for the days that they are to be kept', async () => {
    const tooLate = new Date(rig.clock.now().getTime() - YEAR + 1)
    await assert.rejects(retire({ before: tooLate }), { code: 'invalid' })
    await assert.rejects(retire({ keepDays: 400 }), { code: 'invalid' })
    assert.deepEqual(await state(), { blocks: 3, entries: 9, retired: 0 })
    assert.equal((await retire({ before: rig.clock.now(), keepDays: 0 })).length, 1)
    assert.deepEqual(await state(), { blocks: 3, entries: 2, retired: 7 })
  })

  describe('loses nothing when it is stopped', () => {
    const untouched = { blocks: 3, entries: 9, retired: 0 }
    const goesOn = async () => {
      assert.deepEqual(await state(), untouched)
      assert.equal((await retire()).length, 1)
      assert.deepEqual(await state(), { blocks: 3, entries: 2, retired: 7 })
      assert.equal(await segmentFault(), undefined)
    }

    it('while the file is being written', async () => {
      await mkdir(join(dir, `${FIRST}.jsonl.gz.partial`))
      await assert.rejects(retire(), /EISDIR|ENOTEMPTY/)
      await rm(join(dir, `${FIRST}.jsonl.gz.partial`), { recursive: true })
      await writeFile(join(dir, `${FIRST}.jsonl.gz.partial`), 'half of it')
      await goesOn()
    })

    it('before the manifest', async () => {
      await mkdir(join(dir, `${FIRST}.manifest.json.partial`))
      await assert.rejects(retire(), /EISDIR/)
      assert.ok((await readdir(dir)).includes(`${FIRST}.jsonl.gz`))
      await rm(join(dir, `${FIRST}.manifest.json.partial`), { recursive: true })
      await goesOn()
    })

    it('before the segment is written down', async () => {
      const gone: Db = { ...owner, transaction: () => Promise.reject(new Error('killed')) }
      await assert.rejects(retire({ owner: gone }), /killed/)
      assert.match((await segmentFault())!, /the trail has no segment of these blocks/)
      await goesOn()
    })

    it('between the segment and its entries, and before both are committed', async () => {
      for (const step of ['run', 'query'] as const) {
        const dying: Db = {
          ...owner,
          [step]: async (statement: Parameters<Db['run']>[0]) => {
            await owner[step](statement)
            const me = await owner.one(sql`SELECT pg_backend_pid() AS pid`)
            await rig.superuser.query('SELECT pg_terminate_backend($1)', [me!.pid])
            return owner.query(sql`SELECT 1`)
          },
        }
        await assert.rejects(retire({ owner: dying }), /terminat|connection|answer/i)
        assert.deepEqual(await state(), untouched)
      }
      await goesOn()
    })

    it('because the trail is broken', async () => {
      await rig.superuser.query(
        `UPDATE audit.entries SET reason = 'other' WHERE xid = (SELECT min(xid) FROM audit.entries)`,
      )
      await assert.rejects(retire(), { code: 'rule_violated', rule: 'trail-broken' })
      const left = await rig.db.one(sql`SELECT count(*)::int AS n FROM audit.entries`)
      assert.equal(left!.n, 9)
    })
  })

  it('is refused to the application, whose segment it may not write and whose entries it may not delete', async () => {
    await assert.rejects(retire({ owner: rig.db }), /only the owner/)
    await rig.superuser.query(
      `INSERT INTO audit.segments SELECT 1, height, height, from_xid, to_xid, entries, 'f', '', '', '', 'k', '', now()
       FROM audit.blocks WHERE height = 1`,
    )
    await assert.rejects(rig.db.query(sql`SELECT audit.retire(1)`), /permission denied/)
  })

  it('is refused to the owner for more or less than what a segment covers', async () => {
    const client = new pg.Client({ connectionString: rig.db.adminUrl })
    await client.connect()
    const segment = (number: number, from: number, to: number, entries: string) =>
      client.query(
        `INSERT INTO audit.segments SELECT $1::int, min(height), max(height), min(from_xid), max(to_xid), ${entries}, 'f', '',
           '', '', 'k', '', now() FROM audit.blocks WHERE height BETWEEN $2 AND $3`,
        [number, from, to],
      )
    await assert.rejects(segment(1, 1, 2, 'sum(entries) - 1'), /not the whole of the oldest blocks/)
    await assert.rejects(segment(1, 2, 3, 'sum(entries)'), /not the whole of the oldest blocks/)
    await segment(1, 1, 1, 'sum(entries)')
    await assert.rejects(client.query('DELETE FROM audit.entries'), /append-only/)
    await rig.superuser.query(
      'DELETE FROM audit.entries WHERE id = (SELECT id FROM audit.entries ORDER BY xid LIMIT 1)',
    )
    await assert.rejects(client.query('SELECT audit.retire(1)'), /has 3 entries, the trail 2/)
    await client.end()
  })

  describe('is found out when somebody tampers', () => {
    beforeEach(() => retire())
    const attack = (text: string) => rig.superuser.query(text)

    it('with the segment', async () => {
      await attack(`UPDATE audit.segments SET retired_at = '2020-01-01'`)
      assert.deepEqual(await fault(), { what: 'the segment was altered', segment: '1' })
    })

    it('by removing it', async () => {
      await attack('DELETE FROM audit.segments')
      assert.match((await fault())!.what, /sealed with 3 entries and holds 0/)
    })

    it('by saying that more was taken out, to hide what was deleted', async () => {
      await attack('DELETE FROM audit.entries')
      await attack(`INSERT INTO audit.segments SELECT 2, 3, 3, b.from_xid, b.to_xid, b.entries, 'f', s.sha256, s.hash, s.hash,
        s.key_id, s.signature, now() FROM audit.blocks b, audit.segments s WHERE height = 3`)
      assert.deepEqual(await fault(), { what: 'the segment was altered', segment: '2' })
    })

    it('by putting an entry into a range that was retired', async () => {
      await attack(`INSERT INTO audit.entries SELECT (jsonb_populate_record(e, jsonb_build_object('xid', b.from_xid::text))).*
        FROM audit.entries e, audit.blocks b WHERE height = 2 LIMIT 1`)
      assert.match((await fault())!.what, /retired with segment 1 and is there again/)
      assert.equal((await fault())!.block, '2')
    })

    it('with the file: an entry altered, left out, added; the end cut off; another file', async () => {
      const path = join(dir, `${FIRST}.jsonl.gz`)
      const whole = await readFile(path)
      const lines = gunzipSync(whole).toString().trimEnd().split('\n')
      const tampered: [string[], RegExp][] = [
        [lines.with(2, lines[2]!.replace('"i": 1', '"i": 7')), /was replaced/],
        [lines.toSpliced(2, 1), /sealed with 3 entries and holds 2/],
        [lines.toSpliced(2, 0, lines[2]!), /sealed with 3 entries and holds 4/],
        [lines.slice(0, -1), /sealed with 4 entries and holds 3/],
        [lines.with(0, lines[0]!.replace('"entries":3', '"entries":2')), /block was altered/],
        [lines.slice(4), /no segment of these blocks/],
        [[...lines].reverse(), /does not begin with a block/],
        [lines.slice(0, 0), /holds no block|not a segment/],
      ]
      for (const [content, expected] of tampered) {
        await writeFile(path, gzipSync(content.map(line => `${line}\n`).join('')))
        assert.match((await segmentFault())!, expected)
      }
      await writeFile(path, whole.subarray(0, -20))
      assert.match((await segmentFault())!, /not a segment/)
      await writeFile(path, gzipSync(gunzipSync(whole), { level: 1 }))
      assert.match((await segmentFault())!, /not the one that was written/)
      await writeFile(path, whole)
      assert.equal(await segmentFault(), undefined)
    })
  })
})
