import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { uuid7 } from '#core/kernel/index.ts'
import {
  approver,
  auditor,
  CASH,
  type CycleFixture,
  cycleFixture,
  HOUSEHOLDS,
  manager,
  refused,
} from '#tests/support/cycles.ts'

describe('a preparation', () => {
  let f: CycleFixture
  before(async () => {
    f = await cycleFixture()
  })
  after(() => f.db.close())

  describe('preparing', () => {
    it('works out formulas for each household, rounded to the minor unit, and keeps what it used', async () => {
      const { cycle } = await f.prepared(
        await f.program(
          [{ code: 'A', kind: 'cash', formula: '10.005 + size * 2.0 / 3.0' }],
          ['attributes.score < 50'],
        ),
      )
      const members = await f.sizes()
      const rows = await f.rowsOf(cycle)
      assert.ok(rows.length > 100)
      for (const row of rows) {
        const size = members.get(row.registrant_id)!
        const exact = 1000.5 + (size * 200) / 3
        assert.equal(row.amount, String(Math.round(exact + 1e-9)))
        assert.equal(row.inputs.size, size)
        assert.ok(Math.abs(Number(row.inputs.value) - exact) < 1e-6)
      }
      const view = await f.programs.getCycle(auditor, cycle)
      assert.deepEqual([view.evaluationDate, view.rules], ['2026-06-15', ['attributes.score < 50']])
    })

    it('names everybody for whom there is no amount, and holds the cycle until that is resolved or left out', async () => {
      const formula = { code: 'A', kind: 'cash', formula: 'attributes.score - 10' } as const
      const { cycle, result } = await f.prepared(await f.program([CASH, formula]))
      const expected = (await f.db.one(sql`
        SELECT count(*) FILTER (WHERE attributes->>'score' IS NULL)::int AS unknown, count(*) FILTER (WHERE (attributes->>'score')::int < 10)::int AS negative,
          count(*) FILTER (WHERE (attributes->>'score')::int = 10)::int AS zero
        FROM registry.registrants WHERE kind = 'group'`))!
      assert.ok(expected.unknown > 0 && expected.negative > 0 && expected.zero > 0)
      const exceptions = expected.unknown + expected.negative
      assert.deepEqual(result, {
        enrolled: HOUSEHOLDS,
        entitlements: 2 * HOUSEHOLDS - exceptions - expected.zero,
        zeros: expected.zero,
        exceptions,
      })
      const page = await f.programs.differenceRows(auditor, cycle, 'exception', { limit: 200 })
      const problems = page.items.map(r => r.problem)
      assert.equal(problems.filter(p => p === 'negative').length, expected.negative)
      assert.equal(problems.filter(p => p === 'unknown').length, expected.unknown)
      await assert.rejects(
        f.programs.submitCycle(manager, cycle),
        refused('rule_violated', 'exceptions-open'),
      )
      await f.programs.submitCycle(manager, cycle, { leaveOut: 'their scores come next month' })
      assert.equal((await f.programs.getCycle(auditor, cycle)).comment, 'their scores come next month')
    })

    it('verifies eligibility again, and leaves out the suspended', async () => {
      const code = await f.program([CASH], ['attributes.score < 50'])
      const { items } = await f.programs.listEnrolments(manager, code, {}, { limit: 3 })
      const registrants = await f.db.query(sql`
        SELECT id FROM registry.registrants WHERE kernel.reference('GR', ref) = ANY(${items.map(i => i.registrant)})
        ORDER BY id`)
      await f.db.run(
        sql`UPDATE registry.registrants SET attributes = '{"score": 99}' WHERE id = ${registrants[0]!.id}`,
      )
      await f.programs.changeEnrolment(manager, items[1]!.reference, { to: 'suspended', reason: 'check' })
      const { cycle, result } = await f.prepared(code)
      const enrolled =
        (await f.db.one(sql`SELECT count(*)::int AS n FROM programs.enrolments e JOIN programs.programs p ON p.id = e.program_id
        WHERE p.code = ${code}`))!.n as number
      const { entitlements } = result as { entitlements: number }
      assert.equal(entitlements, enrolled - 2)
      const given = new Set((await f.rowsOf(cycle)).map(r => r.registrant_id))
      assert.deepEqual(
        registrants.map(r => given.has(r.id)),
        [false, false, true],
      )
    })

    it('again replaces what was there, with what the program says now', async () => {
      const code = await f.program([CASH])
      const { cycle } = await f.prepared(code)
      const shown = await f.programs.getProgram(manager, code)
      const more = [{ ...CASH, amount: '30.00' }]
      await f.programs.updateProgram(manager, {
        ...shown,
        fund: shown.fund!,
        rules: ['size > 3'],
        components: more,
      })
      assert.equal((await f.rowsOf(cycle))[0]!.amount, '2500', 'a prepared cycle is not touched by it')
      await f.programs.prepareCycle(manager, cycle)
      await assert.rejects(
        f.programs.listEntitlements(auditor, cycle, {}, { limit: 5 }),
        refused('conflict', 'cycle-state'),
      )
      await f.work()
      const members = [...(await f.sizes()).values()].filter(size => size > 3)
      const rows = await f.rowsOf(cycle)
      assert.equal(rows.length, members.length)
      assert.ok(rows.every(r => r.amount === '3000'))
      const [total] = (await f.programs.getCycle(auditor, cycle)).totals
      assert.deepEqual(
        [total!.entitlements, total!.amount],
        [BigInt(rows.length), 3000n * BigInt(rows.length)],
      )
    })

    it('killed between two transactions and run again leaves exactly one set', async () => {
      const cycle = await f.open(await f.program([CASH]))
      await f.programs.prepareCycle(manager, cycle)
      const seen: number[] = []
      // After the clearing, after two chunks, inside the third one's transaction, and after it.
      for (const [hook, steps] of [
        ['checkpoint', 1],
        ['checkpoint', 2],
        ['progress', 0],
        ['checkpoint', 1],
      ] as const) {
        let left: number = steps
        const kill = async () => {
          if (left-- === 0) throw new Error('killed')
        }
        await assert.rejects(f.workOne({ [hook]: kill }), /killed/)
        assert.equal(await f.state(cycle), 'draft')
        seen.push((await f.rowsOf(cycle)).length)
      }
      assert.deepEqual(seen, [0, 200, 200, 300])
      assert.deepEqual(await f.work(), [
        { enrolled: HOUSEHOLDS, entitlements: HOUSEHOLDS, zeros: 0, exceptions: 0 },
      ])
      assert.equal((await f.rowsOf(cycle)).length, HOUSEHOLDS)
    })

    it('asked for twice at once, the last one counts and the other leaves nothing', async () => {
      const cycle = await f.open(await f.program([CASH]))
      await f.programs.prepareCycle(manager, cycle)
      await f.programs.prepareCycle(manager, cycle, '2026-06-01')
      const results = await f.work()
      assert.deepEqual(results[0], { superseded: true })
      assert.equal((await f.rowsOf(cycle)).length, HOUSEHOLDS)
      assert.equal((await f.programs.getCycle(auditor, cycle)).evaluationDate, '2026-06-01')
    })

    it('of a cycle cancelled meanwhile does nothing', async () => {
      const cycle = await f.open(await f.program([CASH]))
      await f.programs.prepareCycle(manager, cycle)
      await f.programs.cancelCycle(manager, cycle, 'mistake')
      assert.deepEqual(await f.work(), [{ superseded: true }])
      assert.deepEqual(await f.rowsOf(cycle), [])
    })

    it('shows what is different from the last approved cycle', async () => {
      const code = await f.program([CASH, { code: 'SIZE', kind: 'cash', formula: 'size' }])
      const first = await f.approved(code)
      const nothing = await f.programs.difference(auditor, first)
      assert.deepEqual([nothing.comparedWith, nothing.components[0]!.new.count], [null, BigInt(HOUSEHOLDS)])

      const groups = await f.db.query(
        sql`SELECT id, name, kernel.reference('GR', ref) AS ref FROM registry.registrants WHERE kind = 'group' ORDER BY id LIMIT 3`,
      )
      const all = await f.programs.listEnrolments(manager, code, {}, { limit: 1 })
      assert.equal(all.items[0]!.registrant, groups[0]!.ref)
      await f.programs.changeEnrolment(manager, all.items[0]!.reference, {
        to: 'suspended',
        reason: 'check',
      })
      const extra = uuid7()
      await f.db.run(
        sql`INSERT INTO registry.memberships (group_id, member_id, started_on) VALUES (${groups[1]!.id}, ${extra}, '2026-06-01')`,
      )
      const { cycle } = await f.prepared(code)
      const before = (await f.sizes()).get(groups[1]!.id)! - 1
      const view = await f.programs.difference(auditor, cycle)
      assert.equal(view.comparedWith, first)
      const [cash, size] = view.components
      assert.deepEqual(
        [cash!.gone, cash!.new.count, cash!.changed.count, cash!.same.count],
        [{ count: 1n, amount: 2500n }, 0n, 0n, BigInt(HOUSEHOLDS - 1)],
      )
      assert.deepEqual(size!.changed, {
        count: 1n,
        before: BigInt(before * 100),
        after: BigInt((before + 1) * 100),
      })
      const changed = await f.programs.differenceRows(auditor, cycle, 'changed', { limit: 5 })
      assert.deepEqual(changed.items, [
        {
          registrant: groups[1]!.ref,
          registrantName: groups[1]!.name,
          component: 'SIZE',
          before: BigInt(before * 100),
          after: BigInt((before + 1) * 100),
          kind: 'cash',
          unit: 'KES',
          problem: null,
        },
      ])
      const unseen = await f.programs.differenceRows(approver, cycle, 'changed', { limit: 5 })
      assert.equal(unseen.items[0]!.registrantName, null)
      const gone = await f.programs.differenceRows(auditor, cycle, 'gone', { limit: 1 })
      const rest = await f.programs.differenceRows(auditor, cycle, 'gone', {
        limit: 5,
        cursor: gone.next,
      })
      assert.deepEqual(
        new Set([...gone.items, ...rest.items].map(r => r.component)),
        new Set(['CASH', 'SIZE']),
      )
      assert.ok([...gone.items, ...rest.items].every(r => r.registrant === groups[0]!.ref))
    })
  })
})
