import assert from 'node:assert/strict'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { addUser } from '#tests/support/people.ts'

describe('the gateway', () => {
  let g: TestGateway
  before(async () => {
    g = await startTestGateway()
  })
  after(() => g.close())

  it('tells that it lives, that it is ready, what it measures, and what its API is', async () => {
    assert.equal((await g.call('GET', '/healthz')).body, 'ok')
    assert.equal((await g.call('GET', '/readyz')).body, 'ready')
    assert.match((await g.call('GET', '/metrics')).body, /annona_http_request_seconds/)
    const { body } = await g.call('GET', '/openapi.json')
    assert.equal(body.openapi, '3.1.0')
    const docs = await g.call('GET', '/docs')
    assert.match(docs.body, /createToken/)
    assert.doesNotMatch(docs.body, /(src|href)="(https?:)?\/\//, 'no request to another host')
  })

  it('goes from client credentials to an answer', async () => {
    const token = await g.as('system-administrator')
    const made = await g.call('POST', '/api/v1/areas', {
      token,
      body: { areas: [{ code: 'ET', name: 'Ethiopia' }] },
    })
    assert.equal(made.status, 201)
    const read = await g.call('GET', '/api/v1/areas/ET', { token })
    assert.deepEqual([read.status, read.body.name, read.body.level], [200, 'Ethiopia', 0])
    const me = await g.call('GET', '/api/v1/sessions/current', { token })
    assert.ok(me.body.permissions.includes('area:write'))
    const here = await g.call('GET', '/api/v1/sessions/current', {
      token: await g.as('cycle-approver', { areas: ['ET'] }),
    })
    assert.deepEqual(
      [me.body.grants.length, me.body.grants[0].areas, here.body.grants[0].areas, here.body.grants[0].masks],
      [1, undefined, ['ET'], ['account', 'birth', 'contact', 'identifier']],
    )
  })

  it('signs people in and out by password', async () => {
    await addUser(g, 'rahel', 'registrar')
    const wrong = await g.call('POST', '/api/v1/sessions', {
      body: { username: 'rahel', password: 'wrong horse' },
    })
    const nobody = await g.call('POST', '/api/v1/sessions', {
      body: { username: 'nobody', password: 'wrong horse' },
    })
    assert.equal(wrong.status, 401)
    assert.equal(wrong.body.detail, nobody.body.detail, 'whether the user exists is not told')
    const { body } = await g.call('POST', '/api/v1/sessions', {
      body: { username: 'Rahel', password: 'correct horse' },
    })
    assert.equal((await g.call('GET', '/api/v1/registrants', { token: body.token })).status, 200)
    assert.equal((await g.call('GET', '/api/v1/users', { token: body.token })).status, 403)
    assert.equal((await g.call('DELETE', '/api/v1/sessions/current', { token: body.token })).status, 204)
    assert.equal((await g.call('GET', '/api/v1/registrants', { token: body.token })).status, 401)
  })

  it('answers what cannot be with problem details that name the field', async () => {
    const token = await g.as('system-administrator')
    const body = { areas: [{ code: 'et', nmae: 'Ethiopia' }] }
    const refused = await g.call('POST', '/api/v1/areas', { token, body })
    assert.equal(refused.status, 400)
    assert.equal(refused.headers.get('Content-Type'), 'application/problem+json')
    assert.deepEqual(
      refused.body.errors.map((e: { pointer: string; code: string }) => [e.pointer, e.code]),
      [
        ['/areas/0/name', 'required'],
        ['/areas/0/nmae', 'additionalProperties'],
        ['/areas/0/code', 'pattern'],
      ],
    )
    assert.equal((await g.call('GET', '/api/v1/nothing', { token })).status, 404)
    const method = await g.call('DELETE', '/api/v1/areas', { token })
    assert.deepEqual([method.status, method.headers.get('Allow')], [405, 'GET, HEAD, POST'])
  })

  it('does a request with an Idempotency-Key once, and gives the same answer again', async () => {
    const token = await g.as('system-administrator')
    const send = (code: string, key = 'key-1') =>
      g.call('POST', '/api/v1/areas', {
        token,
        body: { areas: [{ code, name: 'X' }] },
        headers: { 'Idempotency-Key': key },
      })
    const first = await send('KE')
    const again = await send('KE')
    assert.deepEqual([first.status, first.body], [201, { created: 1, renamed: 0 }])
    assert.deepEqual(
      [again.status, again.body, again.headers.get('Idempotency-Replayed')],
      [201, first.body, 'true'],
    )
    const other = await send('UG')
    assert.deepEqual([other.status, other.body.rule], [422, 'idempotency-key-reused'])
    const parallel = await Promise.all(Array.from({ length: 8 }, () => send('TZ', 'key-2')))
    assert.ok(parallel.every(r => r.status === 201 || r.status === 409))
    assert.equal(parallel.filter(r => r.status === 201 && !r.headers.get('Idempotency-Replayed')).length, 1)
  })

  it('keeps everyone to their areas, and answers for others as if they did not exist', async () => {
    const admin = await g.as('system-administrator')
    const areas = ['AA', 'BB'].map(code => ({ code, name: code }))
    await g.call('POST', '/api/v1/areas', {
      token: admin,
      body: { areas: [...areas, { code: 'AA1', name: 'AA1', parent: 'AA' }] },
    })
    const token = await g.as('registrar', { areas: ['AA'] })
    const list = await g.call('GET', '/api/v1/areas', { token })
    assert.deepEqual(
      list.body.items.map((a: { code: string }) => a.code),
      ['AA', 'AA1'],
    )
    const foreign = await g.call('GET', '/api/v1/areas/BB', { token })
    const missing = await g.call('GET', '/api/v1/areas/ZZ', { token })
    const plain = (problem: object) => ({ ...problem, instance: '' })
    assert.deepEqual(plain(foreign.body), plain(missing.body))
    assert.equal(foreign.status, 404)
  })

  it('refuses tokens that are not ours, whatever their headers say', async () => {
    const token = await g.as('auditor')
    const [, payload, signature] = token.split('.')
    const header = (h: object) => Buffer.from(JSON.stringify(h)).toString('base64url')
    const forged = [
      `${header({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header({ alg: 'HS256', typ: 'at+jwt', kid: "' OR 1=1 --" })}.${payload}.${signature}`,
      `${header({ alg: 'ES256', typ: 'at+jwt', kid: '../../etc/passwd', jku: 'http://127.0.0.1/keys' })}.${payload}.${signature}`,
      `${token.slice(0, -4)}AAAA`,
      'ses_nothing',
      'x'.repeat(5_000),
    ]
    for (const bad of forged) {
      const { status, body } = await g.call('GET', '/api/v1/audit-entries', { token: bad })
      assert.equal(status, 401, bad.slice(0, 40))
      assert.doesNotMatch(JSON.stringify(body), /stack|Error:|select|jose/i)
    }
    assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 200)
  })
})
