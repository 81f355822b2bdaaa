import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { manager } from '#tests/support/cycles.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { bankReport, DEBTOR } from '#tests/support/payments.ts'
import { populate } from '#tests/support/population.ts'

const HOUSEHOLDS = 60
const root = systemCtx('fixture', 'fixture')

describe('the payments API', () => {
  let g: TestGateway
  let officer: string
  let approver: string
  let cycle: string

  before(async () => {
    g = await startTestGateway()
    await populate(g.db, { households: HOUSEHOLDS })
    officer = await g.as('finance-officer')
    approver = await g.as('payment-approver')
    cycle = await approvedCycle()
  })
  after(() => g.close())

  /** By the use cases, with the jobs of the worker. */
  const approvedCycle = async () => {
    const { programs, ledger, jobs } = g.services
    const settled = async () => {
      const { items } = await jobs.list(systemCtx('test', 'test'), { limit: 1 })
      await g.job(items[0]!.reference)
    }
    await ledger.openFund(root, { code: 'FUND', name: 'Fund', currency: 'KES' })
    await ledger.allocate(root, 'FUND', { amount: '100000' })
    const component = { code: 'CASH', kind: 'cash', amount: '25.50' } as const
    const terms = {
      code: 'HSNP',
      name: 'Hunger Safety Net',
      target: 'group',
      currency: 'KES',
      fund: 'FUND',
    } as const
    await programs.createProgram(root, { ...terms, rules: ['true'], components: [component] })
    await programs.changeState(root, 'HSNP', 'active')
    await programs.enrol(root, 'HSNP')
    await settled()
    const days = { validFrom: '2026-07-01', validUntil: '2036-07-31' }
    const { reference } = await programs.openCycle(root, 'HSNP', { code: 'C1', name: 'July', ...days })
    await programs.prepareCycle(root, reference)
    await settled()
    await programs.submitCycle(manager, reference)
    const checker = await g.as('cycle-approver')
    const approved = await g.call('POST', `/api/v1/cycles/${reference}/approve`, { token: checker })
    assert.equal(approved.status, 200, JSON.stringify(approved.body))
    return reference
  }
  const post = async (path: string, token = officer, more: object = {}) =>
    g.call('POST', `/api/v1${path}`, { token, ...more })
  const get = async (path: string, token = officer) => g.call('GET', `/api/v1${path}`, { token })
  const upload = async (xml: string) => {
    const answer = await post('/payment-reports', officer, {
      raw: xml,
      headers: { 'Content-Type': 'application/xml' },
    })
    assert.equal(answer.status, 202, JSON.stringify(answer.body))
    return answer.body as { report: string; job: string; isNew: boolean }
  }

  it('leads from a cycle to settled payments, a failure, its retry, and everybody paid', async () => {
    const made = await post(`/cycles/${cycle}/payment-batches`, officer, { body: { debtor: DEBTOR } })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const at = `/payment-batches/${made.body.reference}`
    assert.equal(made.headers.get('Location'), `/api/v1${at}`)
    await g.job(made.body.job)
    const filled = await get(at)
    assert.deepEqual([filled.body.payments, filled.body.total], [HOUSEHOLDS, '1530.00'])
    assert.deepEqual(filled.body.outcomes, [{ state: 'prepared', payments: HOUSEHOLDS, total: '1530.00' }])

    const stale = await post(`${at}/submit`, officer, { headers: { 'If-Match': '"v1"' } })
    assert.equal(stale.status, 412)
    const tag = filled.headers.get('ETag')!
    const body = { comment: 'As every month.' }
    const submitted = await post(`${at}/submit`, officer, { headers: { 'If-Match': tag }, body })
    assert.equal(submitted.status, 200)
    const { timeline } = (await get(`/approvals/${submitted.body.approval}`, approver)).body
    assert.equal(timeline[0].comment, body.comment)
    assert.equal((await post(`${at}/approve`)).status, 403)
    assert.equal((await post(`${at}/approve`, approver)).body.state, 'approved')
    assert.equal((await get(`${at}/file`)).status, 409)
    const sending = await post(`${at}/send`)
    await g.job(sending.body.job)

    const file = await get(`${at}/file`)
    assert.equal(file.headers.get('Content-Type'), 'application/xml')
    const digest = createHash('sha256').update(file.body).digest('base64')
    assert.equal(file.headers.get('Content-Digest'), `sha-256=:${digest}:`)
    assert.equal((await get(`${at}/file`, approver)).status, 403)
    const ids = [...(file.body as string).matchAll(/<EndToEndId>([^<]+)</g)].map(m => m[1]!)

    const lines = ids.map((endToEndId, i) =>
      i === 0 ? { endToEndId, status: 'RJCT', reason: 'AB05' } : { endToEndId, status: 'ACSC' },
    )
    const xml = bankReport(made.body.messageId, {
      lines: [...lines, { endToEndId: 'X', status: 'ACSC', amount: '1.00' }],
    })
    const received = await upload(xml)
    await g.job(received.job)
    assert.deepEqual(await upload(xml), { ...received, isNew: false })
    const report = await get(`/payment-reports/${received.report}`)
    assert.deepEqual(
      [report.body.state, report.body.counts.settled, report.body.counts.failed],
      ['applied', HOUSEHOLDS - 1, 1],
    )
    const failures = await get(`${at}/failures`)
    assert.deepEqual(
      failures.body.failed.map((x: { repair: string; total: string }) => [x.repair, x.total]),
      [['retry', '25.50']],
    )
    const list = await get(`${at}/failures/file`)
    assert.match(list.body, new RegExp(`${ids[0]},1,.*25.50,KES,failed,AB05,.*,retry\r\n$`))
    const looks = await g.db.query(sql`
      SELECT FROM audit.entries
      WHERE request_id = ${list.headers.get('X-Request-Id')} AND action = 'payment.list' AND cardinality(item_ids) > 0`)
    assert.equal(looks.length, 1, 'that it was fetched, and of whom, is on the trail')
    assert.deepEqual((await get(`${at}/payments?reason=AC04`)).body.items, [])
    const failed = await get(`${at}/payments?reason=AB05`)
    assert.deepEqual(
      failed.body.items.map((p: { endToEndId: string }) => p.endToEndId),
      [ids[0]],
    )

    const preview = await post(`${at}/retries?dryRun=true`)
    assert.deepEqual([preview.status, preview.body.payments, preview.body.total], [200, 1, '25.50'])
    const retry = await post(`${at}/retries`, officer, { body: {} })
    assert.deepEqual([retry.status, retry.body.retryOf], [201, made.body.reference])
    await g.job(retry.body.job)
    const then = `/payment-batches/${retry.body.reference}`
    await post(`${then}/submit`)
    await post(`${then}/approve`, approver)
    await g.job((await post(`${then}/send`)).body.job)
    const settled = await upload(bankReport(retry.body.reference, { file: { status: 'ACSC' } }))
    await g.job(settled.job)
    assert.equal((await get(then)).body.state, 'reconciled')
    const fund = await g.services.ledger.balances(root, 'FUND')
    assert.deepEqual([fund.committed, fund.disbursed], [0n, BigInt(HOUSEHOLDS) * 2550n])

    const items = await get(`/payment-review-items?open=true&report=${received.report}`)
    assert.deepEqual((await get(`/payment-review-items?report=${settled.report}`)).body.items, [])
    assert.deepEqual(
      items.body.items.map((i: { kind: string; amount: string }) => [i.kind, i.amount]),
      [['unmatched', '1.00']],
    )
    const one = `/payment-review-items/${items.body.items[0].reference}`
    assert.deepEqual((await get(one)).body, items.body.items[0])
    const item = `${one}/resolve`
    assert.equal((await post(item, approver, { body: { comment: 'Not ours.' } })).status, 204)
    assert.deepEqual((await get('/payment-review-items?open=true')).body.items, [])
  })

  it('lists what there is, and refuses what is not described', async () => {
    for (const path of [
      '/payment-batches?program=HSNP',
      '/payment-reports',
      `/payment-batches?cycle=${cycle}&state=reconciled`,
    ])
      assert.ok((await get(path)).body.items.length > 0, path)
    const batch = (await get('/payment-batches')).body.items[0].reference
    assert.deepEqual((await get(`/payment-batches/${batch}/exceptions`)).body.items, [])
    assert.equal((await get('/payment-batches/PB-00000-000000')).status, 404)
    assert.equal((await get('/payment-batches?state=lost')).status, 400)
    const extra = { debtor: DEBTOR, approvedBy: 'me' }
    assert.equal((await post(`/cycles/${cycle}/payment-batches`, officer, { body: extra })).status, 400)
    const json = await post('/payment-reports', officer, { body: {} })
    assert.equal(json.status, 415)
    assert.equal((await get('/payment-batches', await g.as('registrar'))).status, 403)
  })
})
