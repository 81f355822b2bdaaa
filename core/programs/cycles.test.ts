import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { type Ctx, uuid7 } from '#core/kernel/index.ts'
import {
  approver,
  auditor,
  CASH,
  type CycleFixture,
  cycleFixture,
  HOUSEHOLDS,
  manager,
  personWith,
  refused,
  root,
} from '#tests/support/cycles.ts'

describe('a cycle', () => {
  let f: CycleFixture
  before(async () => {
    f = await cycleFixture()
  })
  after(() => f.db.close())

  describe('from nothing to given', () => {
    it('prepared, submitted, approved by another, distributed and closed, with the fund in step', async () => {
      const fund = await f.fundOf('10000')
      const food = { code: 'FOOD', kind: 'in_kind', item: 'MAIZE', perMember: 5, maximum: 20 } as const
      const code = await f.program([CASH, food], ['true'], fund)
      const { cycle, result } = await f.prepared(code)
      assert.deepEqual(result, {
        enrolled: HOUSEHOLDS,
        entitlements: 2 * HOUSEHOLDS,
        zeros: 0,
        exceptions: 0,
      })
      const members = await f.sizes()
      for (const row of await f.rowsOf(cycle)) {
        const size = members.get(row.registrant_id)!
        assert.equal(row.amount, row.code === 'CASH' ? '2500' : String(Math.min(20, 5 * size)))
        assert.deepEqual([row.inputs, row.status], [{ size }, 'draft'])
      }
      await f.programs.submitCycle(manager, cycle)
      await f.programs.approveCycle(approver, cycle)
      assert.equal((await f.ledger.balances(root, fund)).committed, 2500n * BigInt(HOUSEHOLDS))
      assert.ok((await f.rowsOf(cycle)).every(r => r.status === 'approved'))
      const all =
        await f.db.one(sql`SELECT count(*)::int AS n, sum(amount_minor)::text AS sum FROM programs.payable_entitlements
        WHERE cycle_id = ${await f.idOf(cycle)}`)
      assert.deepEqual(all, { n: HOUSEHOLDS, sum: String(2500 * HOUSEHOLDS) })

      const paid = sql`SELECT id AS entitlement_id, amount_minor AS amount FROM programs.payable_entitlements
        WHERE cycle_id = ${await f.idOf(cycle)} ORDER BY id LIMIT 100`
      assert.equal((await f.programs.fulfil(root, paid)).length, 100)
      assert.equal(await f.state(cycle), 'distributing')
      const sumOf = (n: number) => ({ count: BigInt(n), amount: BigInt(n) * 2500n })
      const given = { due: sumOf(300), given: sumOf(100), open: sumOf(200), lapsed: sumOf(0) }
      const [cash, inKind] = await f.programs.progress(auditor, cycle)
      assert.deepEqual(cash, { code: 'CASH', kind: 'cash', unit: 'KES', ...given })
      assert.deepEqual([inKind?.unit, inKind?.due, inKind?.given.amount], ['KGM', inKind?.open, 0n])
      await f.ledger.disburse({ type: 'batch', id: uuid7() }, (await f.ledger.fundByCode(fund))!.id, 250000n)
      await f.programs.closeCycle(manager, cycle)
      assert.equal(await f.state(cycle), 'closed')
      const [closed] = await f.programs.progress(auditor, cycle)
      assert.deepEqual([closed?.open, closed?.lapsed], [sumOf(0), sumOf(200)])
      const { available, committed, disbursed } = await f.ledger.balances(root, fund)
      assert.deepEqual([available, committed, disbursed], [750000n, 0n, 250000n])
      const messages = await f.db.query(
        sql`SELECT type FROM outbox.messages WHERE subject_id = ${await f.idOf(cycle)} ORDER BY id`,
      )
      assert.deepEqual(
        messages.map(m => m.type),
        ['cycle.prepared', 'cycle.submitted', 'cycle.approved', 'cycle.closed'],
      )
    })

    it('found among those of all programs within reach, with what it gives there', async () => {
      const [mine, other] = [await f.program([CASH]), await f.program([CASH])]
      const [{ cycle }, draft] = [await f.prepared(mine), await f.open(mine)]
      await f.prepared(other)
      const [id] = await f.db.query<{ id: string }>(
        sql`SELECT id FROM programs.programs WHERE code = ${mine}`,
      )
      const listed = async (who: Ctx, filter: object) =>
        (await f.programs.listAllCycles(who, filter, { limit: 50 })).items
      const limited = personWith('program-manager', { programIds: [id!.id] })
      assert.deepEqual(
        (await listed(limited, {})).map(c => [c.reference, c.state, c.entitlements, c.cash]),
        [
          [draft, 'draft', 0n, 0n],
          [cycle, 'prepared', 300n, 750_000n],
        ],
      )
      assert.deepEqual(await listed(limited, { program: other }), [])
      assert.equal((await listed(auditor, { program: other, state: 'prepared' })).length, 1)
      const region = f.people.areas.get('XA01')!
      const local = await listed(personWith('program-manager', { areaIds: [region] }), { program: mine })
      const here = await f.db.one<{ n: string }>(sql`
        SELECT count(*) AS n FROM registry.registrants g JOIN areas.closure c ON c.area_id = g.area_id
        WHERE g.kind = 'group' AND c.ancestor_id = ${region}`)
      assert.deepEqual([local[1]?.entitlements, local[1]?.cash], [BigInt(here!.n), BigInt(here!.n) * 2500n])
    })

    it('in no other order', async () => {
      const code = await f.program([CASH])
      const { programs } = f
      const cycle = await f.open(code)
      const moves: Record<string, () => Promise<unknown>> = {
        submit: () => programs.submitCycle(manager, cycle),
        approve: () => programs.approveCycle(approver, cycle),
        return: () => programs.returnCycle(approver, cycle, 'no'),
        close: () => programs.closeCycle(manager, cycle),
        prepare: () => programs.prepareCycle(manager, cycle),
      }
      const refuses = async (...names: string[]) => {
        for (const name of names)
          await assert.rejects(moves[name]!(), refused('conflict', 'cycle-state'), name)
      }
      await refuses('submit', 'approve', 'return', 'close')
      await programs.prepareCycle(manager, cycle)
      await f.work()
      await refuses('approve', 'return', 'close')
      await programs.submitCycle(manager, cycle)
      await refuses('submit', 'prepare', 'close')
      await programs.approveCycle(approver, cycle)
      await refuses('submit', 'prepare', 'approve', 'return')
      await programs.closeCycle(manager, cycle)
      await refuses('submit', 'prepare', 'approve', 'return', 'close')
      await assert.rejects(programs.cancelCycle(manager, cycle, 'late'), refused('conflict', 'cycle-state'))
    })

    it('returned with a comment, put right, prepared again and approved', async () => {
      const { cycle } = await f.prepared(await f.program([CASH]))
      await f.programs.submitCycle(manager, cycle)
      await assert.rejects(f.programs.returnCycle(approver, cycle, ' '), refused('invalid'))
      await f.programs.returnCycle(approver, cycle, 'July has 31 days')
      const view = await f.programs.getCycle(auditor, cycle)
      assert.deepEqual(
        [view.state, view.comment, view.submitted, view.digest],
        ['prepared', 'July has 31 days', null, null],
      )
      await f.programs.prepareCycle(manager, cycle)
      await f.work()
      await f.programs.submitCycle(manager, cycle)
      await f.programs.approveCycle(approver, cycle)
      assert.equal(await f.state(cycle), 'approved')
    })

    it('cancelled after approval: nothing is due any more and the money is free', async () => {
      const fund = await f.fundOf('10000')
      const cycle = await f.approved(await f.program([CASH], ['true'], fund))
      await assert.rejects(f.programs.cancelCycle(manager, cycle, 'flood'), refused('forbidden'))
      await f.programs.cancelCycle(approver, cycle, 'flood')
      const other = await f.open(await f.program([CASH]))
      for (const somebody of [approver, auditor])
        await assert.rejects(f.programs.cancelCycle(somebody, other, 'flood'), refused('forbidden'))
      assert.deepEqual(new Set((await f.rowsOf(cycle)).map(r => r.status)), new Set(['cancelled']))
      const { available, committed } = await f.ledger.balances(root, fund)
      assert.deepEqual([available, committed], [1000000n, 0n])
    })
  })

  describe('four eyes', () => {
    const both = (name: string, kind: 'user' | 'client'): Ctx => ({
      actor: { kind, id: uuid7(), name, grants: [...manager.actor.grants, ...approver.actor.grants] },
      requestId: 'test',
    })

    it('neither who prepared nor who submitted can approve, be it a person or a client', async () => {
      const code = await f.program([CASH])
      for (const kind of ['user', 'client'] as const) {
        const [maker, submitter] = [both('maker', kind), both('submitter', kind)]
        const cycle = await f.open(code)
        await f.programs.prepareCycle(maker, cycle)
        await f.work()
        await f.programs.submitCycle(submitter, cycle)
        for (const who of [maker, submitter])
          await assert.rejects(
            f.programs.approveCycle(who, cycle),
            refused('rule_violated', 'maker-is-checker'),
          )
        await f.programs.approveCycle(both('checker', kind), cycle)
        assert.equal(await f.state(cycle), 'approved')
      }
    })

    it('what is approved is what was submitted: any change behind it is noticed, and gives it back', async () => {
      const { cycle } = await f.prepared(await f.program([CASH]))
      const id = await f.idOf(cycle)
      const some = sql`(SELECT id FROM programs.entitlements WHERE cycle_id = ${id} LIMIT 1)`
      const tampering = [
        sql`UPDATE programs.entitlements SET amount = amount + 1 WHERE id = ${some}`,
        sql`UPDATE programs.entitlements SET registrant_id = ${uuid7()} WHERE id = ${some}`,
        sql`UPDATE programs.cycles SET valid_until = '2027-07-31' WHERE id = ${id}`,
        sql`DELETE FROM programs.entitlements WHERE id = ${some}`,
      ]
      for (const change of tampering) {
        await f.programs.submitCycle(manager, cycle)
        assert.equal(await f.db.run(change), 1)
        await assert.rejects(f.programs.approveCycle(approver, cycle), refused('conflict', 'digest-differs'))
        assert.equal(await f.state(cycle), 'prepared')
        assert.ok((await f.rowsOf(cycle)).every(r => r.status === 'draft'))
      }
      await f.programs.submitCycle(manager, cycle)
      await f.programs.approveCycle(approver, cycle)
    })

    it('two approvals at the same moment approve once', async () => {
      const fund = await f.fundOf('10000')
      const { cycle } = await f.prepared(await f.program([CASH], ['true'], fund))
      await f.programs.submitCycle(manager, cycle)
      const approvals = [approver, personWith('cycle-approver'), personWith('cycle-approver')].map(who =>
        f.programs.approveCycle(who, cycle),
      )
      const results = await Promise.allSettled(approvals)
      assert.equal(results.filter(r => r.status === 'fulfilled').length, 1)
      assert.equal((await f.ledger.balances(root, fund)).committed, 2500n * BigInt(HOUSEHOLDS))
    })
  })

  describe('the fund', () => {
    it('is never exceeded by cycles approved at the same time, and what is refused stays submitted', async () => {
      const fund = await f.fundOf(String(25 * HOUSEHOLDS * 2 + 24))
      const codes = await Promise.all([1, 2, 3, 4].map(() => f.program([CASH], ['true'], fund)))
      const cycles = []
      for (const code of codes) {
        const { cycle } = await f.prepared(code)
        await f.programs.submitCycle(manager, cycle)
        cycles.push(cycle)
      }
      const results = await Promise.allSettled(cycles.map(c => f.programs.approveCycle(approver, c)))
      for (const r of results)
        if (r.status === 'rejected') refused('rule_violated', 'fund-exceeded')(r.reason)
      const states = await Promise.all(cycles.map(f.state))
      assert.deepEqual(states.sort(), ['approved', 'approved', 'submitted', 'submitted'])
      assert.equal((await f.ledger.balances(root, fund)).available, 2400n)
      const drafts =
        await f.db.one(sql`SELECT count(*)::int AS n FROM programs.entitlements e JOIN programs.cycles c ON c.id = e.cycle_id
        WHERE c.state = 'submitted' AND e.status <> 'draft'`)
      assert.equal(drafts!.n, 0)
    })

    it('has committed exactly the sum of the approved entitlements, whatever the formulas', async () => {
      const amount = fc.integer({ min: 1, max: 500 })
      const formula = fc
        .tuple(amount, fc.constantFrom('size', 'attributes.score', '1'))
        .map(([a, of]) => `${a} * ${of} / 3`)
      await fc.assert(
        fc.asyncProperty(formula, amount, async (first, second) => {
          const fund = await f.fundOf('100000000')
          const code = await f.program(
            [
              { code: 'A', kind: 'cash', formula: first },
              { code: 'B', kind: 'cash', amount: String(second) },
              { code: 'C', kind: 'in_kind', item: 'MAIZE', perMember: 3 },
            ],
            ['true'],
            fund,
          )
          const { cycle, result } = await f.prepared(code)
          const { entitlements, zeros, exceptions } = result as Record<string, number>
          assert.equal(entitlements! + zeros! + exceptions!, 3 * HOUSEHOLDS, 'everybody is accounted for')
          await f.programs.submitCycle(manager, cycle, { leaveOut: 'no score' })
          await f.programs.approveCycle(approver, cycle)
          const sum = (await f.rowsOf(cycle))
            .filter(r => r.code !== 'C')
            .reduce((s, r) => s + BigInt(r.amount), 0n)
          assert.equal((await f.ledger.balances(root, fund)).committed, sum)
        }),
        { numRuns: 4 },
      )
    }).timeout(60_000)
  })
})
