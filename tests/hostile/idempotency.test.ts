import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { tokenFor } from '#tests/support/client.ts'
import { type CallResult, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

describe('an Idempotency-Key under attack', () => {
  let g: TestGateway
  let token: string
  before(async () => {
    g = await startTestGateway()
    token = await g.as('system-administrator')
  })
  after(() => g.close())

  const create = (code: string, key: string, more: { token?: string; path?: string; name?: string } = {}) =>
    g.call('POST', more.path ?? '/api/v1/areas', {
      token: more.token ?? token,
      body: { areas: [{ code, name: more.name ?? code }] },
      headers: { 'Idempotency-Key': key },
    })
  const isReplay = (answer: CallResult) => answer.headers.get('Idempotency-Replayed') === 'true'
  const exists = async (code: string) =>
    (await g.db.one(sql`SELECT 1 FROM areas.areas WHERE code = ${code}`)) !== undefined
  const isAudited = async (answer: CallResult) =>
    (await g.db.one(sql`
      SELECT 1 FROM audit.entries WHERE request_id = ${answer.headers.get('X-Request-Id')}`)) !== undefined

  it('replays the answer whatever the order of fields and spaces, headers and all', async () => {
    const send = (raw: string) =>
      g.call('POST', '/api/v1/areas', {
        token,
        raw,
        headers: { 'Idempotency-Key': 'order', 'Content-Type': 'application/json' },
      })
    const first = await send('{"areas":[{"code":"AA","name":"A"}]}')
    const again = await send('{ "areas": [ {"name":"\\u0041", "code":"AA"} ] }')
    assert.deepEqual([first.status, isReplay(first)], [201, false])
    assert.deepEqual([again.status, isReplay(again), again.body], [201, true, first.body])
    assert.equal(again.headers.get('Location'), first.headers.get('Location'))
  })

  it('is refused for another body, another address and another query', async () => {
    assert.equal((await create('BB', 'mine')).status, 201)
    assertProblem(await create('BC', 'mine'), 422, { rule: 'idempotency-key-reused' })
    assertProblem(await create('BB', 'mine', { name: 'other' }), 422)
    const body = { kind: 'group', code: 'x', type: 'bool', label: 'X' }
    const elsewhere = await g.call('POST', '/api/v1/attribute-definitions', {
      token,
      body,
      headers: { 'Idempotency-Key': 'mine' },
    })
    assertProblem(elsewhere, 422)
    assert.equal(await exists('BC'), false)
  })

  it('of one account means nothing to another', async () => {
    const other = await g.as('registry-manager')
    assert.equal((await create('CC', 'shared')).status, 201)
    const theirs = await create('CD', 'shared', { token: other })
    assert.deepEqual([theirs.status, isReplay(theirs)], [201, false])
    const spied = await create('CC', 'shared', { token: other })
    assertProblem(spied, 422)
  })

  it('shows what was answered to nobody who has lost a right since', async () => {
    const { clientId, clientSecret } = await g.services.access.createClient(systemCtx('test', 'test'), {
      clientId: 'losing',
      name: 'losing',
      grants: [{ role: 'system-administrator' }, { role: 'registrar' }],
    })
    const mine = await tokenFor(g.url, clientId, clientSecret)
    assert.equal((await create('CE', 'lost', { token: mine })).status, 201)
    assert.equal(isReplay(await create('CE', 'lost', { token: mine })), true)
    await g.services.access.replaceClientGrants(systemCtx('test', 'test'), clientId, [
      { role: 'system-administrator' },
    ])
    await pause(1_050)
    assertProblem(await create('CE', 'lost', { token: mine }), 422, { rule: 'idempotency-key-reused' })
  })

  it('in flight is a conflict, on every gateway, and done once it is answered', async () => {
    const { areas } = g.services
    const original = areas.createMany
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    areas.createMany = async (...given) => {
      begun.resolve()
      await gate.promise
      return original(...given)
    }
    try {
      const first = create('DD', 'busy')
      await begun.promise
      assertProblem(await create('DD', 'busy'), 409, { rule: 'idempotency-in-flight' })
      gate.resolve()
      assert.equal((await first).status, 201)
    } finally {
      areas.createMany = original
    }
    assert.ok(isReplay(await create('DD', 'busy')))
  })

  it('can be used again after a failure', async () => {
    const orphan = () =>
      g.call('POST', '/api/v1/areas', {
        token,
        body: { areas: [{ code: 'EE1', name: 'E', parent: 'EE' }] },
        headers: { 'Idempotency-Key': 'again' },
      })
    const refused = await orphan()
    assert.ok(refused.status >= 400 && refused.status < 500, String(refused.status))
    assert.equal((await create('EE', 'parent')).status, 201)
    const done = await orphan()
    assert.deepEqual([done.status, isReplay(done)], [201, false])
  })

  it('leaves nothing half done when all breaks between the work and its answer', async () => {
    const { areas } = g.services
    const original = areas.createMany
    areas.createMany = async (...given) => {
      const result = await original(...given)
      const { pid } = (await g.services.db.one<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`))!
      await g.db.run(sql`SELECT pg_terminate_backend(${pid})`)
      return result
    }
    try {
      const broken = await create('FF', 'crash')
      assert.ok(broken.status >= 500, String(broken.status))
      assertProblem(broken, broken.status)
      assert.deepEqual([await exists('FF'), await isAudited(broken)], [false, false])
    } finally {
      areas.createMany = original
    }
    const again = await create('FF', 'crash')
    assert.deepEqual([again.status, isReplay(again)], [201, false])
    assert.deepEqual([await exists('FF'), await isAudited(again)], [true, true])
  })

  it('never keeps an answer that shows a secret', async () => {
    const send = () =>
      g.call('POST', '/api/v1/clients', {
        token,
        body: { clientId: 'secret-one', name: 'x', grants: [] },
        headers: { 'Idempotency-Key': 'secret' },
      })
    const { body } = await send()
    assert.ok(body.clientSecret.length > 40)
    assertProblem(await send(), 409)
    const kept = await g.db.one(
      sql`SELECT count(*)::int AS n FROM idempotency.answers WHERE body::text LIKE ${`%${body.clientSecret}%`}`,
    )
    assert.equal(kept!.n, 0)
  })
})
