import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { createAudit } from '#core/audit/index.ts'
import { manualClock, systemCtx, systemIds } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { superuserUrl, type TestDatabase, testDatabase } from '#tests/support/database.ts'

const CLI = join(import.meta.dirname, '..', 'cli.ts')
const MASTER_KEY = Buffer.alloc(32, 7)

describe('annona audit', function () {
  this.timeout(120_000)

  let db: TestDatabase
  let superuser: pg.Client
  let dir: string
  let entry: string
  before(async () => {
    db = await testDatabase()
    dir = await mkdtemp(join(tmpdir(), 'annona-audit-'))
    superuser = new pg.Client({ connectionString: await superuserUrl(db.url) })
    await superuser.connect()
    await superuser.query(`SET session_replication_role = 'replica'`)
    const clock = manualClock('2024-01-01T00:00:00Z')
    const keys = createKeys({ db, clock, ids: systemIds, masterKey: MASTER_KEY })
    const audit = createAudit({ db, keys, clock })
    const record = () =>
      audit.record(systemCtx('test', 'r'), { action: 'thing.make', subject: { type: 'thing', id: null } })
    for (let sealed = 0; sealed < 3; ) {
      await record()
      if (await audit.seal()) {
        sealed++
        clock.advance(100 * 86_400_000)
      } else await pause(20)
    }
    const { rows } = await superuser.query('SELECT id FROM audit.entries ORDER BY xid DESC LIMIT 1')
    entry = rows[0].id
    await writeFile(join(dir, 'proof.json'), JSON.stringify(await audit.prove(entry)))
    await writeFile(join(dir, 'heads.jsonl'), (await annona('heads')).out)
    await writeFile(join(dir, 'keys.json'), (await annona('keys')).out)
  })
  after(async () => {
    await superuser.end()
    await db.close()
    await rm(dir, { recursive: true })
  })

  /** Runs the command as anybody would. `env`: other settings; without a database address nothing may reach one. */
  const annona = (words: string, env: Record<string, string> = {}) =>
    new Promise<{ status: number; out: string; err: string }>(resolve => {
      const settings = {
        PATH: process.env.PATH!,
        DATABASE_URL: db.url,
        DATABASE_ADMIN_URL: db.adminUrl,
        ANNONA_DATA_DIR: dir,
        ANNONA_MASTER_KEY: MASTER_KEY.toString('base64'),
        ...env,
      }
      execFile(
        process.execPath,
        [CLI, 'audit', ...words.split(' ')],
        { env: settings, cwd: dir },
        (error, out, err) => resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err }),
      )
    })
  const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATABASE_ADMIN_URL: '' }

  it('says that the trail is whole, for people and for machines', async () => {
    const { status, out } = await annona('verify')
    assert.match(
      out,
      /^The audit trail is whole: \d+ entries in 3 sealed blocks, \d+ not sealed yet\.\nIt was compared with no kept heads/,
    )
    assert.equal(status, 0)
    const verdict = JSON.parse((await annona('verify --from 3 --json')).out)
    assert.deepEqual([verdict.ok, verdict.blocks, verdict.isStale], [true, 1, false])
  })

  it('checks heads and proofs far from the database', async () => {
    const heads = await annona('verify-heads heads.jsonl --keys keys.json', nowhere)
    assert.deepEqual(
      [heads.status, heads.out],
      [0, 'The heads are whole: 3 from block 1 to 3, each signed and linked.\n'],
    )
    const proof = await annona('verify-proof proof.json --keys keys.json --head heads.jsonl', nowhere)
    assert.match(proof.out, /The proof holds.*signed, and is the one whose head was kept: block 3\.\n/)
    assert.match(
      proof.out,
      new RegExp(`entry +${entry}\n +action +thing.make\n +actor +test\n +subject +thing\n +time +20`),
    )
    assert.equal(proof.status, 0)
    const since = (await annona('heads --since 2')).out.trim().split('\n')
    assert.deepEqual(
      since.map(line => JSON.parse(line).height),
      ['2', '3'],
    )
  })

  it('finds heads and proofs out that were altered, and takes a line that a crash cut off', async () => {
    const heads = await readFile(join(dir, 'heads.jsonl'), 'utf8')
    await writeFile(join(dir, 'altered.jsonl'), heads.replace('"entries":1', '"entries":2'))
    const other = await annona('verify-heads altered.jsonl --keys keys.json', nowhere)
    assert.deepEqual([other.status, other.out], [1, 'BROKEN: the block was altered, in block 1\n'])
    const proof = JSON.parse(await readFile(join(dir, 'proof.json'), 'utf8'))
    const otherText = proof.text.replace('thing.make', 'thing.burn')
    const altered = [
      { leaf: 'ab'.repeat(32) },
      { entry: '019ab000-0000-7000-8000-000000000001' },
      { text: otherText },
    ]
    for (const change of altered) {
      await writeFile(join(dir, 'other.json'), JSON.stringify({ ...proof, ...change }))
      assert.equal((await annona('verify-proof other.json --keys keys.json', nowhere)).status, 1)
    }
    await writeFile(join(dir, 'leaf.json'), JSON.stringify({ ...proof, text: null }))
    const leaf = await annona('verify-proof leaf.json --keys keys.json', nowhere)
    assert.match(leaf.out, /Of which entry it is the file says nothing/)
    assert.equal(leaf.status, 2)
    await writeFile(join(dir, 'early.jsonl'), heads.split('\n')[0]!)
    const unkept = await annona('verify-proof proof.json --keys keys.json --head early.jsonl', nowhere)
    assert.deepEqual(
      [unkept.status, unkept.err],
      [2, 'early.jsonl has no head of block 3, which the entry is in.\n'],
    )
    await writeFile(join(dir, 'cut.jsonl'), `${heads}{"height":"4","ha`)
    const odd = await annona('verify-heads cut.jsonl --keys keys.json', nowhere)
    assert.match(odd.err, /cut.jsonl has a line that is no head: {"height":"4","ha\n/)
    assert.equal(odd.status, 0)
    assert.equal((await annona('verify-heads keys.json --keys keys.json', nowhere)).status, 2)
  })

  it('says whole only of a trail that it compared with heads that are sound, when it is given some', async () => {
    const heads = await readFile(join(dir, 'heads.jsonl'), 'utf8')
    const good = await annona('verify --head heads.jsonl')
    assert.match(good.out, /It was compared with 3 kept heads, heights 1–3\.\n$/)
    assert.equal(good.status, 0)
    const useless: [what: string, text: string, why: RegExp][] = [
      ['empty', '', /holds no head/],
      ['garbage', 'not a head\n', /line that is no head, line 1/],
      ['garbage amid heads', `${heads}what?\n${heads}`, /line that is no head, line 4/],
      ['a head that was altered', heads.replace('"entries":1', '"entries":2'), /kept head 1 is of no use/],
      ['a head without its parts', '{"height":"1"}\n', /no head/],
    ]
    for (const [what, text, why] of useless) {
      await writeFile(join(dir, 'useless.jsonl'), text)
      const { status, out, err } = await annona('verify --head useless.jsonl')
      assert.match(err, why, what)
      assert.deepEqual([status, out], [2, ''], what)
    }
    await writeFile(join(dir, 'old.jsonl'), heads.split('\n')[0]!)
    assert.equal((await annona('verify --head old.jsonl --from 2')).status, 2)
  })

  it('tells what it could not check from what is broken', async () => {
    for (const [words, env, why] of [
      ['verify --from 9999', {}, /There is no block 9999: the newest is 3/],
      ['verify --head nowhere.jsonl', {}, /There is no file nowhere.jsonl/],
      ['verify-proof nowhere.json --keys keys.json', {}, /There is no file nowhere.json/],
      ['verify --segment nowhere.gz', {}, /There is no file nowhere.gz/],
      ['verify', nowhere, /database does not answer/],
      ['verify --height 1', {}, /height/],
    ] as const) {
      const { status, err } = await annona(words, env)
      assert.match(err, why, words)
      assert.ok(!/^ +at /m.test(err), 'without a stack')
      assert.equal(status, 2, words)
    }
    assert.equal((await annona('verify --from 9999 --head heads.jsonl')).status, 2)
  })

  it('tells that the end was cut off, by heads kept elsewhere or here', async () => {
    await superuser.query('CREATE TABLE kept AS SELECT * FROM audit.blocks WHERE height = 3')
    await superuser.query('DELETE FROM audit.blocks WHERE height = 3')
    assert.equal((await annona('verify')).status, 0)
    const given = await annona('verify --head heads.jsonl')
    assert.match(given.out, /^BROKEN: the trail no longer reaches the known head 3: its end was cut off\n/)
    assert.equal(given.status, 1)
    await appendFile(join(dir, 'audit-heads.jsonl'), await readFile(join(dir, 'heads.jsonl')))
    assert.equal((await annona('verify')).status, 1)
    await rm(join(dir, 'audit-heads.jsonl'))
    await superuser.query('INSERT INTO audit.blocks SELECT * FROM kept')
  })

  it('warns of entries that have waited too long for their seal', async () => {
    await superuser.query(`
      INSERT INTO audit.entries (xid, at, actor_kind, actor_id, actor_name, action, subject_type, request_id, leaf)
      SELECT to_xid, now() - interval '1 hour', 'system', gen_random_uuid(), 'x', 'thing.late', 'thing', 'r', ''
      FROM audit.blocks ORDER BY height DESC LIMIT 1`)
    await superuser.query(`UPDATE audit.entries e SET leaf = audit.leaf(e) WHERE action = 'thing.late'`)
    const { status, out } = await annona('verify')
    assert.match(out, /WARNING: entries have waited 3,6\d\d s for a seal; (a transaction holds it|no worker)/)
    assert.equal(status, 0)
    await superuser.query(`DELETE FROM audit.entries WHERE action = 'thing.late'`)
  })

  it('takes nothing out that is too young, and explains itself when it is not understood', async () => {
    const young = await annona(`retire --before 2100-01-01 --to out`)
    assert.match(young.err, /Entries are kept for 365 days/)
    assert.equal((await annona('retire --before 2020-01-01 --to out')).out, 'No whole block is that old.\n')
    assert.match((await annona('retire --before yesterday --to out')).err, /--before YYYY-MM-DD --to DIR/)
    assert.match((await annona('verify --from 0')).err, /height of a block, from 1 on/)
    for (const words of ['', 'verify now', 'verify-heads heads.jsonl', 'mend']) {
      const { status, err } = await annona(words)
      assert.match(err, /^Usage:/, words)
      assert.equal(status, 2)
    }
  })

  it('takes the entries of old blocks out, and checks their file', async () => {
    const { out } = await annona('retire --before 2024-03-01 --to out')
    const file = /^(audit-segment-000001-blocks-1-1.jsonl.gz): \d+ entries, blocks 1 to 1\n$/.exec(out)?.[1]
    assert.ok(file, out)
    assert.match((await annona('verify')).out, /in 3 sealed blocks, .*\d+ taken out into files\.\n/)
    const segment = await annona(`verify --segment out/${file}`)
    assert.match(segment.out, /^The segment is whole: \d+ entries in 1 blocks, as they were sealed\.\n$/)
    await writeFile(join(dir, 'out', file), 'something else')
    const broken = await annona(`verify --segment out/${file}`)
    assert.match(broken.out, /^BROKEN: the file is not a segment/)
    assert.deepEqual([segment.status, broken.status], [0, 1])
  })

  it('names the block and the entry that was altered', async () => {
    await superuser.query(`UPDATE audit.entries SET actor_name = 'someone else' WHERE id = $1`, [entry])
    const { status, out } = await annona('verify')
    assert.equal(out.split('\n')[0], `BROKEN: the entry was altered, in block 3, entry ${entry}`)
    assert.equal(status, 1)
    const { broken } = JSON.parse((await annona('verify --json')).out)
    assert.deepEqual(broken, { what: 'the entry was altered', block: '3', entry })
  })
})
