import assert from 'node:assert/strict'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem, assertSecure, sendRaw } from '#tests/support/hostile.ts'

describe('a hostile request', () => {
  let g: TestGateway
  let token: string
  before(async () => {
    g = await startTestGateway()
    token = await g.as('system-administrator')
    const areas = ['ET', 'KE'].map(code => ({ code, name: code }))
    await g.call('POST', '/api/v1/areas', { token, body: { areas } })
  })
  after(() => g.close())
  afterEach('leaves the gateway answering', async () => {
    assert.equal((await g.call('GET', '/healthz')).body, 'ok')
  })

  const get = (path: string, headers: Record<string, string> = {}) => g.call('GET', path, { token, headers })
  /** A request exactly as written, signed in. */
  const raw = (start: string, ...headers: string[]) =>
    sendRaw(g.url, [start, 'Host: x', `Authorization: Bearer ${token}`, ...headers, '', ''].join('\r\n'))

  it('with query parameters that are unknown, twice, nested or of no sense is refused at the parameter', async () => {
    for (const [query, pointer] of [
      ['colour=red', '/query/colour'],
      ['limit=5&limit=6', '/query/limit'],
      ['limit[]=5', '/query/limit'],
      ['limit[a]=5', '/query/limit'],
      ['limit=', '/query/limit'],
      ['limit=0', '/query/limit'],
      ['limit=1e400', '/query/limit'],
      ['limit=99999999999999999999', '/query/limit'],
      ['limit=1.5', '/query/limit'],
      ['limit=-1', '/query/limit'],
      ['limit=five', '/query/limit'],
      ['level=true', '/query/level'],
      ['parent[$ne]=x', '/query/parent'],
      [`parent=${'x'.repeat(21)}`, '/query/parent'],
      ['parent=a%00b', '/query'],
      ['%00=1', '/query'],
    ] as const)
      assertProblem(await get(`/api/v1/areas?${query}`), 400, { pointer, about: query })
    for (const query of ['parent=%', 'parent=%zz', 'parent=%ff', 'parent=%ed%a0%80', 'parent=%c0%80'])
      assertProblem(await get(`/api/v1/areas?${query}`), 400, { about: query })
  })

  it('cannot reach the prototype of anything through its query', async () => {
    for (const query of ['__proto__[x]=1', 'constructor[prototype][x]=1', '__proto__.x=1']) {
      const { status } = await get(`/api/v1/areas?${query}`)
      assert.ok(status === 200 || status === 400, `${query} ${status}`)
    }
    assert.equal(({} as Record<string, unknown>).x, undefined)
  })

  it('with a cursor that we did not give out is refused, whatever the list', async () => {
    const administrator = await g.as(['system-administrator', 'auditor', 'registry-manager'])
    const encode = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url')
    const keys = [
      ['x'],
      ['x', 'y'],
      [1e300],
      [null, null],
      ['9'.repeat(40), 'a\0b'],
      ['0', "'; --"],
      [[1]],
      5,
    ]
    const cursors = ['x', '', '%00', '%F0%9F%98%80', ...keys.map(encode)]
    for (const path of [
      '/api/v1/areas',
      '/api/v1/audit-entries',
      '/api/v1/jobs',
      '/api/v1/messages',
      '/api/v1/registrants',
    ])
      for (const cursor of cursors) {
        const answer = await g.call('GET', `${path}?cursor=${cursor}`, { token: administrator })
        if (answer.status !== 200) assertProblem(answer, 400, { about: `${path} ${cursor}` })
      }
  })

  it('with a path that is not well-formed, or of something that cannot be, finds nothing', async () => {
    for (const path of ['%00', 'E%00T', 'a%', '%ff', '%zz', '%ed%a0%80', 'x'.repeat(21)])
      assertProblem(await get(`/api/v1/areas/${path}`), 400, { about: path })
    for (const path of [
      '%2e%2e%2fusers',
      '..%2f..%2fetc%2fpasswd',
      "'%20OR%201=1--",
      '%252e',
      'et',
      '{code}',
    ])
      assertProblem(await get(`/api/v1/areas/${path}`), 404, { about: path })
    for (const start of [
      'GET //api/v1/areas HTTP/1.1',
      'GET /api//v1/areas HTTP/1.1',
      'GET /api/v1/../v1/areas HTTP/1.1',
    ])
      assertProblem(await raw(start), 404, { about: start })
    for (const path of ['GR-00000-000000', 'x', 'PY-7K3M9-Q2XBD4', '%F0%9F%98%80'])
      assertProblem(await get(`/api/v1/jobs/${path}`), 404, { about: path })
  })

  it('too long, or with too many headers, is refused as such', async () => {
    for (const start of [
      `GET /api/v1/areas?parent=${'x'.repeat(20_000)} HTTP/1.1`,
      `GET /${'a/'.repeat(10_000)} HTTP/1.1`,
    ])
      assertProblem(await raw(start), 431, { rule: 'headers-too-large' })
    const many = Array.from({ length: 3_000 }, (_, i) => `X-${i}: 1`)
    assertProblem(await raw('GET /api/v1/areas HTTP/1.1', ...many), 431)
    assert.equal((await raw('GET /api/v1/areas HTTP/1.1', ...many.slice(0, 500))).status, 200)
  })

  it('that is not HTTP is refused as such', async () => {
    for (const bytes of [
      'GET\r\n\r\n',
      '\0\0\0\0\r\n\r\n',
      'G\xcbT / HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n',
      'POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
      'POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ])
      assertProblem(await sendRaw(g.url, Buffer.from(bytes, 'latin1')), 400, { about: bytes })
  })

  it('has no say over what its answer carries', async () => {
    const injected = await raw('GET /api/v1/areas HTTP/1.1', 'X-Request-Id: abc\tSet-Cookie: a=b')
    assert.equal(injected.status, 200)
    assert.doesNotMatch(injected.headers.get('X-Request-Id')!, /Set-Cookie/)
    const kept = await raw('GET /api/v1/areas HTTP/1.1', 'X-Request-Id: my-own-id.42')
    assert.equal(kept.headers.get('X-Request-Id'), 'my-own-id.42')
    for (const reason of ['%00', '%zz', '%ff', `${'x'.repeat(501)}`])
      assertProblem(await get('/api/v1/areas', { 'X-Reason': reason }), 400, { about: reason })
    const [name, value] = ['X-Reason', encodeURIComponent(`${'x'.repeat(498)}😀`)]
    assert.equal((await get('/api/v1/areas', { [name]: value })).status, 200)
  })

  it('with an Idempotency-Key that is none is refused', async () => {
    const body = { areas: [{ code: 'UG', name: 'Uganda' }] }
    for (const key of ['', 'with space', 'caf\xe9', 'x'.repeat(201), 'a, b']) {
      const headers = { 'Idempotency-Key': key }
      const answer = await g.call('POST', '/api/v1/areas', { token, body, headers })
      assertProblem(answer, 400, { pointer: '/header/idempotency-key', about: key })
    }
  })

  it('cannot do by another method, header or origin what it may not', async () => {
    for (const name of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method']) {
      const answer = await g.call('POST', '/api/v1/areas', { token, body: {}, headers: { [name]: 'GET' } })
      assertProblem(answer, 400, { about: name })
    }
    const preflight = await g.call('OPTIONS', '/api/v1/areas', {
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    })
    assertProblem(preflight, 405)
    assertSecure((await get('/api/v1/areas', { Origin: 'https://evil.example' })).headers)
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE']) {
      const answer = await raw(`${method} /api/v1/areas HTTP/1.1`)
      assertProblem(answer, 405, { about: method })
      assert.equal(answer.headers.get('Allow'), 'GET, HEAD, POST')
      assertProblem(await raw(`${method} /nowhere HTTP/1.1`), 404, { about: method })
    }
  })

  it('of HEAD is GET without the body, and needs the same permission', async () => {
    const head = await g.call('HEAD', '/api/v1/areas/ET', { token })
    const whole = await get('/api/v1/areas/ET')
    assert.deepEqual([head.status, head.body], [200, ''])
    assert.equal(head.headers.get('Content-Length'), String(JSON.stringify(whole.body).length))
    assert.equal((await g.call('HEAD', '/api/v1/areas/ET')).status, 401)
    assert.equal((await g.call('HEAD', '/api/v1/users', { token: await g.as('registrar') })).status, 403)
  })
})
