import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { connect } from '#core/db/index.ts'
import { DomainError } from '#core/kernel/index.ts'
import { CASH } from '#tests/support/cycles.ts'
import {
  bankReport,
  checker,
  DEBTOR,
  officer,
  type PaymentFixture,
  paymentFixture,
} from '#tests/support/payments.ts'

/*
 * A bank that has an account of its own: it pays an instruction once per end-to-end id, whatever it says about it. What
 * it paid in the end is what must hold: nobody twice, nobody forgotten, and the fund agrees.
 */
type Step =
  | { do: 'create' | 'retry' | 'approve' | 'send' | 'work' | 'die' | 'cancel' }
  | { do: 'report'; seed: number; times: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .constantFrom('create', 'retry', 'approve', 'send', 'work', 'die', 'cancel')
      .map(what => ({ do: what }) as Step),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      seed: fc.nat(1000),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
)

describe('payments, whatever happens in whatever order', () => {
  let f: PaymentFixture
  before(async () => {
    f = await paymentFixture()
  })
  after(() => f.db.close())

  /** Refusals are part of the game; anything else is a fault. */
  const attempt = (work: Promise<unknown>) =>
    work.catch(error => {
      if (!(error instanceof DomainError)) throw error
    })

  const batches = (cycleId: string, ...states: string[]) =>
    f.db.query<{ message_id: string }>(sql`
      SELECT message_id FROM payments.batches WHERE cycle_id = ${cycleId} AND state = ANY(${states}::text[])`)

  /** What the bank decides about an instruction: the same whenever it is asked. */
  const decision = (endToEndId: string) => {
    const sum = Buffer.from(endToEndId).reduce((n, byte) => (n * 31 + byte) % 997, 7)
    return sum % 3 === 0 && !endToEndId.endsWith('-4') ? 'RJCT' : 'ACSC'
  }

  const reportOn = async (batch: string, seed: number, paid: Map<string, number>): Promise<string> => {
    const ids = [...(await f.fileOf(batch)).matchAll(/<EndToEndId>([^<]+)</g)].map(m => m[1]!)
    const lines = ids
      .filter((_, i) => (i * 7919 + seed) % 4 !== 0)
      .map(endToEndId => {
        const final = decision(endToEndId)
        if (final === 'ACSC') paid.set(endToEndId, 1)
        return (seed + endToEndId.length) % 5 === 0
          ? { endToEndId, status: 'ACSP' }
          : { endToEndId, status: final, ...(final === 'RJCT' ? { reason: 'AB05' } : {}) }
      })
    return bankReport(batch, { id: `S-${seed}`, lines })
  }

  const take = async (
    cycle: string,
    cycleId: string,
    one: Step,
    paid: Map<string, number>,
  ): Promise<void> => {
    const pick = async (...states: string[]) => (await batches(cycleId, ...states)).map(b => b.message_id)
    if (one.do === 'create')
      await Promise.all(
        Array.from({ length: 3 }, () => attempt(f.payments.createBatch(officer, cycle, { debtor: DEBTOR }))),
      )
    if (one.do === 'retry')
      for (const batch of await pick('sent', 'reconciled'))
        await Promise.all([1, 2].map(() => attempt(f.payments.retryBatch(officer, batch))))
    if (one.do === 'approve')
      for (const batch of await pick('draft', 'submitted')) {
        await attempt(f.payments.submit(officer, batch))
        await attempt(f.payments.approve(checker, batch))
      }
    if (one.do === 'cancel')
      for (const batch of (await pick('draft', 'approved')).slice(0, 1)) {
        await attempt(f.payments.cancel(officer, batch))
        await attempt(f.payments.cancel(checker, batch))
      }
    if (one.do === 'send')
      for (const batch of await pick('approved')) await attempt(f.payments.send(officer, batch))
    if (one.do === 'work') await Promise.all(f.waiting.splice(0).map(job => attempt(f.handle(job))))
    if (one.do === 'die')
      // Killed between two pages or chunks: the job is run again later.
      for (const job of f.waiting) {
        const dies = async () => {
          throw new DomainError('unavailable', 'killed')
        }
        await attempt(f.handle(job, { progress: dies }))
      }
    if (one.do === 'report')
      for (const batch of await pick('sent', 'reconciled')) {
        const xml = await reportOn(batch, one.seed, paid)
        const runs = Array.from({ length: one.times }, (_, i) =>
          f.payments.receiveReport(officer, bytes(`${xml}${' '.repeat(i)}`)),
        )
        await Promise.all(runs)
        await Promise.all(f.waiting.splice(0).map(job => attempt(f.handle(job))))
      }
  }
  async function* bytes(text: string) {
    yield Buffer.from(text)
  }

  const holds = async (cycleId: string, fund: string, paid: Map<string, number>) => {
    const per = await f.db.query(sql`
      SELECT p.entitlement_id FROM payments.payments p
      JOIN programs.entitlements e ON e.id = p.entitlement_id
      LEFT JOIN payments.attempts a ON a.payment_id = p.id
      WHERE e.cycle_id = ${cycleId} GROUP BY p.entitlement_id
      HAVING count(DISTINCT p.id) FILTER (WHERE p.live) > 1 OR count(*) FILTER (WHERE a.state = 'settled') > 1
        OR count(*) FILTER (WHERE a.live) > 1`)
    assert.deepEqual(per, [], 'at most one live payment, live attempt and settlement for each entitlement')

    const twice = new Map<string, number>()
    for (const id of paid.keys()) twice.set(id.slice(0, -2), (twice.get(id.slice(0, -2)) ?? 0) + 1)
    assert.deepEqual(
      [...twice.values()].filter(n => n > 1),
      [],
      'the bank paid nobody twice',
    )

    const sums = await f.db.query(sql`
      SELECT b.message_id FROM payments.batches b LEFT JOIN payments.attempts a ON a.batch_id = b.id
      WHERE b.cycle_id = ${cycleId} GROUP BY b.id
      HAVING count(a.payment_id) <> b.payments OR coalesce(sum(a.amount), 0) <> b.total
        OR (b.state IN ('sent', 'reconciled') AND count(*) FILTER (WHERE a.state IN ('sent', 'accepted', 'settled', 'failed')) <> b.payments)`)
    assert.deepEqual(sums, [], 'settled + failed + unresolved are the batch')

    const settled = (await f.db.one(sql`
      SELECT coalesce(sum(a.amount), 0)::text AS sum FROM payments.attempts a JOIN payments.batches b ON b.id = a.batch_id
      WHERE b.cycle_id = ${cycleId} AND a.state = 'settled'`))!.sum
    const { disbursed } = await f.ledger.balances(officer, fund)
    assert.equal(disbursed.toString(), settled, 'the fund disbursed what was settled')
    const fulfilled = (await f.db.one(sql`
      SELECT coalesce(sum(fulfilled), 0)::text AS sum FROM programs.entitlements WHERE cycle_id = ${cycleId}`))!
      .sum
    assert.equal(fulfilled, settled, 'what was settled was given')
  }

  const scene = async () => {
    const fund = await f.fundOf('1000000')
    const cycle = await f.approved(await f.program([CASH], ['attributes.score < 15'], fund))
    return { fund, cycle, cycleId: await f.idOf(cycle) }
  }

  /** A way through, disturbed at every turn. */
  const rounds = fc
    .array(fc.tuple(step, step, step, fc.nat(1000)), { minLength: 2, maxLength: 4 })
    .map(list =>
      list.flatMap(([a, b, c, seed]): Step[] => [
        { do: 'create' },
        a,
        { do: 'retry' },
        { do: 'work' },
        { do: 'approve' },
        b,
        { do: 'send' },
        { do: 'work' },
        c,
        { do: 'report', seed, times: 1 },
      ]),
    )

  it('pay nobody twice, lose nobody, and agree with the fund', async () => {
    let settledLater = 0
    await fc.assert(
      fc.asyncProperty(rounds, async steps => {
        const { fund, cycle, cycleId } = await scene()
        const paid = new Map<string, number>()
        f.waiting.length = 0
        for (const one of steps) await take(cycle, cycleId, one, paid)
        await holds(cycleId, fund, paid)
        const later = await f.db.one(sql`
          SELECT 1 FROM payments.attempts a JOIN payments.batches b ON b.id = a.batch_id
          WHERE b.cycle_id = ${cycleId} AND a.number > 1 AND a.state = 'settled' LIMIT 1`)
        if (later) settledLater++
      }),
      { numRuns: 15, endOnFailure: true },
    )
    assert.ok(settledLater >= 4, `only ${settledLater} of 15 ways led through a retry`)
  }).timeout(120_000)

  it('lose and double nothing when every connection is cut at any moment of any job', async () => {
    const { fund, cycle, cycleId } = await scene()
    const assassin = connect({ url: f.db.url, poolSize: 1 })
    let kills = 0
    const cut = async () => {
      const rows = await assassin.query(sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`)
      kills += rows.length
    }
    /** Runs a job until it is through, as a worker does; the longer it lives, the later it is hit. */
    const survive = async (job: (typeof f.waiting)[number]) => {
      for (let life = 1; ; life += 2) {
        const died = f.handle(job).then(
          () => false,
          () => true,
        )
        await Promise.all([died, pause(life).then(cut)])
        if (await died) continue
        // So that this process has noticed which of its connections are gone.
        return pause(50)
      }
    }
    const work = async () => {
      for (const job of f.waiting.splice(0)) await survive(job)
    }
    f.waiting.length = 0
    const { reference } = await f.payments.createBatch(officer, cycle, { debtor: DEBTOR })
    await work()
    await f.approveBatch(reference)
    await f.payments.send(officer, reference)
    await work()
    const paid = new Map<string, number>()
    for (const seed of [1, 2, 3, 4, 5, 6, 7]) {
      await f.payments.receiveReport(officer, bytes(await reportOn(reference, seed, paid)))
      await work()
    }
    await assassin.close()
    assert.ok(kills >= 5, `only ${kills} connections were cut`)
    await holds(cycleId, fund, paid)
    const { state, payments } = await f.payments.getBatch(officer, reference)
    assert.deepEqual([state, payments], ['reconciled', (await f.rowsOf(cycle)).length])
  }).timeout(120_000)

  it('pay everybody in the end, once', async () => {
    const { fund, cycle, cycleId } = await scene()
    const paid = new Map<string, number>()
    const round = ['create', 'retry', 'work', 'approve', 'send', 'die', 'work'].map(
      what => ({ do: what }) as Step,
    )
    for (let n = 0; n < 5; n++)
      for (const one of [...round, ...[1, 2, 3].map(seed => ({ do: 'report', seed, times: 2 }) as Step)])
        await take(cycle, cycleId, one, paid)
    await holds(cycleId, fund, paid)
    const rows = await f.rowsOf(cycle)
    assert.ok(rows.length > 20)
    assert.equal(paid.size, rows.length)
    assert.ok(rows.every(e => e.status === 'fulfilled'))
  })

  it('would be paid twice by a retry under a new id while the first is under way: the test can fail', async () => {
    const { cycle, cycleId, fund } = await scene()
    const { batch } = await f.sendBatch(await f.preparedBatch(cycle))
    const paid = new Map<string, number>()
    await f.db.run(sql`
      UPDATE payments.attempts SET state = 'failed', live = false, reason_code = 'AB05'
      WHERE batch_id = (SELECT id FROM payments.batches WHERE message_id = ${batch})`)
    await f.payments.retryBatch(officer, batch)
    await f.pay()
    const [retry] = await batches(cycleId, 'draft')
    await f.sendBatch(retry!.message_id)
    for (const sent of [batch, retry!.message_id])
      for (const seed of [1, 2, 3]) await reportOn(sent, seed, paid)
    await assert.rejects(holds(cycleId, fund, paid), /the bank paid nobody twice/)
  })
})
