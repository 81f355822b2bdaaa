import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import {
  makeCycle,
  makeEntitlement,
  type TestCycle,
  type TestEntitlement,
} from '#tests/support/entitlements.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'

/** From goods in a warehouse to a household's hands, as clients of the API see it. */
describe('stock, credentials and distribution over HTTP', () => {
  let gateway: TestGateway
  let officer: string
  let manager: string
  let agent: string
  let cycle: TestCycle
  let cash: TestCycle
  let entitlement: TestEntitlement
  let qr: string
  let credential: string

  const post = (path: string, token: string, body: unknown, headers = {}) =>
    gateway.call('POST', `/api/v1${path}`, { token, body, headers })
  const get = (path: string, token: string) => gateway.call('GET', `/api/v1${path}`, { token })

  before(async () => {
    gateway = await startTestGateway()
    await gateway.services.areas.createMany(systemCtx('test', 'test'), [
      { code: 'XX', name: 'Country' },
      { code: 'XX01', name: 'North', parent: 'XX' },
      { code: 'XX02', name: 'South', parent: 'XX' },
    ])
    officer = await gateway.as('warehouse-officer')
    manager = await gateway.as('program-manager')
    agent = await gateway.as('distribution-agent', { areas: ['XX01'] })
    const areaId = (await gateway.services.areas.idsOf(['XX01'])).get('XX01')!
    const validUntil = `${new Date().getUTCFullYear() + 1}-12-31`
    cycle = await makeCycle(gateway.db, { code: 'FOOD', item: 'RICE', validFrom: '2020-01-01', validUntil })
    cash = await makeCycle(gateway.db, { code: 'CASH', validFrom: '2020-01-01', validUntil })
    entitlement = await makeEntitlement(gateway.db, cycle, { areaId, amount: 25 })
    await makeEntitlement(gateway.db, cash, { areaId, amount: 125_050 })
  })
  after(() => gateway.close())

  const cardOf = async (of: TestCycle) => {
    const started = await post('/credentials', manager, { cycle: of.reference })
    assert.equal(started.status, 202)
    await gateway.job(started.body.job)
    const { body } = await get(`/credentials?cycle=${of.reference}`, manager)
    const row = await gateway.db.one<{ qr: string }>(
      sql`SELECT qr FROM credentials.credentials WHERE kernel.reference('CR', ref) = ${body.items[0].reference}`,
    )
    return { qr: row!.qr, credential: body.items[0] }
  }

  it('stock comes in, is moved and is listed', async () => {
    assert.equal((await post('/items', officer, { code: 'RICE', name: 'Rice', unit: 'KGM' })).status, 201)
    for (const place of [
      { code: 'STORE', name: 'Store', kind: 'warehouse', area: 'XX' },
      { code: 'P-NORTH', name: 'North point', kind: 'service_point', area: 'XX01' },
    ])
      assert.equal((await post('/locations', officer, place)).status, 201)
    const note = { location: 'STORE', item: 'RICE', quantity: 100, reference: 'GRN 1' }
    assert.deepEqual((await post('/stock-receipts', officer, note)).body, note)
    assert.equal((await post('/stock-receipts', officer, note)).body.rule, 'already-moved')
    const waybill = { from: 'STORE', to: 'P-NORTH', item: 'RICE', quantity: 60, reference: 'W 1' }
    assert.deepEqual((await post('/transfers', officer, waybill)).body, waybill)
    const short = await post('/transfers', officer, { ...waybill, reference: 'W 2' })
    assert.deepEqual([short.status, short.body.rule], [422, 'stock-insufficient'])
    const { body } = await get('/stock', officer)
    assert.deepEqual(
      body.items.map((line: { location: { code: string }; onHand: number }) => [
        line.location.code,
        line.onHand,
      ]),
      [
        ['P-NORTH', 60],
        ['STORE', 40],
      ],
    )
    assert.deepEqual((await get('/stock', agent)).body.items.length, 1)
    assert.deepEqual((await get('/locations?kind=warehouse', officer)).body.items.length, 1)
    assert.equal((await get('/items', agent)).body.items[0].code, 'RICE')
  })

  it('cards are issued in the background, read and shown', async () => {
    const made = await cardOf(cycle)
    qr = made.qr
    credential = made.credential.reference
    assert.deepEqual(
      [made.credential.point, made.credential.entitlement, made.credential.state],
      ['P-NORTH', entitlement.reference, 'active'],
    )
    assert.deepEqual((await get(`/credentials/${credential}`, manager)).body, made.credential)
    const svg = await get(`/credentials/${credential}/qr.svg`, manager)
    assert.deepEqual([svg.status, svg.headers.get('content-type')], [200, 'image/svg+xml'])
    const png = await get(`/credentials/${credential}/qr.png`, manager)
    assert.deepEqual([png.status, png.headers.get('content-type')], [200, 'image/png'])
    assert.equal((await get(`/credentials/${credential}`, agent)).status, 403)
    for (const q of [credential, entitlement.reference, entitlement.registrant]) {
      const { body } = await get(`/credentials?q=${q}`, manager)
      assert.deepEqual([body.items[0].reference, body.items[0].pointName], [credential, 'North point'])
    }
    assert.equal((await get('/credentials?q=nobody', manager)).body.errors[0].code, 'reference')
  })

  it('a card is blocked, restored and replaced, and a scan tells so', async () => {
    const verdict = async () => (await post('/verifications', agent, { qr, point: 'P-NORTH' })).body.verdict
    const change = (verb: string) => post(`/credentials/${credential}/${verb}`, manager, { reason: 'lost' })
    assert.equal((await change('suspend')).status, 204)
    assert.equal(await verdict(), 'suspended')
    assert.equal((await change('restore')).status, 204)
    const replaced = await change('reissue')
    assert.equal(replaced.status, 201)
    assert.equal(await verdict(), 'revoked')
    assert.equal((await change('revoke')).status, 409)
    const row = await gateway.db.one<{ qr: string }>(
      sql`SELECT qr FROM credentials.credentials WHERE kernel.reference('CR', ref) = ${replaced.body.reference}`,
    )
    qr = row!.qr
    assert.equal(await verdict(), 'valid')
  })

  it('goods are handed over in parts, once, and the answer to a repeated request is the same', async () => {
    const scan = await post('/verifications', agent, { qr })
    assert.deepEqual(scan.body.due.benefit, {
      kind: 'in_kind',
      item: { code: 'RICE', name: 'Rice', unit: 'KGM' },
      quantity: 25,
      remaining: 25,
    })
    const key = { 'Idempotency-Key': 'handover-1' }
    const handover = { qr, point: 'P-NORTH', quantity: 10, note: 'first sack' }
    const first = await post('/redemptions', agent, handover, key)
    assert.deepEqual([first.status, first.body.remaining, first.body.redemption.quantity], [201, 15, 10])
    assert.deepEqual((await post('/redemptions', agent, handover, key)).body, first.body)
    assert.equal(
      (await post('/redemptions', agent, { qr, point: 'P-NORTH', quantity: 16 })).body.rule,
      'more-than-due',
    )
    assert.equal((await post('/redemptions', agent, { qr, point: 'P-NORTH' })).body.remaining, 0)
    for (const headers of [{}, { 'Idempotency-Key': 'handover-2' }]) {
      const late = await post('/redemptions', agent, { qr, point: 'P-NORTH' }, headers)
      assert.deepEqual([late.status, late.body.verdict], [409, 'already_redeemed'])
    }
    const { body } = await get(`/redemptions?point=P-NORTH&cycle=${cycle.reference}`, agent)
    assert.deepEqual(
      body.items.map((r: { quantity: number }) => r.quantity),
      [15, 10],
    )
    assert.equal((await get('/stock?location=P-NORTH', officer)).body.items[0].onHand, 35)
    assert.deepEqual(
      [body.items[0].registrant, body.items[0].registrantName],
      [entitlement.registrant, null],
      'whoever hands over need not see the registry',
    )
    const seen = await get(`/redemptions?entitlement=${entitlement.reference}`, manager)
    assert.equal(seen.body.items[0].registrantName, 'A household')
  })

  it('cash is shown in its currency, and not handed over', async () => {
    const { qr } = await cardOf(cash)
    const { body } = await post('/verifications', agent, { qr, point: 'P-NORTH' })
    assert.deepEqual(body.due.benefit, {
      kind: 'cash',
      currency: 'ETB',
      amount: '1250.50',
      remaining: '1250.50',
    })
    const refused = await post('/redemptions', agent, { qr, point: 'P-NORTH' })
    assert.deepEqual([refused.status, refused.body.rule], [422, 'not-in-kind'])
  })

  it('nonsense is answered with a verdict or a problem, never a failure', async () => {
    assert.equal((await post('/verifications', agent, { qr: 'HELLO' })).body.verdict, 'malformed')
    assert.equal((await post('/verifications', agent, { qr: '' })).status, 400)
    assert.equal((await post('/verifications', agent, { qr: 'A'.repeat(5000) })).status, 400)
    assert.equal((await post('/redemptions', agent, { qr, point: 'NOWHERE' })).status, 400)
    assert.equal((await post('/redemptions', agent, { qr, point: 'P-NORTH', quantity: 0.5 })).status, 400)
    assert.equal((await get('/credentials/CR-00000-000000', manager)).status, 404)
    assert.equal((await get('/credentials?cycle=nonsense', manager)).status, 404)
    assert.equal((await get('/redemptions?cursor=x', agent)).status, 400)
  })
})
