import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { bundleOpenApi } from '../openapi/bundle.ts'
import { pageRoutes } from './pages.ts'
import { readVerifierPage } from './verifier/assets.ts'

describe('the pages of the gateway', () => {
  let server: Server
  let url: string
  before(async () => {
    server = new Koa().use(pageRoutes(bundleOpenApi())).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => void server.close())

  it('come as they are, compressed for those who take it, and are kept as long as they hold good', async () => {
    const { assets } = readVerifierPage()
    const [path, wasm] = Object.entries(assets).find(([, { type }]) => type === 'application/wasm')!
    for (const [encoding, size] of [
      ['gzip', 450_000],
      ['identity', wasm.data.length],
    ] as const) {
      const answer = await fetch(url + path, { headers: { 'Accept-Encoding': encoding } })
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), wasm.data)
      assert.equal(answer.headers.get('Content-Type'), 'application/wasm')
      assert.equal(answer.headers.get('Vary'), 'Accept-Encoding')
      assert.match(answer.headers.get('Cache-Control')!, /immutable/)
      assert.ok(Number(answer.headers.get('Content-Length')) <= size)
    }
    for (const page of ['/verify', '/docs']) {
      const { headers } = await fetch(url + page)
      assert.match(headers.get('Content-Type')!, /^text\/html/)
      assert.equal(headers.get('Cache-Control'), 'no-store')
    }
  })

  it('begin with the console', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await fetch(`${url}/`, { method, redirect: 'manual' })
      assert.deepEqual([status, headers.get('Location')], [303, '/console'])
    }
    assert.equal((await fetch(`${url}/`, { method: 'POST' })).status, 404)
  })

  it('are only read', async () => {
    assert.equal((await fetch(`${url}/verify`, { method: 'POST' })).status, 404)
    assert.equal((await fetch(`${url}/verify`, { method: 'HEAD' })).status, 200)
    assert.equal((await fetch(`${url}/verify/assets/../../package.json`)).status, 404)
    assert.equal((await fetch(`${url}/constructor`)).status, 404)
  })
})
