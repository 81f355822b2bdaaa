import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem, sendRaw, wireTo } from '#tests/support/hostile.ts'

const HEADERS_MS = 500
const BODY_MS = 600
const LINGER_MS = 400

describe('a hostile connection', () => {
  let g: TestGateway
  let token: string
  before(async () => {
    g = await startTestGateway({}, { headers: HEADERS_MS, body: BODY_MS, linger: LINGER_MS })
    token = await g.as('system-administrator')
  })
  after(() => g.close())
  afterEach('leaves the gateway answering', async () => {
    assert.equal((await g.call('GET', '/healthz')).body, 'ok')
  })

  const head = (...headers: string[]) =>
    [
      'POST /api/v1/areas HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      ...headers,
      '',
      '',
    ].join('\r\n')
  const MEGABYTE = Buffer.alloc(1024 * 1024, 0x20)
  const chunk = (bytes: Buffer) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

  it('that announces 100 MB is answered before they come', async () => {
    const wire = await wireTo(g.url)
    await wire.send(head('Content-Length: 104857600'))
    assertProblem(await wire.answer(), 413)
    assert.ok((await wire.closed()) < LINGER_MS + 1_000, 'and is closed when they do not come')
  })

  it('that sends 300 MB is answered early, and they are not kept', async () => {
    for (const [header, wrap] of [
      ['Content-Length: 314572800', (bytes: Buffer) => bytes],
      ['Transfer-Encoding: chunked', chunk],
    ] as const) {
      const wire = await wireTo(g.url)
      const before = process.memoryUsage().rss
      await wire.send(head(header))
      const piece = wrap(MEGABYTE)
      const sent = (async () => {
        for (let n = 0; n < 300; n++) await wire.send(piece)
      })()
      assertProblem(await wire.answer(), 413, { about: header })
      await sent
      const grown = (process.memoryUsage().rss - before) / 1_048_576
      assert.ok(grown < 150, `${header}: ${grown.toFixed()} MB more`)
      wire.end()
    }
  })

  it('whose body was refused may be used again once all of it came', async () => {
    const wire = await wireTo(g.url)
    await wire.send(`POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: ${MEGABYTE.length}\r\n\r\n`)
    assertProblem(await wire.answer(), 404)
    await wire.send(MEGABYTE)
    await wire.send(head('Transfer-Encoding: chunked'))
    for (let n = 0; n < 3; n++) await wire.send(chunk(MEGABYTE))
    assertProblem(await wire.answer(), 413)
    await wire.send('0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.equal((await wire.answer()).body, 'ok')
    wire.end()
  })

  it('that feeds a body byte by byte is answered in time and closed', async () => {
    const wire = await wireTo(g.url)
    const since = performance.now()
    await wire.send(head('Content-Length: 1000'))
    const feeding = setInterval(() => void wire.send(' '), 20)
    assertProblem(await wire.answer(), 400, { rule: 'slow-body' })
    assert.ok(performance.now() - since < BODY_MS + 1_000)
    await wire.closed()
    assert.ok(performance.now() - since < BODY_MS + LINGER_MS + 1_000)
    clearInterval(feeding)
  })

  it('that feeds its headers byte by byte, or says nothing at all, is closed in time', async () => {
    const slow = await wireTo(g.url)
    const silent = await wireTo(g.url)
    const since = performance.now()
    await slow.send('GET /healthz HTTP/1.1\r\nHost: x\r\n')
    const feeding = setInterval(() => void slow.send('X-A: 1\r\n'), 50)
    assertProblem(await slow.answer(), 408, { rule: 'slow-request' })
    await silent.closed()
    assert.ok(performance.now() - since < HEADERS_MS * 2 + 1_500)
    clearInterval(feeding)
  })

  it('that breaks off is no error of ours', async () => {
    const errors = async () =>
      /annona_unexpected_errors_total (\d+)/.exec((await g.call('GET', '/metrics')).body)![1]
    const before = await errors()
    for (const start of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
      const wire = await wireTo(g.url)
      await wire.send(head(start))
      await wire.send(start.startsWith('T') ? '5\r\n{"are' : '{"are')
      await pause(50)
      wire.end()
    }
    const broken = await wireTo(g.url)
    await broken.send(`${head('Transfer-Encoding: chunked')}zz\r\n`)
    assertProblem(await broken.answer(), 400)
    await pause(50)
    assert.equal(await errors(), before)
  })

  it('cannot smuggle a second request inside the first', async () => {
    const smuggled = 'GET /api/v1/users HTTP/1.1\r\nHost: x\r\n\r\n'
    const wire = await wireTo(g.url)
    await wire.send(`${head(`Content-Length: ${smuggled.length}`)}${smuggled}`)
    assertProblem(await wire.answer(), 400, { pointer: '' })
    await wire.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.equal((await wire.answer()).body, 'ok', 'the next answer is to the next request')
    wire.end()
    assertProblem(
      await sendRaw(g.url, `${head('Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n${smuggled}`),
      400,
    )
  })

  it('is not one of five hundred that keep others out', async () => {
    const idle = await Promise.all(Array.from({ length: 500 }, () => wireTo(g.url)))
    assert.equal((await g.call('GET', '/api/v1/areas', { token })).status, 200)
    for (const wire of idle) wire.end()
  })
})
