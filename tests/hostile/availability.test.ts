import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem, assertSecure, wireTo } from '#tests/support/hostile.ts'

describe('a gateway whose database connections are all taken', () => {
  let g: TestGateway
  before(async () => {
    g = await startTestGateway({ poolSize: 2 })
  })
  after(() => g.close())

  it('says so soon, to all who ask, and recovers by itself', async () => {
    const token = await g.as('auditor')
    const release = Promise.withResolvers<void>()
    const { db } = g.services
    const taken = [1, 2].map(() => db.transaction(() => release.promise))
    const since = performance.now()
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => g.call('GET', '/api/v1/areas', { token })),
    )
    assert.ok(performance.now() - since < 6_500, `${performance.now() - since} ms`)
    for (const answer of answers) {
      assertProblem(answer, 503)
      assert.ok(Number(answer.headers.get('Retry-After')) > 0)
    }
    assert.equal((await g.call('GET', '/healthz')).status, 200)
    release.resolve()
    await Promise.all(taken)
    const later = await Promise.all(
      Array.from({ length: 40 }, () => g.call('GET', '/api/v1/areas', { token })),
    )
    assert.ok(later.every(a => a.status === 200))
    assert.equal((await g.call('GET', '/readyz')).status, 200)
  })

  it('goes on when all of them are cut', async () => {
    const token = await g.as('auditor')
    await g.db.run(sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'annona test'`)
    const answers = []
    for (let n = 0; n < 4; n++) answers.push((await g.call('GET', '/api/v1/areas', { token })).status)
    assert.equal(answers.at(-1), 200, answers.join(' '))
  })
})

describe('a gateway that is told to stop', () => {
  const DRAIN_MS = 700

  it('finishes what has begun, refuses what comes, and is gone', async () => {
    const g = await startTestGateway()
    const token = await g.as('auditor')
    const { areas } = g.services
    const original = areas.list
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    areas.list = async (...given) => {
      begun.resolve()
      await gate.promise
      return original(...given)
    }
    const get = `GET /api/v1/areas HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
    const [busy, beginning, idle] = await Promise.all([wireTo(g.url), wireTo(g.url), wireTo(g.url)])
    await busy.send(get)
    await begun.promise
    await beginning.send('GET /healthz HTTP/1.1\r\nHost: x\r\n')
    const closing = g.close()
    await Promise.all([idle.closed(), beginning.closed()])
    await assert.rejects(wireTo(g.url), 'no new connection')
    gate.resolve()
    const answer = await busy.answer()
    assert.deepEqual([answer.status, answer.headers.get('Connection')], [200, 'close'])
    await busy.closed()
    const since = performance.now()
    await closing
    assert.ok(performance.now() - since < 5_000, 'nothing keeps it')
  })

  it('does not wait for ever for those who do not finish', async () => {
    const g = await startTestGateway({}, { drain: DRAIN_MS })
    const stuck = await wireTo(g.url)
    await stuck.send(
      'POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    )
    await pause(100)
    const since = performance.now()
    const closing = g.close()
    await stuck.closed()
    const waited = performance.now() - since
    assert.ok(waited >= DRAIN_MS - 50 && waited < DRAIN_MS + 3_000, `${waited} ms`)
    await closing
  })
})

describe('a gateway with a certificate', () => {
  it('serves TLS 1.2 and later alone, with HSTS, and hangs up on plain HTTP', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'annona-tls-'))
    const [tlsKeyFile, tlsCertFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', tlsKeyFile]
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, '-out', tlsCertFile, ...subject], {
      stdio: 'ignore',
    })
    const g = await startTestGateway({ tlsCertFile, tlsKeyFile })
    try {
      assert.match(g.url, /^https:/)
      for (const path of ['/healthz', '/api/v1/areas', '/nowhere', '/docs']) {
        const headers = await headersOverTls(`${g.url}${path}`)
        assertSecure(headers)
        assert.match(headers.get('Strict-Transport-Security') ?? '', /^max-age=31536000/)
      }
      await assert.rejects(headersOverTls(`${g.url}/healthz`, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }))
      const plain = await wireTo(g.url)
      await plain.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
      await plain.closed()
      await headersOverTls(`${g.url}/healthz`)
    } finally {
      await g.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('promises nothing of the kind without one', async () => {
    const g = await startTestGateway()
    try {
      assert.equal((await g.call('GET', '/healthz')).headers.get('Strict-Transport-Security'), null)
    } finally {
      await g.close()
    }
  })
})

const headersOverTls = (url: string, options: object = {}): Promise<Headers> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { rejectUnauthorized: false, agent: false, ...options }, response => {
      response.resume()
      resolve(new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)])))
    })
    asked.on('error', reject).end()
  })
