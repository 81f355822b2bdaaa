import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { keyringOfJwks, proofFault, verifyHeads } from '#core/audit/index.ts'
import { tasksOf } from '#gateway/work.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'

describe('heads of the audit trail over the API', function () {
  this.timeout(90_000)

  let g: TestGateway
  let auditor: string
  before(async () => {
    g = await startTestGateway()
    auditor = await g.as('auditor')
    // A transaction anywhere on the server holds a seal back.
    for (let sealed = 0; sealed < 2; ) {
      if (await g.services.audit.seal()) {
        sealed++
        await g.as('auditor')
      } else await pause(20)
    }
  })
  after(() => g.close())

  const get = (path: string, token = auditor) => g.call('GET', path, { token })

  it('are verified far away, with the keys alone', async () => {
    const first = await get('/api/v1/audit-heads?limit=1')
    const second = await get(`/api/v1/audit-heads?limit=1&cursor=${first.body.next}`)
    const keys = await get('/api/v1/audit-keys')
    const heads = [...first.body.items, ...second.body.items]
    assert.deepEqual(
      heads.map(h => h.height),
      ['2', '1'],
    )
    const verdict = verifyHeads(heads, keyringOfJwks(JSON.stringify(keys.body)))
    assert.deepEqual(verdict, { from: '1', to: '2', heads: 2 })
    assert.equal(JSON.stringify(keys.body).includes('"d"'), false, 'no private key')
  })

  it('prove that an entry is in the trail', async () => {
    const { body } = await get('/api/v1/audit-entries?limit=200')
    const oldest = body.items.at(-1).id
    const proof = await get(`/api/v1/audit-entries/${oldest}/proof`)
    const keys = await get('/api/v1/audit-keys')
    assert.equal(proof.body.entry, oldest)
    assert.equal(proofFault(proof.body, keyringOfJwks(JSON.stringify(keys.body))), undefined)
    const told = JSON.parse(proof.body.text)
    assert.deepEqual([told[1], proof.body.masked], [oldest, []])
    const part = await get(`/api/v1/audit-entries/${oldest}/proof`, await g.as('system-administrator'))
    assert.deepEqual(
      [part.body.text, part.body.masked.length > 0, part.body.leaf],
      [null, true, proof.body.leaf],
    )
    const newest = await get(`/api/v1/audit-entries/${body.items[0].id}/proof`)
    assert.equal(newest.status, 409)
  })

  it('are for auditors of everything', async () => {
    const one = { programIds: ['019ab000-0000-7000-8000-000000000002'] }
    for (const reader of [await g.as('registrar'), await g.as('auditor', one)])
      for (const path of [
        'audit-heads',
        'audit-keys',
        'audit-entries/019ab000-0000-7000-8000-000000000001/proof',
      ])
        assert.equal((await get(`/api/v1/${path}`, reader)).status, 403)
    assert.equal((await get('/api/v1/audit-entries/019ab000-0000-7000-8000-000000000001/proof')).status, 404)
  })

  it('are kept outside the database by the worker, which warns of entries that wait', async () => {
    const warnings: [{ entries: number }, string][] = []
    const log = { ...g.services.log, warn: (...said: (typeof warnings)[0]) => void warnings.push(said) }
    const seal = (auditUnsealedSeconds: number) =>
      tasksOf(
        { ...g.services, log: log as never, config: { ...g.services.config, auditUnsealedSeconds } },
        [],
      )['audit.seal']!()
    const kept = join(g.services.config.dataDir, 'audit-heads.jsonl')
    for (let n = 0; !existsSync(kept) && n < 1_000; n++) {
      await get('/api/v1/audit-heads')
      await g.as('auditor')
      await seal(600)
      await pause(20)
    }
    const last = JSON.parse(readFileSync(kept, 'utf8').trim().split('\n').at(-1)!)
    assert.deepEqual((await get('/api/v1/audit-heads?limit=1')).body.items, [last])
    assert.equal(warnings.length, 0)
    await g.as('auditor')
    await seal(-1)
    assert.match(warnings[0]![1], /^audit entries wait for their seal: (a transaction holds it|no worker)/)
    assert.equal(typeof warnings[0]![0].entries, 'number')
  })

  it('tell in the metrics how long entries have waited', async () => {
    const { body } = await g.call('GET', '/metrics')
    assert.match(body, /^annona_audit_unsealed_seconds [\d.]+$/m)
  })
})
