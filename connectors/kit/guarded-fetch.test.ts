import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { DomainError } from '#core/kernel/index.ts'
import { createGuardedFetch, type GuardedFetchOptions, readAllowList } from './index.ts'

type Handler = (request: IncomingMessage, answer: ServerResponse) => unknown

const serverAt = async (host: string, port: number, handler: Handler): Promise<Server> => {
  const server = createServer((request, answer) => void handler(request, answer))
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

const selfSigned = (name: string): { key: Buffer; cert: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'annona-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...kind, '-keyout', key, '-out', cert, ...about], {
    stdio: 'ignore',
  })
  const made = { key: readFileSync(key), cert: readFileSync(cert, 'utf8') }
  rmSync(folder, { recursive: true })
  return made
}

/** What the guarded client threw: always `unavailable`, and showing nothing of the inside. */
const refusedBy = async (call: Promise<Response>): Promise<DomainError> => {
  const error = await call.then(
    answer => assert.fail(`answered ${answer.status}`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof DomainError, String(error))
  assert.equal(error.code, 'unavailable')
  assert.doesNotMatch(error.message, /\d+\.\d+|::|localhost|\.test|:\d/)
  return error
}

describe('the guarded client', () => {
  let server: Server
  let port: number
  let asked: { url: string; method: string; headers: IncomingMessage['headers']; body: string }[]
  const BIG = Buffer.alloc(50_000, 'x')
  const answers: Record<string, Handler> = {
    '/plain': (_request, answer) => answer.writeHead(201, { 'X-Said': 'a' }).end('hello'),
    '/gzip': (_request, answer) =>
      answer.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('packed')),
    '/br': (_request, answer) =>
      answer.writeHead(200, { 'Content-Encoding': 'br' }).end(brotliCompressSync('packed')),
    '/zstd': (_request, answer) => answer.writeHead(200, { 'Content-Encoding': 'zstd' }).end('packed'),
    '/cut': (_request, answer) =>
      answer.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(BIG).subarray(0, 20)),
    '/empty': (_request, answer) => answer.writeHead(204).end(),
    '/big': (_request, answer) => answer.end(BIG),
    '/bomb': (_request, answer) =>
      answer.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000))),
    '/endless': (_request, answer) => {
      const more = () => answer.write(BIG) && setTimeout(more, 1)
      answer.on('drain', more)
      more()
    },
    '/mute': () => {},
    '/slow': (_request, answer) => {
      const drip = setInterval(() => answer.write('.'), 20)
      answer.on('close', () => clearInterval(drip))
    },
    '/hang-up': request => request.socket.destroy(),
    '/redirect': (_request, answer) =>
      answer.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data' }).end('go'),
    '/redirect-home': (_request, answer) => answer.writeHead(307, { Location: '/plain' }).end(),
  }
  before(async () => {
    server = await serverAt('127.0.0.1', 0, async (request, answer) => {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
      asked.push({ url: request.url!, method: request.method!, headers: request.headers, body })
      answers[request.url!]!(request, answer)
    })
    port = (server.address() as AddressInfo).port
  })
  beforeEach(() => {
    asked = []
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const client = (more: GuardedFetchOptions = {}) =>
    createGuardedFetch({
      allow: readAllowList(`127.0.0.1:${port}`),
      maxBytes: 10_000,
      totalMs: 2_000,
      ...more,
    })
  const at = (path: string, host = '127.0.0.1') => `http://${host}:${port}${path}`

  it('calls as fetch does, and answers as fetch does', async () => {
    const answer = await client()(at('/plain'), {
      method: 'POST',
      body: new URLSearchParams({ a: '1 &' }),
      headers: { 'X-Mine': 'b', Host: 'other.test' },
    })
    assert.deepEqual([answer.status, await answer.text(), answer.headers.get('X-Said')], [201, 'hello', 'a'])
    const [{ method, body, headers } = assert.fail()] = asked
    assert.deepEqual([method, body, headers['x-mine']], ['POST', 'a=1+%26', 'b'])
    assert.equal(headers.host, `127.0.0.1:${port}`)
    assert.match(headers['content-type']!, /^application\/x-www-form-urlencoded/)
  })

  it('unpacks what comes packed, and takes a Request', async () => {
    for (const path of ['/gzip', '/br']) {
      const answer = await client()(new Request(at(path)))
      assert.deepEqual([await answer.text(), answer.headers.get('Content-Encoding')], ['packed', null])
    }
    assert.equal((await client()(at('/empty'))).body, null)
  })

  describe('goes nowhere but to the public internet', () => {
    const places = [
      'http://example.org/ without TLS',
      'https://example.org:8443/ on another port',
      'https://user:secret@example.org/ with a name and password',
      'ftp://example.org/ by another protocol',
      'file:///etc/passwd by another protocol',
      'not-a-url at all',
      'https://127.0.0.1/ loopback',
      'https://[::1]/ loopback',
      'https://[::ffff:127.0.0.1]/ IPv4 in IPv6',
      'https://[::ffff:a9fe:a9fe]/ IPv4 in IPv6',
      'https://[64:ff9b::10.0.0.1]/ NAT64',
      'https://2130706433/ as a decimal number',
      'https://0x7f000001/ as a hexadecimal number',
      'https://0177.0.0.1/ with an octal number',
      'https://127.1/ shortened',
      'https://127.0.0.1./ with a dot after it',
      'https://１２７.０.０.１/ in full-width digits',
      'https://169.254.169.254/ the metadata service',
      'https://localhost/ by a name of this machine',
    ]
    for (const place of places)
      it(`refuses ${place}`, async () => {
        const error = await refusedBy(client()(place.split(' ')[0]!))
        assert.equal(error.rule, 'outbound-address')
      })

    it('and refuses a name when one of its addresses is inside', async () => {
      const resolve = async () => [
        { address: '1.1.1.1', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]
      const error = await refusedBy(client({ resolve })('https://both.test/'))
      assert.equal(error.rule, 'outbound-address')
    })

    it('and refuses a name without an address, or one that is not resolved', async () => {
      const none = await refusedBy(client({ resolve: async () => [] })('https://none.test/'))
      assert.equal(none.rule, 'outbound-unreachable')
      const failing = client({ resolve: async () => Promise.reject(new Error('ENOTFOUND 10.0.0.1')) })
      assert.equal((await refusedBy(failing('https://none.test/'))).rule, 'outbound-unreachable')
      const waiting = client({ totalMs: 50, resolve: () => new Promise(() => {}) })
      assert.equal((await refusedBy(waiting('https://none.test/'))).rule, 'outbound-timeout')
    })

    it('unless exactly that host and port are allowed', async () => {
      assert.equal((await client()(at('/plain'))).status, 201)
      for (const url of [at('/plain', 'localhost'), at('/plain', '[::1]'), 'http://127.0.0.1/'])
        assert.equal((await refusedBy(client()(url))).rule, 'outbound-address', url)
      const elsewhere = client({ allow: readAllowList(`127.0.0.1:${port + 1}, 127.0.0.1`) })
      assert.equal((await refusedBy(elsewhere(at('/plain')))).rule, 'outbound-address')
    })
  })

  it('connects to the address it checked, though the name leads elsewhere the second time', async () => {
    const second = await serverAt('127.0.0.2', port, (_request, answer) => answer.end('second'))
    try {
      let times = 0
      const resolve = async () => [{ address: `127.0.0.${++times}`, family: 4 }]
      const fetch = client({ allow: readAllowList(`rebind.test:${port}`), resolve })
      assert.equal(await (await fetch(at('/plain', 'rebind.test'))).text(), 'hello')
      assert.equal(times, 1)
      assert.equal(asked[0]!.headers.host, `rebind.test:${port}`)
      assert.equal(await (await fetch(at('/plain', 'rebind.test'))).text(), 'second')
    } finally {
      second.close()
    }
  })

  it('follows no redirect, and tells only the log where it led', async () => {
    const error = await refusedBy(client()(at('/redirect')))
    assert.equal(error.rule, 'outbound-redirect')
    assert.match(String(error.cause), /169\.254\.169\.254/)
    assert.doesNotMatch(String(error.cause), /meta-data/)
    assert.equal((await refusedBy(client()(at('/redirect-home')))).rule, 'outbound-redirect')
    assert.equal(asked.length, 2)
  })

  describe('bounds', () => {
    for (const path of ['/big', '/bomb', '/endless'])
      it(`the size of ${path}`, async () => {
        assert.equal((await refusedBy(client()(at(path)))).rule, 'outbound-too-large')
      })
    it('and accepts what is as large as it may be', async () => {
      assert.equal(
        (await (await client({ maxBytes: BIG.length })(at('/big'))).arrayBuffer()).byteLength,
        50_000,
      )
      assert.equal(
        (await refusedBy(client({ maxBytes: BIG.length - 1 })(at('/big')))).rule,
        'outbound-too-large',
      )
    })
    it('the time until an answer, and of all of it', async () => {
      const started = performance.now()
      assert.equal((await refusedBy(client({ headersMs: 100 })(at('/mute')))).rule, 'outbound-timeout')
      assert.equal((await refusedBy(client({ totalMs: 100 })(at('/slow')))).rule, 'outbound-timeout')
      const signal = AbortSignal.timeout(100)
      assert.equal((await refusedBy(client()(at('/slow'), { signal }))).rule, 'outbound-timeout')
      assert.ok(performance.now() - started < 1_500)
    })
    it('the time until a connection', async () => {
      const deaf = createTcpServer().listen(0, '127.0.0.3')
      await once(deaf, 'listening')
      const place = `127.0.0.3:${(deaf.address() as AddressInfo).port}`
      try {
        // It accepts the connection, and never says a word of TLS.
        const fetch = client({ allow: readAllowList(place), connectMs: 100 })
        assert.equal((await refusedBy(fetch(`https://${place}/`))).rule, 'outbound-timeout')
      } finally {
        deaf.close()
      }
    })
  })

  describe('over TLS', () => {
    const NAMES = ['named.test', 'other.test']
    let secure: TlsServer
    let place: string
    const asked: string[] = []
    const trusted = getCACertificates('default')
    before(async () => {
      const { key, cert } = selfSigned(NAMES[0]!)
      secure = createTlsServer({ key, cert, SNICallback: (name, done) => done(null, void asked.push(name)) })
      secure.on('request', (_request, answer: ServerResponse) => answer.end('secret'))
      secure.listen(0, '127.0.0.1')
      await once(secure, 'listening')
      place = String((secure.address() as AddressInfo).port)
      setDefaultCACertificates([...trusted, cert])
    })
    after(() => {
      setDefaultCACertificates(trusted)
      secure.close()
    })
    const fetch = (name: string) =>
      client({
        allow: readAllowList(NAMES.map(n => `${n}:${place}`).join()),
        resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      })(`https://${name}:${place}/`)

    it('asks for the name, not the address, and verifies it', async () => {
      assert.equal(await (await fetch('named.test')).text(), 'secret')
      assert.equal((await refusedBy(fetch('other.test'))).rule, 'outbound-unreachable')
      assert.deepEqual(asked, NAMES)
    })

    it('trusts nobody whom the machine does not trust, though they are allowed', async () => {
      setDefaultCACertificates(trusted)
      assert.match(String((await refusedBy(fetch('named.test'))).cause), /self-signed/)
    })
  })

  it('says of everything that goes wrong on the way that the other cannot be reached', async () => {
    for (const path of ['/hang-up', '/cut', '/zstd'])
      assert.equal((await refusedBy(client()(at(path)))).rule, 'outbound-unreachable', path)
  })

  it('is not used inside a unit of work', async () => {
    await assert.rejects(client({ inTransaction: () => true })(at('/plain')), /unit of work/)
    assert.equal(asked.length, 0)
  })
})

describe('the list of what is allowed', () => {
  it('names hosts and ports, in any form of writing', () => {
    assert.deepEqual(
      [...readAllowList(' ID.Example.org, 127.0.0.1:8080 ,[::1]:81,')],
      ['id.example.org:443', '127.0.0.1:8080', '[::1]:81'],
    )
    assert.equal(readAllowList('').size, 0)
  })

  for (const entry of ['https://a.test', 'a.test/path', 'u@a.test', 'a b', 'a.test:99999', '10.0.0.0/8', '*'])
    it(`and not ${entry}`, () => assert.throws(() => readAllowList(entry), /hosts with or without a port/))
})
