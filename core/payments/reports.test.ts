import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { CASH, HOUSEHOLDS, personWith, refused } from '#tests/support/cycles.ts'
import {
  bankReport,
  checker,
  inPieces,
  officer,
  type PaymentFixture,
  paymentFixture,
  paymentsOver,
} from '#tests/support/payments.ts'

describe('payment reports', () => {
  let f: PaymentFixture
  let fund: string
  before(async () => {
    f = await paymentFixture()
  })
  after(() => f.db.close())

  /** A batch that was sent, of a program with a fund of its own. */
  const sent = async () => {
    fund = await f.fundOf('1000000')
    const cycle = await f.approved(await f.program([CASH], ['true'], fund))
    return { cycle, ...(await f.sendBatch(await f.preparedBatch(cycle))) }
  }
  const states = async (batch: string) =>
    Object.fromEntries((await f.payments.outcomes(officer, batch)).map(o => [o.state, o.payments]))
  const disbursed = async () => (await f.ledger.balances(officer, fund)).disbursed
  const reviews = async (batch: string) => {
    const { items } = await f.payments.listReviewItems(officer, { batch }, { limit: 200 })
    return items
  }
  const all = (ids: readonly string[], status: string, reason?: string) =>
    ids.map(endToEndId => ({ endToEndId, status, ...(reason ? { reason } : {}) }))
  /** All that a report could change. */
  const everything = async () =>
    f.db.one(sql`
      SELECT (SELECT md5(string_agg(a::text, '' ORDER BY end_to_end_id)) FROM payments.attempts a) AS attempts,
        (SELECT md5(string_agg(p::text, '' ORDER BY id)) FROM payments.payments p) AS payments,
        (SELECT md5(string_agg(b::text, '' ORDER BY id)) FROM payments.batches b) AS batches,
        (SELECT md5(string_agg(e::text, '' ORDER BY id)) FROM programs.entitlements e) AS entitlements,
        (SELECT md5(string_agg(l::text, '' ORDER BY id)) FROM ledger.postings l) AS postings,
        (SELECT count(*)::int FROM payments.review_items) AS review`)

  it('settle what the bank paid: the entitlement is fulfilled and the fund disbursed by the same transaction', async () => {
    const { batch, cycle, endToEndIds } = await sent()
    const [paid, lost] = [endToEndIds.slice(0, 200), endToEndIds.slice(200)]
    const xml = bankReport(batch, { lines: [...all(paid, 'ACSC'), ...all(lost, 'RJCT', 'AC04')] })
    const result = await f.report(xml)
    const none = { accepted: 0, pending: 0, unchanged: 0, review: 0 }
    assert.deepEqual(result, { ...none, batch, lines: HOUSEHOLDS, settled: 200, failed: 100 })
    assert.deepEqual(await states(batch), { failed: 100, settled: 200 })
    assert.equal((await f.payments.getBatch(officer, batch)).state, 'reconciled')
    assert.equal(await disbursed(), 200n * 2500n)
    const fulfilled = (await f.rowsOf(cycle)).filter(e => e.status === 'fulfilled')
    assert.equal(fulfilled.length, 200)
    const { failed } = await f.payments.failures(officer, batch)
    assert.deepEqual(
      failed.map(g => [g.cause, g.repair, g.payments, g.total, g.reasons.map(r => r.code)]),
      [['closed_account', 'change_account', 100, 250000n, ['AC04']]],
    )
  })

  it('change nothing the second time, neither as the same bytes nor said again in other words', async () => {
    const { batch, endToEndIds } = await sent()
    const lines = [
      ...all(endToEndIds.slice(0, 10), 'ACSC'),
      ...all(endToEndIds.slice(10, 20), 'RJCT', 'AC01'),
    ]
    const xml = bankReport(batch, { lines: [...lines, { endToEndId: 'NOT-OURS', status: 'ACSC' }] })
    const first = await f.payments.receiveReport(officer, inPieces(xml))
    await f.pay()
    const before = await everything()
    const again = await f.payments.receiveReport(officer, inPieces(xml, 333))
    assert.deepEqual(again, { ...first, isNew: false })
    assert.equal(f.waiting.length, 0)
    await f.report(
      bankReport(batch, { id: 'R-2', lines: [...lines, { endToEndId: 'NOT-OURS', status: 'ACSC' }] }),
    )
    assert.deepEqual(await everything(), before)
  })

  it('may come at the same time and be run twice: each takes effect once', async () => {
    const { batch, endToEndIds } = await sent()
    const xml = (id: string) => bankReport(batch, { id, lines: all(endToEndIds, 'ACSC') })
    const received = await Promise.all(
      ['A', 'A', 'B', 'C', 'C'].map(id => f.payments.receiveReport(officer, inPieces(xml(id)))),
    )
    assert.equal(received.filter(r => r.isNew).length, 3)
    assert.equal(new Set(received.map(r => r.report)).size, 3)
    const jobs = f.waiting.splice(0)
    const runs = await Promise.allSettled([...jobs, ...jobs].map(job => f.handle(job)))
    assert.deepEqual(
      runs.filter(r => r.status === 'rejected'),
      [],
    )
    assert.deepEqual(await states(batch), { settled: HOUSEHOLDS })
    assert.equal(await disbursed(), BigInt(HOUSEHOLDS) * 2500n)
    const applied = await f.db.query(sql`
      SELECT subject_id FROM audit.entries e JOIN payments.reports r ON r.id = e.subject_id
      JOIN payments.batches b ON b.id = r.batch_id WHERE b.message_id = ${batch} AND e.action = 'payment-report.apply'`)
    assert.equal(applied.length, 3)
  })

  it('go on by another upload when their job was given up', async () => {
    const { batch, endToEndIds } = await sent()
    const xml = bankReport(batch, { lines: all(endToEndIds, 'ACSC') })
    const first = await f.payments.receiveReport(officer, inPieces(xml))
    f.waiting.length = 0
    const second = await f.payments.receiveReport(officer, inPieces(xml))
    assert.deepEqual([second.report, second.isNew], [first.report, false])
    await f.pay()
    assert.deepEqual(await states(batch), { settled: HOUSEHOLDS })
  })

  it('say of a group or of the file what holds for payments they do not name', async () => {
    const { batch, endToEndIds } = await sent()
    const xml = bankReport(batch, {
      file: { status: 'ACSP' },
      groups: { [`${batch}-2`]: { status: 'RJCT', reason: 'DT01' }, [`${batch}-3`]: { status: 'PART' } },
      lines: [...all(endToEndIds.slice(0, 1), 'ACSC'), ...all(endToEndIds.slice(60, 61), 'ACSC')],
    })
    await f.report(xml)
    // Group 1: one settled, 49 by the file. Group 2: one settled, 49 rejected. Group 3: nothing said.
    assert.deepEqual(await states(batch), { accepted: 49 + 150, failed: 49, sent: 50, settled: 2 })
    await f.report(bankReport(batch, { id: 'R-2', file: { status: 'ACSC' } }))
    const items = await reviews(batch)
    assert.deepEqual(new Set(items.map(i => i.kind)), new Set(['contradiction']))
    assert.equal(items.length, 49, 'settled after the group had failed')
    assert.deepEqual(await states(batch), { failed: 49, settled: HOUSEHOLDS - 49 })
  })

  it('count every line: what is pending or of an unknown status is neither success nor failure, nor lost', async () => {
    const { batch, endToEndIds } = await sent()
    const lines = [
      ...all(endToEndIds.slice(0, 3), 'ACSC'),
      ...all(endToEndIds.slice(3, 5), 'RJCT', 'AC04'),
      ...all(endToEndIds.slice(5, 6), 'ACSP'),
      ...all(endToEndIds.slice(6, 13), 'WXYZ'),
      ...all(endToEndIds.slice(13, 14), 'PDNG'),
      { endToEndId: endToEndIds[14]!, status: 'WXYZ', amount: '25.01' },
      { endToEndId: 'NOT-OURS', status: 'WXYZ' },
    ]
    const counts = { lines: 16, accepted: 1, settled: 3, failed: 2, pending: 8, unchanged: 0, review: 2 }
    assert.deepEqual(await f.report(bankReport(batch, { lines })), { ...counts, batch })
    const left = { accepted: 1, failed: 2, sent: HOUSEHOLDS - 6, settled: 3 }
    assert.deepEqual(await states(batch), left)
    const { items } = await f.payments.listReports(officer, { limit: 1 })
    assert.deepEqual(items[0]!.counts, counts)
    const again = await f.report(bankReport(batch, { id: 'R-2', lines: lines.slice(0, 14) }))
    const nothing = { accepted: 0, settled: 0, failed: 0, review: 0 }
    assert.deepEqual(again, { ...nothing, batch, lines: 14, pending: 8, unchanged: 6 })
    assert.deepEqual(await states(batch), left)
  })

  it('come to the same end in any order', async () => {
    const { batch, endToEndIds } = await sent()
    await f.report(bankReport(batch, { id: 'late', lines: all(endToEndIds, 'ACSC') }))
    const before = await everything()
    await f.report(bankReport(batch, { id: 'early', file: { status: 'ACCP' } }))
    await f.report(bankReport(batch, { id: 'earliest', lines: all(endToEndIds, 'RCVD') }))
    assert.deepEqual(await everything(), before)
  })

  it('flip nothing silently: contradictions, wrong amounts and unknown lines wait for a person', async () => {
    const { batch, endToEndIds } = await sent()
    const [a, b, c, d, e, g] = endToEndIds as [string, string, string, string, string, string]
    await f.report(
      bankReport(batch, {
        lines: [
          { endToEndId: a, status: 'ACSC' },
          { endToEndId: b, status: 'RJCT' },
        ],
      }),
    )
    const lines = [
      { endToEndId: a, status: 'RJCT', reason: 'AC04' },
      { endToEndId: b, status: 'ACSC' },
      { endToEndId: c, status: 'ACSC', amount: '25.01' },
      { endToEndId: d, status: 'ACSC', amount: '25.00', currency: 'USD' },
      { endToEndId: e, status: 'ACSC' },
      { endToEndId: e, status: 'RJCT' },
      { endToEndId: g, status: 'ACSC', amount: '25.00' },
      { endToEndId: 'PY-00000-000000-1', status: 'ACSC' },
    ]
    await f.report(bankReport(batch, { id: 'R-2', lines, groups: { 'X-9': { status: 'RJCT' } } }))
    const found = (await reviews(batch)).map(i => `${i.kind} ${i.endToEndId ?? i.groupId} ${i.keptState}`)
    assert.deepEqual(
      found.toSorted(),
      [
        `amount ${c} sent`,
        `amount ${d} sent`,
        `contradiction ${a} settled`,
        `contradiction ${b} failed`,
        `contradiction ${e} sent`,
        'unmatched PY-00000-000000-1 null',
        'unmatched X-9 null',
      ].toSorted(),
    )
    assert.deepEqual(await states(batch), { failed: 1, sent: HOUSEHOLDS - 3, settled: 2 })
    assert.equal(await disbursed(), 2n * 2500n)
  })

  it('of one batch say nothing about the payments of another', async () => {
    const one = await sent()
    const two = await sent()
    await f.report(bankReport(two.batch, { lines: all(one.endToEndIds.slice(0, 3), 'ACSC') }))
    for (const { batch } of [one, two]) assert.deepEqual(await states(batch), { sent: HOUSEHOLDS })
    assert.deepEqual(new Set((await reviews(two.batch)).map(i => i.kind)), new Set(['unmatched']))
  })

  it('change nothing at all when they are cut, hostile or about an unknown file, and may come again whole', async () => {
    const { batch, endToEndIds } = await sent()
    const whole = bankReport(batch, { lines: all(endToEndIds, 'ACSC') })
    const before = await everything()
    const bomb = whole.replace('?>\n', '?>\n<!DOCTYPE x [<!ENTITY a "aaaa">]>')
    const twice = whole.replace(
      '<TxSts>ACSC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>',
      '<TxSts>ACSC</TxSts><TxSts>RJCT</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>',
    )
    assert.notEqual(twice, whole)
    const hostile = [whole.slice(0, -40), bomb, twice, whole.replaceAll('pain.002', 'pain.003'), 'no XML', '']
    for (const xml of hostile) await assert.rejects(f.report(xml), { name: 'DomainError' })
    await assert.rejects(
      f.report(whole.replace(`<OrgnlMsgId>${batch}`, '<OrgnlMsgId>PB-UNKNOWN')),
      refused('rule_violated', 'unknown-file'),
    )
    assert.deepEqual(await everything(), before)
    const { items } = await f.payments.listReports(officer, { limit: 7 })
    assert.ok(items.every(r => r.state === 'refused' && r.error !== null))
    await f.report(whole)
    assert.deepEqual(await states(batch), { settled: HOUSEHOLDS })
  })

  it('take effect whole or not at all: a fund that cannot bear the disbursement refuses the report', async () => {
    const { batch, endToEndIds } = await sent()
    const broken = { ...f.deps.ledger, disburse: () => Promise.reject(new Error('the database went away')) }
    const over = paymentsOver(f, { ledger: broken as never })
    const before = await everything()
    const xml = bankReport(batch, { lines: all(endToEndIds, 'ACSC') })
    await assert.rejects(over.report(xml), /went away/)
    assert.deepEqual(await everything(), before)
  })

  it('settle money that left for an entitlement no longer due, and tell a person', async () => {
    const { batch, cycle, endToEndIds } = await sent()
    await f.db.run(sql`
      UPDATE programs.entitlements SET status = 'expired' WHERE id = (
        SELECT p.entitlement_id FROM payments.payments p JOIN payments.attempts a ON a.payment_id = p.id
        WHERE a.end_to_end_id = ${endToEndIds[0]})`)
    await f.ledger.release(
      { type: 'test', id: await f.idOf(cycle) },
      (await f.ledger.fundByCode(fund))!.id,
      2500n,
    )
    const result = await f.report(bankReport(batch, { file: { status: 'ACSC' } }))
    assert.equal((result as { review: number }).review, 1)
    assert.deepEqual(
      (await reviews(batch)).map(i => [i.kind, i.endToEndId]),
      [['not_due', endToEndIds[0]]],
    )
    const balances = await f.ledger.balances(officer, fund)
    assert.deepEqual([balances.disbursed, balances.committed], [BigInt(HOUSEHOLDS) * 2500n, 0n])
  })

  it('are for those who may write payments of the whole program, and seen by those who may read it', async () => {
    const { batch, endToEndIds } = await sent()
    await assert.rejects(f.payments.receiveReport(checker, inPieces('x')), refused('forbidden'))
    const elsewhere = personWith('finance-officer', { programIds: ['00000000-0000-7000-8000-000000000000'] })
    const xml = bankReport(batch, { lines: all(endToEndIds, 'ACSC') })
    const { report } = await f.payments.receiveReport(elsewhere, inPieces(xml))
    await assert.rejects(f.pay(), refused('rule_violated', 'unknown-file'))
    assert.deepEqual(await states(batch), { sent: HOUSEHOLDS })
    assert.equal((await f.payments.getReport(elsewhere, report)).state, 'refused')
    const { report: applied } = await f.payments.receiveReport(officer, inPieces(xml))
    await f.pay()
    assert.equal((await f.payments.getReport(officer, applied)).state, 'applied')
    await assert.rejects(f.payments.getReport(elsewhere, applied), refused('not_found'))
  })

  it('leave every step on the audit trail', async () => {
    const { batch, endToEndIds } = await sent()
    await f.report(bankReport(batch, { lines: all(endToEndIds, 'ACSC') }))
    const { id } = (await f.db.one(sql`SELECT id FROM payments.batches WHERE message_id = ${batch}`))!
    const actions = await f.db.query<{ action: string }>(sql`
      SELECT action FROM audit.entries WHERE subject_id = ${id} ORDER BY at`)
    assert.deepEqual(
      actions.map(a => a.action.replace('payment-batch.', '')),
      ['create', 'payment.prepare', 'fill', 'submit', 'approve', 'send', 'sent', 'download', 'reconcile'],
    )
    const settled = await f.db.one(sql`
      SELECT items, cardinality(item_ids) AS ids FROM audit.entries WHERE action = 'payment.settled' ORDER BY at DESC LIMIT 1`)
    assert.deepEqual(settled, { items: HOUSEHOLDS, ids: HOUSEHOLDS })
  })
})
