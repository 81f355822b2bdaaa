import assert from 'node:assert/strict'
import { pino } from 'pino'
import sql from 'sql-template-tag'
import { compose } from '#gateway/compose.ts'
import { startGateway } from '#gateway/server.ts'
import { callerOf, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem, assertSecure } from '#tests/support/hostile.ts'

describe('an answer', () => {
  let g: TestGateway
  let token: string
  before(async () => {
    g = await startTestGateway()
    token = await g.as(['system-administrator', 'registry-manager'])
    await g.call('POST', '/api/v1/areas', { token, body: { areas: [{ code: 'ET', name: 'Ethiopia' }] } })
  })
  after(() => g.close())

  it('carries the security headers, whatever it is', async () => {
    const paths = [
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/docs',
      '/assets/docs.css',
      '/nowhere',
      '/',
    ]
    for (const path of paths) assertSecure((await g.call('GET', path)).headers)
    assertSecure((await g.call('GET', '/api/v1/areas/ET', { token })).headers)
    assertSecure((await g.call('DELETE', '/healthz')).headers)
  })

  it('of the reference page brings all it needs and runs no script of others', async () => {
    const { headers, body } = await g.call('GET', '/docs')
    const policy = headers.get('Content-Security-Policy')!
    assert.doesNotMatch(policy, /https?:|\*|'unsafe-/)
    assert.doesNotMatch(body, /<script(?![^>]*\bsrc="\/)|<iframe|\bon\w+="|javascript:|style="|@import/i)
    const addresses = [...body.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(m => m[1]!)
    assert.ok(addresses.length > 5)
    for (const address of addresses) assert.match(address, /^(#|\/(?!\/))/, address)
    for (const address of addresses.filter(a => a.startsWith('/')))
      assert.equal((await g.call('GET', address)).status, 200, address)
    const css = (await g.call('GET', '/assets/docs.css')).body
    assert.doesNotMatch(css, /url\(\s*['"]?(https?:)?\/\/|@import/)
    assert.doesNotMatch((await g.call('GET', '/openapi.json')).body.servers[0].url, /:\/\//)
  })

  it('that the caller has already is 304, and only then', async () => {
    const { registry } = g.services
    const original = registry.get
    registry.get = async (_ctx, reference) =>
      ({
        ...EMPTY,
        reference,
        version: 7,
      }) as never
    const ask = (known: string) =>
      g.call('GET', '/api/v1/registrants/GR-1', { token, headers: { 'If-None-Match': known } })
    try {
      const first = await g.call('GET', '/api/v1/registrants/GR-1', { token })
      assert.deepEqual([first.status, first.headers.get('ETag')], [200, '"v7"'])
      for (const known of ['"v7"', 'W/"v7"', '"v6", "v7"', '*']) {
        const again = await ask(known)
        assert.deepEqual([again.status, again.body, again.headers.get('ETag')], [304, '', '"v7"'], known)
      }
      for (const known of ['"v6"', 'v7', '"v71"', '"V7"', '"'])
        assert.equal((await ask(known)).status, 200, known)
    } finally {
      registry.get = original
    }
    assert.equal(
      (await g.call('GET', '/api/v1/areas', { token, headers: { 'If-None-Match': '*' } })).status,
      200,
    )
  })

  it('against the document is our error, and nothing of the work is kept', async () => {
    const { areas } = g.services
    const [get, createMany] = [areas.get, areas.createMany]
    const wrong: unknown[] = [
      { code: 'ET', name: 'Ethiopia', level: 0, parent: null, names: {}, secret: 'x' },
      { code: 'ET', name: 'Ethiopia', level: '0', parent: null, names: {} },
      { code: 'ET' },
      null,
      undefined,
    ]
    areas.createMany = async (...given) => ({ ...(await createMany(...given)), extra: 1 }) as never
    try {
      for (const answer of wrong) {
        areas.get = async () => answer as never
        assertProblem(await g.call('GET', '/api/v1/areas/ET', { token }), 500, { rule: 'internal' })
      }
      const headers = { 'Idempotency-Key': 'wrong' }
      const body = { areas: [{ code: 'KE', name: 'Kenya' }] }
      assertProblem(await g.call('POST', '/api/v1/areas', { token, body, headers }), 500)
    } finally {
      Object.assign(areas, { get, createMany })
    }
    assert.equal((await g.call('GET', '/api/v1/areas/ET', { token })).status, 200)
    assert.equal((await g.call('GET', '/api/v1/areas/KE', { token })).status, 404)
  })

  it('to what nobody expected shows nothing, and the log has where it broke but no value', async () => {
    const lines: string[] = []
    const log = pino({ level: 'info' }, { write: line => void lines.push(line) })
    const services = compose({ ...g.services.config, port: 0 }, log, {
      name: 'logged',
      statementTimeoutMs: 0,
    })
    const gateway = await startGateway(services)
    const { db, areas } = services
    areas.get = async () => (await db.one(sql`SELECT ${'Canary Abebe'}::uuid`)) as never
    try {
      const call = callerOf(gateway.url)
      const answer = await call('GET', '/api/v1/areas/ET?', { token })
      assertProblem(answer, 500, { rule: 'internal' })
      await call('POST', '/api/v1/sessions', { body: { username: 'canary', password: 'canary-password' } })
      const failed = lines.map(line => JSON.parse(line)).find(line => line.msg === 'request failed')
      assert.equal(failed.requestId, answer.headers.get('X-Request-Id'))
      assert.equal(failed.operation, 'getArea')
      assert.match(failed.err.stack, /answers\.test\.ts/)
      assert.equal(failed.err.code, '22P02')
      assert.doesNotMatch(lines.join(''), /canary/i)
      assert.doesNotMatch(lines.join(''), new RegExp(token.slice(-20)))
    } finally {
      await gateway.close()
      await db.close()
    }
  })
})

const EMPTY = {
  kind: 'group',
  status: 'active',
  name: 'X',
  area: { code: 'ET', name: 'Ethiopia' },
  attributes: {},
  phones: [],
  identifiers: [],
  accounts: [],
  members: [],
  groups: [],
  masked: [],
}
