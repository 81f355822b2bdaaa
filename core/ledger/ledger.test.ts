import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { createAudit } from '#core/audit/index.ts'
import { DomainError, manualClock, systemCtx, systemIds, uuid7 } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { createLedger, type Ledger } from './index.ts'

const refused = (code: string, rule?: string) => (error: unknown) =>
  error instanceof DomainError && error.code === code && error.rule === rule

describe('the ledger of funds', () => {
  let db: TestDatabase
  let ledger: Ledger
  const ctx = systemCtx('test', 'r-1')
  const clock = manualClock('2026-11-22T08:00:00Z')
  const cause = (id = uuid7()) => ({ type: 'cycle', id })
  let n = 0

  before(async () => {
    db = await testDatabase({ poolSize: 12 })
    const keys = createKeys({ db, clock, ids: systemIds, masterKey: Buffer.alloc(32, 7) })
    ledger = createLedger({ db, clock, ids: systemIds, audit: createAudit({ db, keys, clock }) })
  })
  after(() => db.close())

  const fundWith = async (amount: string) => {
    const code = `FUND-${++n}`
    await ledger.openFund(ctx, { code, name: `Fund ${n}`, currency: 'KES' })
    if (amount !== '0') await ledger.allocate(ctx, code, { amount })
    return (await ledger.fundByCode(code))!
  }

  it('opens a fund, allocates to it, and writes both into the audit trail', async () => {
    await ledger.openFund(ctx, { code: 'HSNP', name: 'Hunger Safety Net', currency: 'KES' })
    const fund = await ledger.allocate(ctx, 'HSNP', { amount: '1500.25' })
    const balances = { allocated: 150025n, available: 150025n, committed: 0n, disbursed: 0n }
    assert.deepEqual(fund, {
      code: 'HSNP',
      name: 'Hunger Safety Net',
      currency: 'KES',
      version: 1,
      ...balances,
    })
    assert.deepEqual(await ledger.balances(ctx, 'HSNP'), fund)
    const entries = await db.query(sql`SELECT action, before, after FROM audit.entries ORDER BY at`)
    assert.deepEqual(entries.at(-1), {
      action: 'fund.allocate',
      before: { allocated: '0' },
      after: { allocated: '150025' },
    })
  })

  it('shows what an allocation would make of a fund without making it', async () => {
    const { code } = await fundWith('100')
    const then = await ledger.previewAllocation(ctx, code, { amount: '0.05' })
    assert.deepEqual([then.allocated, then.available, then.version], [10005n, 10005n, 1])
    assert.equal((await ledger.balances(ctx, code)).allocated, 10000n)
    await assert.rejects(ledger.previewAllocation(ctx, code, { amount: '0' }), refused('invalid'))
  })

  it('refuses a second fund of the same code, bad fields, nothing and too many decimals', async () => {
    const again = ledger.openFund(ctx, { code: 'HSNP', name: 'Again', currency: 'KES' })
    await assert.rejects(again, refused('conflict', 'code-taken'))
    const bad = ledger.openFund(ctx, { code: 'low er', name: ' ', currency: 'kes' })
    await assert.rejects(bad, (e: DomainError) => e.code === 'invalid' && e.issues.length === 3)
    for (const amount of ['0', '1.234', '-1', '1e3'])
      await assert.rejects(ledger.allocate(ctx, 'HSNP', { amount }), refused('invalid'))
    await assert.rejects(ledger.allocate(ctx, 'NONE', { amount: '1' }), refused('not_found'))
  })

  it('is for those who hold the permission, everywhere', async () => {
    const limited = { permissions: new Set(['fund:write']), areaIds: [uuid7()], programIds: null }
    const actor = { kind: 'user' as const, id: uuid7(), name: 'local', grants: [limited] }
    const local = { actor, requestId: 'r' }
    await assert.rejects(ledger.allocate(local, 'HSNP', { amount: '1' }), refused('forbidden', 'area-scope'))
    await assert.rejects(ledger.balances(local, 'HSNP'), refused('forbidden'))
  })

  it('posts a cause once however often it is repeated, and refuses it with another amount', async () => {
    const fund = await fundWith('100')
    const c = cause()
    assert.equal(await ledger.commit(c, fund.id, 4000n), true)
    assert.equal(await ledger.commit(c, fund.id, 4000n), false)
    await assert.rejects(ledger.commit(c, fund.id, 4001n), refused('conflict', 'posting-differs'))
    assert.equal(await ledger.disburse(c, fund.id, 4000n), true, 'another kind of the same cause')
    const { available, committed, disbursed } = await ledger.balances(ctx, fund.code)
    assert.deepEqual([available, committed, disbursed], [6000n, 0n, 4000n])
  })

  it('never commits more than the fund has, whatever runs at the same time', async () => {
    const fund = await fundWith('100')
    const tries = Array.from({ length: 40 }, () => ledger.commit(cause(), fund.id, 700n))
    const results = await Promise.allSettled(tries)
    const lost = results.filter(r => r.status === 'rejected')
    assert.equal(results.length - lost.length, 14)
    for (const r of lost) assert.ok(refused('rule_violated', 'fund-exceeded')(r.reason))
    const { available, committed } = await ledger.balances(ctx, fund.code)
    assert.deepEqual([available, committed], [200n, 9800n])
  })

  it('refuses sums beyond what any fund can hold, and beyond what a column can', async () => {
    const fund = await fundWith('100')
    for (const minor of [10n ** 15n + 1n, 10n ** 19n])
      await assert.rejects(ledger.commit(cause(), fund.id, minor), refused('rule_violated', 'fund-exceeded'))
    const full = ledger.allocate(ctx, fund.code, { amount: '9999999999999.99' })
    await assert.rejects(full, refused('rule_violated', 'fund-limit'))
  })

  it('posts one cause once though it is posted many times at once', async () => {
    const fund = await fundWith('100')
    const c = cause()
    const posted = await Promise.all(Array.from({ length: 10 }, () => ledger.commit(c, fund.id, 900n)))
    assert.equal(posted.filter(Boolean).length, 1)
    assert.equal((await ledger.balances(ctx, fund.code)).committed, 900n)
  })

  it('keeps balances equal to the sum of postings through any sequence of postings', async () => {
    const kinds = ['commit', 'release', 'disburse', 'giveBack'] as const
    const step = fc.record({ kind: fc.constantFrom(...kinds), minor: fc.bigInt(1n, 6000n) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async steps => {
        const fund = await fundWith('100')
        for (const { kind, minor } of steps)
          await ledger[kind](cause(), fund.id, minor).catch(error => {
            if (!(error instanceof DomainError && error.code === 'rule_violated')) throw error
          })
        const balances = await ledger.balances(ctx, fund.code)
        assert.equal(balances.available + balances.committed + balances.disbursed, 10000n)
        for (const account of ['available', 'committed', 'disbursed'] as const) {
          const sum = await db.one(sql`
            SELECT sum(CASE WHEN debit = ${account} THEN amount WHEN credit = ${account} THEN -amount ELSE 0 END)::text AS sum
            FROM ledger.postings WHERE fund_id = ${fund.id}`)
          assert.equal(balances[account].toString(), sum!.sum)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('holds in the database itself: no balance below nothing, no posting changed or removed', async () => {
    const fund = await fundWith('10')
    const tampering = [
      sql`UPDATE ledger.funds SET available = -1, source = 1 WHERE id = ${fund.id}`,
      sql`UPDATE ledger.funds SET available = available + 1 WHERE id = ${fund.id}`,
      sql`UPDATE ledger.postings SET amount = 1`,
      sql`DELETE FROM ledger.postings`,
    ]
    for (const statement of tampering) await assert.rejects(db.run(statement))
  })

  it('lists funds and postings in pages', async () => {
    const fund = await fundWith('10')
    await ledger.commit(cause(), fund.id, 5n)
    const first = await ledger.postings(ctx, fund.code, { limit: 1 })
    const second = await ledger.postings(ctx, fund.code, { limit: 1, cursor: first.next })
    assert.deepEqual(
      [...first.items, ...second.items].map(p => [p.kind, p.amount]),
      [
        ['commitment', 5n],
        ['allocation', 1000n],
      ],
    )
    assert.equal(second.next, undefined)
    const funds = await ledger.listFunds(ctx, {}, { limit: 2 })
    const rest = await ledger.listFunds(ctx, {}, { limit: 200, cursor: funds.next })
    assert.equal(new Set([...funds.items, ...rest.items].map(f => f.code)).size, rest.items.length + 2)
  })
})
