import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { DomainError, systemCtx, uuid7 } from '#core/kernel/index.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { type Population, populate } from '#tests/support/population.ts'
import { personWith, programsOver } from '#tests/support/programs.ts'
import type { ProgramInput } from './index.ts'

const refused = (code: string, rule?: string) => (error: unknown) => {
  assert.ok(error instanceof DomainError, String(error))
  assert.deepEqual([error.code, error.rule], [code, rule])
  return true
}

describe('programs', () => {
  let db: TestDatabase
  let people: Population
  let house: ReturnType<typeof programsOver>
  const root = systemCtx('fixture', 'fixture')
  const manager = personWith('program-manager')
  const validator = personWith('validator')
  let n = 0

  const cash = { code: 'CASH', kind: 'cash', amount: '25.00' } as const
  const input = (more: Partial<ProgramInput> = {}): ProgramInput => ({
    code: `P-${++n}`,
    name: 'Support',
    target: 'group',
    currency: 'KES',
    fund: 'FUND',
    rules: ['attributes.score < 30', 'members.exists(m, age_years(m.birth_date) < 5)'],
    components: [cash],
    ...more,
  })
  const active = async (more: Partial<ProgramInput> = {}) => {
    const program = await house.programs.createProgram(manager, input(more))
    await house.programs.changeState(manager, program.code, 'active')
    return program.code
  }
  const count = async (statement: ReturnType<typeof sql>) => Number((await db.one(statement))!.n)
  const programId = async (code: string) =>
    (await db.one(sql`SELECT id FROM programs.programs WHERE code = ${code}`))!.id as string

  /** The rules of `input`, written by hand. */
  const poorWithSmallChildren = sql`
    SELECT g.id, g.area_id FROM registry.registrants g
    WHERE g.kind = 'group' AND (g.attributes->>'score')::int < 30 AND EXISTS (
      SELECT 1 FROM registry.memberships m JOIN registry.registrants i ON i.id = m.member_id
      WHERE m.group_id = g.id AND i.birth_date > '2021-06-15' AND i.birth_date <= '2026-06-15')`

  before(async () => {
    db = await testDatabase()
    people = await populate(db, { households: 400, adminUrl: db.adminUrl })
    house = programsOver(db)
    await house.ledger.openFund(root, { code: 'FUND', name: 'Fund', currency: 'KES' })
    await db.run(
      sql`INSERT INTO inventory.items (id, code, name, unit) VALUES (${uuid7()}, 'MAIZE', 'Maize', 'KGM')`,
    )
  })
  after(() => db.close())

  describe('are defined', () => {
    it('with cash and goods in one, shown as they were written', async () => {
      const written = input({
        components: [
          cash,
          { code: 'CHILD', kind: 'cash', formula: '10.5 * size' },
          { code: 'FOOD', kind: 'in_kind', item: 'MAIZE', perMember: 5, maximum: 20 },
          { code: 'SEED', kind: 'in_kind', item: 'MAIZE', quantity: 2 },
        ],
      })
      await house.programs.createProgram(manager, written)
      const shown = await house.programs.getProgram(manager, written.code)
      const components = written.components.map(c => (c.kind === 'in_kind' ? { ...c, unit: 'KGM' } : c))
      assert.deepEqual(shown, { ...written, components, state: 'draft', version: 1 })
    })

    it('with everything that is wrong told at once, at its place', async () => {
      const shapeless = input({ code: 'x', name: '', rules: [], components: [] })
      await assert.rejects(house.programs.createProgram(manager, shapeless), (e: DomainError) => {
        assert.deepEqual(
          e.issues.map(i => i.pointer),
          ['/code', '/name', '/rules', '/components'],
        )
        return true
      })
      const unknown = input({
        fund: 'NONE',
        rules: ['true', 'attributes.scores < 30', 'size +'],
        components: [
          { code: 'A', kind: 'in_kind', item: 'GOLD', quantity: 1 },
          { code: 'B', kind: 'cash', formula: 'name' },
        ],
      })
      await assert.rejects(house.programs.createProgram(manager, unknown), (e: DomainError) => {
        const places = ['/components/0/item', '/components/1/formula', '/fund', '/rules/1', '/rules/2']
        assert.deepEqual(
          e.issues.map(i => i.pointer).sort((a, b) => (a < b ? -1 : 1)),
          places,
        )
        assert.match(e.issues.find(i => i.pointer === '/rules/1')!.detail, /column \d+.*"score"/)
        return true
      })
    })

    it('with components that are one thing only', async () => {
      const wrong = [
        { code: 'A', kind: 'cash', amount: '1', formula: '1' },
        { code: 'A', kind: 'cash' },
        { code: 'A', kind: 'cash', quantity: 5 },
        { code: 'A', kind: 'cash', amount: '1', item: 'MAIZE' },
        { code: 'A', kind: 'cash', amount: '0' },
        { code: 'A', kind: 'cash', amount: '0.001' },
        { code: 'A', kind: 'in_kind', quantity: 5 },
        { code: 'A', kind: 'in_kind', item: 'MAIZE', quantity: 1.5 },
        { code: 'A', kind: 'in_kind', item: 'MAIZE', quantity: -1 },
        { code: 'A', kind: 'in_kind', item: 'MAIZE', quantity: 1, maximum: 2 },
      ] as const
      for (const component of wrong)
        await assert.rejects(
          house.programs.createProgram(manager, input({ components: [component] })),
          refused('invalid'),
          JSON.stringify(component),
        )
      const person = input({ target: 'individual', rules: ['true'] })
      const perMember = { code: 'A', kind: 'in_kind', item: 'MAIZE', perMember: 1 } as const
      await assert.rejects(
        house.programs.createProgram(manager, { ...person, components: [perMember] }),
        refused('invalid'),
      )
    })

    it('with the currency of their fund, and a code of their own', async () => {
      await assert.rejects(
        house.programs.createProgram(manager, input({ currency: 'UGX' })),
        refused('invalid'),
      )
      const first = await house.programs.createProgram(manager, input())
      await assert.rejects(
        house.programs.createProgram(manager, input({ code: first.code })),
        refused('conflict', 'code-taken'),
      )
    })

    it('and changed: amounts always, what a component is only before they are active', async () => {
      const program = await house.programs.createProgram(manager, input())
      const food = { code: 'CASH', kind: 'in_kind', item: 'MAIZE', quantity: 3 } as const
      const changed = await house.programs.updateProgram(
        manager,
        { ...input(), code: program.code, components: [food] },
        1,
      )
      assert.deepEqual([changed.version, changed.components[0]!.item], [2, 'MAIZE'])
      await assert.rejects(
        house.programs.updateProgram(manager, { ...input(), code: program.code }, 1),
        refused('precondition_failed', 'version-differs'),
      )
      await house.programs.changeState(manager, program.code, 'active')
      await assert.rejects(
        house.programs.updateProgram(manager, { ...input(), code: program.code }),
        refused('rule_violated', 'component-fixed'),
      )
      const more = { ...input(), code: program.code, components: [{ ...food, quantity: 4 }] }
      await house.programs.updateProgram(manager, more)
      assert.equal((await house.programs.getProgram(manager, program.code)).components[0]!.quantity, 4)
      const audited = await db.query(sql`
        SELECT action FROM audit.entries WHERE subject_id = ${await programId(program.code)} ORDER BY at`)
      assert.deepEqual(
        audited.map(e => e.action),
        ['program.create', 'program.update', 'program.activate', 'program.update'],
      )
    })

    it('go from draft to active to ended, and no other way', async () => {
      const { code } = await house.programs.createProgram(manager, input())
      await assert.rejects(house.programs.enrol(manager, code), refused('conflict', 'program-state'))
      await house.programs.changeState(manager, code, 'active')
      const cycle = { code: 'C1', name: 'C', validFrom: '2026-07-01', validUntil: '2026-07-31' }
      const { reference } = await house.programs.openCycle(manager, code, cycle)
      await assert.rejects(
        house.programs.changeState(manager, code, 'ended'),
        refused('conflict', 'cycles-open'),
      )
      await house.programs.cancelCycle(manager, reference, 'not needed')
      await house.programs.changeState(manager, code, 'ended')
      await assert.rejects(
        house.programs.changeState(manager, code, 'active'),
        refused('conflict', 'program-state'),
      )
    })
  })

  describe('decide who is eligible', () => {
    it('by all of their rules, counted as by hand', async () => {
      const code = await active()
      const { matches, issues } = await house.programs.checkEligibility(manager, code)
      assert.deepEqual(issues, [])
      const expected = await count(sql`SELECT count(*) AS n FROM (${poorWithSmallChildren}) x`)
      assert.ok(expected > 20 && expected < 200, `a telling number of households, not ${expected}`)
      assert.equal(matches, BigInt(expected))
    })

    it('and try other rules without keeping them, telling where they are wrong', async () => {
      const code = await active()
      const all = await house.programs.checkEligibility(manager, code, { rules: ['true'] })
      assert.equal(all.matches, 400n)
      const wrong = await house.programs.checkEligibility(manager, code, { rules: ['true', 'nobody.knows'] })
      assert.equal(wrong.matches, null)
      assert.equal(wrong.issues[0]!.pointer, '/rules/1')
    })

    it('and before there is a program, within reach, for those from whom nothing is kept', async () => {
      const draft = { target: 'group', rules: ['true'] } as const
      assert.equal((await house.programs.checkDraft(manager, draft)).matches, 400n)
      const local = personWith('program-manager', { areaIds: [people.areas.get('XA01')!] })
      const { matches } = await house.programs.checkDraft(local, draft)
      assert.ok(matches! > 0n && matches! < 400n)
      const wrong = await house.programs.checkDraft(manager, { ...draft, rules: ['size >'] })
      assert.deepEqual([wrong.matches, wrong.issues[0]!.code], [null, 'syntax'])
      const [grant] = manager.actor.grants
      const masked = {
        ...manager,
        actor: { ...manager.actor, grants: [{ ...grant!, masks: new Set(['birth']) }] },
      }
      await assert.rejects(house.programs.checkDraft(masked, draft), refused('forbidden', 'masked'))
    })

    it('and say why or why not, to those who may see the household', async () => {
      const code = await active({ rules: ['attributes.score < 30', 'size >= 1'] })
      const poor =
        await db.one(sql`SELECT kernel.reference('GR', ref) AS ref, area_id FROM registry.registrants
        WHERE kind = 'group' AND attributes->>'score' = '10' LIMIT 1`)
      const rich = await db.one(sql`SELECT kernel.reference('GR', ref) AS ref FROM registry.registrants
        WHERE kind = 'group' AND attributes->>'score' = '90' LIMIT 1`)
      const why = await house.programs.explainEligibility(manager, code, poor!.ref)
      assert.deepEqual([why.holds, why.rules.map(r => r.outcome)], [true, ['true', 'true']])
      const whyNot = await house.programs.explainEligibility(manager, code, rich!.ref)
      assert.deepEqual([whyNot.holds, whyNot.rules.map(r => r.outcome)], [false, ['false', 'true']])
      const elsewhere = people.districts.map(d => people.areas.get(d)!).filter(id => id !== poor!.area_id)
      const neighbour = personWith('program-manager', { areaIds: elsewhere })
      await assert.rejects(
        house.programs.explainEligibility(neighbour, code, poor!.ref),
        refused('not_found'),
      )
    })
  })

  describe('enrol', () => {
    it('everybody eligible, once, however often it runs', async () => {
      const code = await active()
      const expected = await count(sql`SELECT count(*) AS n FROM (${poorWithSmallChildren}) x`)
      const preview = await house.programs.previewEnrolment(validator, code)
      assert.deepEqual(
        [preview.eligible, preview.enrolledBefore, preview.toEnrol],
        [BigInt(expected), 0n, BigInt(expected)],
      )
      await house.programs.enrol(validator, code)
      await house.programs.enrol(validator, code)
      assert.deepEqual(await house.work(), [{ enrolled: expected }, { enrolled: 0 }])
      const right = await count(sql`
        SELECT count(*) AS n FROM programs.enrolments e JOIN (${poorWithSmallChildren}) x ON x.id = e.registrant_id
        WHERE e.program_id = ${await programId(code)} AND e.status = 'enrolled' AND e.started_on = '2026-06-15'`)
      assert.equal(right, expected)
      const after = await house.programs.previewEnrolment(validator, code)
      assert.deepEqual([after.enrolledBefore, after.toEnrol], [BigInt(expected), 0n])
      const audited = await count(sql`
        SELECT sum(items) AS n FROM audit.entries WHERE action = 'enrolment.open' AND subject_id = ${await programId(code)}`)
      assert.equal(audited, expected)
    })

    it('only within the area of whoever asks', async () => {
      const code = await active({ rules: ['true'] })
      const region = people.areas.get('XA01')!
      const local = personWith('program-manager', { areaIds: [region] })
      const inRegion = await count(sql`
        SELECT count(*) AS n FROM registry.registrants g JOIN areas.closure c ON c.area_id = g.area_id
        WHERE g.kind = 'group' AND c.ancestor_id = ${region}`)
      assert.equal((await house.programs.checkEligibility(local, code)).matches, BigInt(inRegion))
      assert.equal((await house.programs.previewEnrolment(local, code)).eligible, BigInt(inRegion))
      await house.programs.enrol(local, code)
      assert.deepEqual(await house.work(), [{ enrolled: inRegion }])
      await house.programs.enrol(manager, code)
      assert.deepEqual(await house.work(), [{ enrolled: 400 - inRegion }])
      const counted = async (who: typeof local) => await house.programs.countEnrolments(who, code)
      assert.deepEqual(await counted(manager), [{ status: 'enrolled', count: 400n }])
      assert.deepEqual(await counted(local), [{ status: 'enrolled', count: BigInt(inRegion) }])
    })

    it('one by one: suspended, resumed, exited for a reason, and back again in a new period', async () => {
      const code = await active({ rules: ['true'] })
      await house.programs.enrol(manager, code)
      await house.work()
      const { items } = await house.programs.listEnrolments(manager, code, {}, { limit: 1 })
      const { reference, registrant } = items[0]!
      const change = house.programs.changeEnrolment
      assert.equal(
        await change(manager, reference, { to: 'suspended', reason: 'cannot be found' }),
        'suspended',
      )
      assert.equal(await change(manager, reference, { to: 'enrolled' }), 'enrolled')
      await assert.rejects(change(manager, reference, { to: 'exited', reason: 'whim' }), refused('invalid'))
      assert.equal(await change(manager, reference, { to: 'exited', reason: 'moved' }), 'exited')
      await assert.rejects(
        change(manager, reference, { to: 'enrolled' }),
        refused('conflict', 'enrolment-status'),
      )
      await house.programs.enrol(manager, code)
      assert.deepEqual(await house.work(), [{ enrolled: 0 }], 'the job brings nobody back')
      await house.programs.enrolOne(manager, code, registrant)
      await assert.rejects(
        house.programs.enrolOne(manager, code, registrant),
        refused('conflict', 'enrolled-already'),
      )
      const periods = (await house.programs.enrolmentsOf(manager, registrant)).filter(e => e.program === code)
      assert.deepEqual(
        periods.map(p => [p.status, p.reason, p.endedOn]),
        [
          ['enrolled', null, null],
          ['exited', 'moved', '2026-06-15'],
        ],
      )
    })

    it('nobody by hand whom the rules leave out', async () => {
      const code = await active({ rules: ['attributes.score < 30'] })
      const rich = await db.one(sql`SELECT kernel.reference('GR', ref) AS ref FROM registry.registrants
        WHERE kind = 'group' AND attributes->>'score' = '90' LIMIT 1`)
      await assert.rejects(
        house.programs.enrolOne(manager, code, rich!.ref),
        refused('rule_violated', 'not-eligible'),
      )
    })
  })

  describe('are out of reach of others', () => {
    it('as if they were not there', async () => {
      const [mine, theirs] = [await active(), await active()]
      const other = personWith('program-manager', { programIds: [await programId(theirs)] })
      const attempts = [
        () => house.programs.getProgram(other, mine),
        () => house.programs.updateProgram(other, { ...input(), code: mine }),
        () => house.programs.changeState(other, mine, 'ended'),
        () => house.programs.checkEligibility(other, mine),
        () => house.programs.previewEnrolment(other, mine),
        () => house.programs.enrol(other, mine),
        () => house.programs.listEnrolments(other, mine, {}, { limit: 10 }),
        () => house.programs.listCycles(other, mine, {}, { limit: 10 }),
      ]
      for (const attempt of attempts) await assert.rejects(attempt(), refused('not_found'))
      const listed = await house.programs.listPrograms(other, {}, { limit: 200 })
      assert.deepEqual(
        listed.items.map(p => p.code),
        [theirs],
      )
    })

    it('and without the permission, whoever asks', async () => {
      const code = await active()
      const agent = personWith('distribution-agent')
      await assert.rejects(house.programs.getProgram(agent, code), refused('forbidden'))
      await assert.rejects(house.programs.createProgram(agent, input()), refused('forbidden'))
      await assert.rejects(house.programs.enrol(personWith('auditor'), code), refused('forbidden'))
    })

    it('and not defined by those who manage only an area', async () => {
      const local = personWith('program-manager', { areaIds: [people.areas.get('XA01')!] })
      await assert.rejects(house.programs.createProgram(local, input()), refused('forbidden', 'area-scope'))
      const code = await active()
      await assert.rejects(
        house.programs.updateProgram(local, { ...input(), code }),
        refused('forbidden', 'area-scope'),
      )
    })
  })
})
