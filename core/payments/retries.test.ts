import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { CASH, HOUSEHOLDS, refused } from '#tests/support/cycles.ts'
import {
  bankReport,
  checker,
  DEBTOR,
  officer,
  type PaymentFixture,
  paymentFixture,
} from '#tests/support/payments.ts'

describe('retries of payments', () => {
  let f: PaymentFixture
  before(async () => {
    f = await paymentFixture()
  })
  after(() => f.db.close())

  /** A batch that was sent, and failed for some of its payments by these reasons, in this order; the rest is settled. */
  const failed = async (...reasons: string[]) => {
    const cycle = await f.approved(await f.program([CASH]))
    const { batch, endToEndIds } = await f.sendBatch(await f.preparedBatch(cycle))
    const lines = endToEndIds.map((endToEndId, i) =>
      reasons[i] === undefined
        ? { endToEndId, status: 'ACSC' }
        : { endToEndId, status: 'RJCT', reason: reasons[i] },
    )
    await f.report(bankReport(batch, { lines }))
    return { cycle, batch, endToEndIds }
  }
  const newAccount = (endToEndId: string, value: string) =>
    f.db.run(sql`
      UPDATE registry.payment_accounts SET value = ${value} WHERE registrant_id = (
        SELECT payee_id FROM payments.attempts WHERE end_to_end_id = ${endToEndId})`)
  const retried = async (batch: string, reviewed: string[] = []) => {
    const { reference } = await f.payments.retryBatch(officer, batch, { reviewed })
    await f.pay()
    return reference
  }
  const idsIn = async (batch: string) => {
    const { items } = await f.payments.listPayments(officer, batch, {}, { limit: 1000 })
    return items.map(p => p.endToEndId)
  }

  it('show what they will do, and do just that: wrong accounts only when they changed', async () => {
    const { batch, endToEndIds } = await failed('AB05', 'AC04', 'AC01', 'AC01', 'MS03', 'AC06')
    await newAccount(endToEndIds[2]!, '+254711000001')
    const before = await f.db.one(sql`SELECT count(*)::int AS n FROM payments.attempts`)
    const preview = await f.payments.previewRetry(officer, batch)
    assert.deepEqual([preview.payments, preview.total], [2, 5000n])
    assert.deepEqual(
      preview.byReason.map(r => [r.reasonCode, r.payments]),
      [
        ['AB05', 1],
        ['AC01', 1],
      ],
    )
    assert.deepEqual(
      preview.left.map(l => [l.cause, l.repair, l.payments]),
      [
        ['account_unchanged', 'change_account', 3],
        ['needs_review', 'review', 1],
      ],
    )
    assert.deepEqual(await f.db.one(sql`SELECT count(*)::int AS n FROM payments.attempts`), before)

    const retry = await retried(batch)
    const made = await f.payments.getBatch(officer, retry)
    assert.deepEqual([made.payments, made.total, made.exceptions, made.retryOf], [2, 5000n, 4, batch])
    const again = [endToEndIds[0]!, endToEndIds[2]!].map(id => id.replace(/-1$/, '-2'))
    assert.deepEqual((await idsIn(retry)).toSorted(), again.toSorted(), 'the same payments, by new ids')
    const { items } = await f.payments.listPayments(officer, retry, {}, { limit: 10 })
    assert.ok(items.some(p => p.account.value === '+254711000001'))
  })

  it('try what a person has looked into, and say so to the approver', async () => {
    const { batch } = await failed('MS03', 'MS03', 'DU04')
    await assert.rejects(f.payments.retryBatch(officer, batch), refused('rule_violated', 'nothing-to-pay'))
    const retry = await retried(batch, ['MS03'])
    assert.equal((await idsIn(retry)).length, 2)
    const row = await f.db.one(sql`SELECT reviewed FROM payments.batches WHERE message_id = ${retry}`)
    assert.deepEqual(row, { reviewed: ['MS03'] })
  })

  it('go the whole way again, and are paid once: then nothing is left to retry', async () => {
    const { batch, cycle } = await failed('AB05', 'AB05')
    const fund = (await f.db.one(sql`
      SELECT u.code FROM payments.batches b JOIN ledger.funds u ON u.id = b.fund_id WHERE b.message_id = ${batch}`))!
      .code
    const retry = await retried(batch)
    await assert.rejects(f.payments.retryBatch(officer, batch), refused('rule_violated', 'nothing-to-pay'))
    const second = await f.sendBatch(retry)
    assert.equal(second.endToEndIds.length, 2)
    await f.report(
      bankReport(retry, { lines: second.endToEndIds.map(endToEndId => ({ endToEndId, status: 'ACSC' })) }),
    )
    assert.equal((await f.ledger.balances(officer, fund)).disbursed, BigInt(HOUSEHOLDS) * 2500n)
    assert.ok((await f.rowsOf(cycle)).every(e => e.status === 'fulfilled'))
    for (const source of [batch, retry])
      await assert.rejects(f.payments.retryBatch(officer, source), refused('rule_violated', 'nothing-to-pay'))
    await assert.rejects(
      f.payments.createBatch(officer, cycle, { debtor: DEBTOR }),
      refused('rule_violated', 'nothing-to-pay'),
    )
  })

  it('go on from the last attempt when that failed as well, or from the one before when it was cancelled', async () => {
    const { batch } = await failed('AB05', 'AB05')
    const second = await f.sendBatch(await retried(batch))
    await f.report(bankReport(second.batch, { file: { status: 'RJCT', reason: 'AB05' } }))
    await assert.rejects(f.payments.retryBatch(officer, batch), refused('rule_violated', 'nothing-to-pay'))
    const third = await retried(second.batch)
    assert.ok((await idsIn(third)).every(id => id.endsWith('-3')))
    await f.payments.cancel(officer, third)
    assert.ok((await idsIn(await retried(second.batch))).every(id => id.endsWith('-4')))
  })

  it('are one when many ask at the same time', async () => {
    const { batch } = await failed('AB05', 'AB05', 'AB05')
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, () => f.payments.retryBatch(officer, batch)),
    )
    await Promise.allSettled(f.waiting.splice(0).map(job => f.handle(job)))
    assert.equal(asked.filter(r => r.status === 'fulfilled').length, 1)
    const live = await f.db.one(sql`
      SELECT count(*)::int AS n FROM payments.attempts a JOIN payments.batches b ON b.id = a.batch_id
      JOIN payments.batches s ON s.id = b.retry_of WHERE s.message_id = ${batch} AND a.live`)
    assert.equal(live!.n, 3)
  })

  it('are neither approved nor sent while the bank contradicts itself about what they pay', async () => {
    const { batch, endToEndIds } = await failed('AB05', 'AB05')
    const retry = await retried(batch)
    await f.report(
      bankReport(batch, { id: 'oops', lines: [{ endToEndId: endToEndIds[0]!, status: 'ACSC' }] }),
    )
    await f.payments.submit(officer, retry)
    await assert.rejects(f.payments.approve(checker, retry), refused('rule_violated', 'payment-under-review'))
    const { items } = await f.payments.listReviewItems(checker, { batch, open: true }, { limit: 10 })
    assert.deepEqual(
      items.map(i => [i.kind, i.endToEndId, i.keptState]),
      [['contradiction', endToEndIds[0], 'failed']],
    )
    await assert.rejects(
      f.payments.resolveReviewItem(officer, items[0]!.reference, 'x'),
      refused('forbidden'),
    )
    await assert.rejects(f.payments.resolveReviewItem(checker, items[0]!.reference, ' '), refused('invalid'))
    await f.payments.resolveReviewItem(checker, items[0]!.reference, 'The bank says it was a slip.')
    await assert.rejects(
      f.payments.resolveReviewItem(checker, items[0]!.reference, 'x'),
      refused('conflict', 'review-resolved'),
    )
    await f.payments.approve(checker, retry)
  })

  it('leave out what is under review and what is no longer due', async () => {
    const { batch, endToEndIds } = await failed('AB05', 'AB05', 'AB05')
    await f.report(
      bankReport(batch, { id: 'oops', lines: [{ endToEndId: endToEndIds[0]!, status: 'ACSC' }] }),
    )
    await f.db.run(sql`
      UPDATE programs.entitlements SET status = 'cancelled' WHERE id = (
        SELECT p.entitlement_id FROM payments.payments p JOIN payments.attempts a ON a.payment_id = p.id
        WHERE a.end_to_end_id = ${endToEndIds[1]})`)
    const preview = await f.payments.previewRetry(officer, batch)
    assert.equal(preview.payments, 1)
    assert.deepEqual(
      preview.left.map(l => l.cause),
      ['not_due', 'under_review'],
    )
  })

  it('are of what was sent', async () => {
    const batch = await f.preparedBatch(await f.approved(await f.program([CASH])))
    await assert.rejects(f.payments.previewRetry(officer, batch), refused('conflict', 'batch-state'))
  })
})
