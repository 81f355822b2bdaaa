import assert from 'node:assert/strict'
import pg from 'pg'
import { whyUnsealed } from './index.ts'
import { type Rig, startRig } from './testing/rig.ts'

describe('sealing', function () {
  this.timeout(90_000)

  let rig: Rig
  let open: pg.Client
  beforeEach(async () => {
    rig = await startRig()
    open = new pg.Client({ connectionString: rig.db.url, application_name: 'slow work' })
    await open.connect()
  })
  afterEach(async () => {
    await open.end()
    await rig.close()
  })

  const writeSlowly = async () => {
    await open.query('BEGIN')
    await open.query(
      `INSERT INTO audit.entries (actor_kind, actor_id, actor_name, action, subject_type, request_id, leaf)
       VALUES ('system', gen_random_uuid(), 'slow', 'slow.work', 'thing', 'r', '')`,
    )
  }

  it('seals what is there once, and tells how much is still unsealed', async () => {
    await rig.write(4)
    const head = await rig.seal()
    assert.equal(head?.height, '1')
    assert.equal(await rig.seal(), undefined)
    await rig.write(2)
    const verdict = await rig.audit.verify({ known: [head] })
    assert.deepEqual([verdict.ok, verdict.blocks, verdict.entries], [true, 1, 4])
    assert.equal(verdict.unsealed.entries, 2)
  })

  it('leaves the entries of an open transaction to the next block, whoever commits first', async () => {
    await writeSlowly()
    await rig.write(5)
    await rig.audit.seal()
    await open.query('COMMIT')
    await rig.seal()
    const verdict = await rig.audit.verify()
    assert.deepEqual([verdict.ok, verdict.entries, verdict.unsealed.entries], [true, 6, 0])
  })

  it('tells how long entries have waited, and for which transaction', async () => {
    assert.deepEqual(await rig.audit.unsealed(), { entries: 0, seconds: 0 })
    await writeSlowly()
    await rig.write(3)
    await rig.superuser.query(`UPDATE audit.entries SET at = at - interval '1 hour'`)
    await rig.audit.seal()
    const waiting = await rig.audit.unsealed()
    assert.equal(waiting.entries, 3)
    assert.ok(waiting.seconds >= 3600 && waiting.seconds < 3700, `${waiting.seconds} s`)
    const { rows } = await open.query('SELECT pg_backend_pid() AS pid')
    if (waiting.holder?.name === 'slow work') {
      assert.equal(waiting.holder.pid, rows[0].pid)
      assert.ok(waiting.holder.seconds! >= 0 && waiting.holder.seconds! < 90)
    }
    assert.match(whyUnsealed(waiting), /^a transaction holds it: process \d+( \(.+\))? in database \w+/)
    await open.query('COMMIT')
    await rig.seal()
    assert.equal((await rig.audit.unsealed()).entries, 0)
  })

  it('blames nobody when the transactions that are open began later', async () => {
    await rig.write(1)
    await rig.superuser.query('UPDATE audit.entries SET xid = $1', ['3'])
    await writeSlowly()
    const { holder, ...waiting } = await rig.audit.unsealed()
    assert.deepEqual([waiting.entries, holder], [1, undefined])
    assert.match(whyUnsealed(waiting), /no worker has sealed them/)
  })
})
