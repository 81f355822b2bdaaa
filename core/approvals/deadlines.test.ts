import assert from 'node:assert/strict'
import { createApprovals, type Deadline } from '#core/approvals/index.ts'
import { type Ctx, manualClock } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'
import { refused } from '#tests/support/cycles.ts'

const HOUR = 3_600_000
const START = '2026-06-15T09:00:00Z'

describe('deadlines', () => {
  let f: ApprovalFixture
  let maker: Ctx
  let approver: Ctx
  let director: Ctx
  const DIRECTOR = [{ role: 'payment-approver' }]
  before(async () => {
    f = await approvalFixture()
    maker = await f.person({ roles: ['program-manager'] })
    approver = await f.person({ roles: ['cycle-approver'] })
    director = await f.person({ roles: ['payment-approver'] })
  })
  beforeEach(() => f.clock.advance(new Date(START).getTime() - f.clock.now().getTime()))
  after(() => f.db.close())

  /** The engine of another process, whose clock is so many milliseconds off. */
  const scheduler = (off: number) =>
    createApprovals({ ...f.deps, clock: manualClock(new Date(f.clock.now().getTime() + off)) })
  const at = (hours: number) => new Date(new Date(START).getTime() + hours * HOUR)
  const under = (deadlines: readonly Deadline[]) =>
    f.policy([{ kind: 'decide', approvers: [{ role: 'cycle-approver' }], deadlines }])
  const view = async (reference: string) => {
    const { state, escalations, dueAt, overdue, timeline } = await f.approvals.get(approver, reference)
    return { state, escalations, dueAt, overdue, kinds: timeline.map(e => e.kind) }
  }

  it('pass by time alone: others may decide, then it goes back', async () => {
    await under([
      { hours: 24, escalateTo: DIRECTOR },
      { hours: 12, end: 'return' },
    ])
    const { id, reference } = await f.submitted(maker)
    assert.deepEqual((await view(reference)).dueAt, at(24))
    await assert.rejects(f.approve(director, reference), refused('forbidden', 'not-an-approver'))
    f.clock.advance(24 * HOUR - 1)
    assert.equal(await f.approvals.passDeadlines(), 0)
    f.clock.advance(5 * HOUR)
    assert.equal(await f.approvals.passDeadlines(), 1)
    // Counted from the deadline, not from when somebody got round to it.
    assert.deepEqual(await view(reference), {
      state: 'pending',
      escalations: 1,
      dueAt: at(36),
      overdue: true,
      kinds: ['submit', 'escalate'],
    })
    const mine = await f.approvals.list(director, { mine: 'decidable', overdue: true }, { limit: 10 })
    assert.deepEqual(
      mine.items.map(i => i.reference),
      [reference],
    )
    f.clock.advance(12 * HOUR)
    assert.equal(await f.approvals.passDeadlines(), 1)
    assert.deepEqual((await view(reference)).state, 'returned')
    assert.equal((await f.thing(id)).state, 'returned')
    assert.equal(await f.approvals.passDeadlines(), 0)
  })

  it('let those to whom it was escalated decide, for as many as are needed', async () => {
    await f.policy([
      {
        kind: 'decide',
        approvers: [{ users: [approver.actor.name, (await f.person({ roles: ['validator'] })).actor.name] }],
        need: 'all',
        deadlines: [{ hours: 1, escalateTo: DIRECTOR }],
      },
    ])
    const { reference } = await f.submitted(maker)
    f.clock.advance(HOUR)
    await f.approvals.passDeadlines()
    await f.approve(director, reference)
    assert.equal(await f.state(reference), 'pending')
    await f.approve(approver, reference)
    assert.equal(await f.state(reference), 'approved')
  })

  it('reject, as expired', async () => {
    await under([{ hours: 1, end: 'reject' }])
    const { id, reference } = await f.submitted(maker)
    f.clock.advance(HOUR)
    await f.approvals.passDeadlines()
    assert.deepEqual([await f.state(reference), (await f.thing(id)).state], ['expired', 'rejected'])
  })

  it('end what can be ended, though a module fails at one of them', async () => {
    await under([{ hours: 1, end: 'return' }])
    const [bad, good] = [await f.submitted(maker), await f.submitted(maker)]
    const subjects = f.deps.subjects().map(s => ({
      ...s,
      returned: async (ctx: Ctx, ids: readonly string[], comment: string) => {
        if (ids.includes(bad.id)) throw new Error('a module fails')
        await s.returned(ctx, ids, comment)
      },
    }))
    f.clock.advance(HOUR)
    const failing = createApprovals({ ...f.deps, subjects: () => subjects })
    await assert.rejects(failing.passDeadlines(), /a module fails/)
    assert.deepEqual([await f.state(bad.reference), await f.state(good.reference)], ['pending', 'returned'])
    assert.equal(await f.approvals.passDeadlines(), 1)
  })

  it('are acted on once by schedulers whose clocks differ, running at the same time', async () => {
    await under([{ hours: 1, escalateTo: DIRECTOR }, { hours: 2 }, { hours: 100, end: 'return' }])
    const all = await Promise.all(Array.from({ length: 30 }, () => f.submitted(maker)))
    f.clock.advance(HOUR)
    const schedulers = [0, 40_000, 90_000, -30_000, 600_000].map(scheduler)
    const steps = await Promise.all(schedulers.flatMap(s => [s.passDeadlines(), s.passDeadlines()]))
    assert.equal(
      steps.reduce((sum, n) => sum + n, 0),
      all.length,
    )
    for (const { reference } of all) {
      const { escalations, dueAt, kinds } = await view(reference)
      assert.deepEqual([escalations, dueAt, kinds], [1, at(3), ['submit', 'escalate']])
    }
  })

  it('that pass while somebody decides are one or the other', async () => {
    await under([{ hours: 1, end: 'return' }])
    for (let round = 0; round < 6; round++) {
      const { id, reference } = await f.submitted(maker)
      f.clock.advance(HOUR)
      await Promise.allSettled([f.approve(approver, reference), f.approvals.passDeadlines()])
      const state = await f.state(reference)
      assert.ok(['approved', 'returned'].includes(state))
      assert.equal((await f.thing(id)).state, state)
    }
  })

  describe('in a freeze', () => {
    it('nothing is submitted, decided or escalated, and it says until when; deadlines move to its end', async () => {
      await under([
        { hours: 1, escalateTo: DIRECTOR },
        { hours: 2, end: 'return' },
      ])
      const { reference } = await f.submitted(maker)
      const boss = await f.person({ roles: ['cycle-approver'] })
      const freeze = { from: at(0.5), until: at(10), subjectTypes: ['thing'], reason: 'Year end' }
      await assert.rejects(f.approvals.freeze(maker, freeze), refused('forbidden'))
      await f.approvals.freeze(f.configurer, freeze)
      f.clock.advance(HOUR)
      assert.equal(await f.approvals.passDeadlines(), 0)
      const says = (e: Error & { rule?: string }) =>
        e.rule === 'frozen' && e.message.includes('2026-06-15T19:00:00.000Z: Year end')
      await assert.rejects(f.approve(boss, reference), says)
      await assert.rejects(f.submitted(maker), says)
      assert.equal((await f.approvals.counts(boss)).decidable, 0)
      f.clock.advance(9 * HOUR)
      assert.equal(await f.approvals.passDeadlines(), 1)
      assert.deepEqual((await view(reference)).dueAt, at(12))
      await f.approve(boss, reference)
    })

    it('an emergency passes, and whoever reviews it is told', async () => {
      await under([])
      const [before, during] = [await f.submitted(maker), await f.submitted(maker)]
      const boss = await f.person({ roles: ['cycle-approver'] })
      await f.approvals.bypass(boss, before.reference, 'The river broke its banks.')
      const freeze = { from: f.clock.now(), until: at(10), reason: 'Year end' }
      const { reference: frozen } = await f.approvals.freeze(f.configurer, freeze)
      await assert.rejects(f.approve(boss, during.reference), refused('rule_violated', 'frozen'))
      await f.approvals.bypass(boss, during.reference, 'The river broke its banks.')
      await f.approvals.endFreeze(f.configurer, frozen)
      assert.equal((await f.thing(during.id)).state, 'approved')
      const flagged = (await f.approvals.listBypasses(boss)).map(b => [b.approval, b.duringFreeze])
      assert.deepEqual(
        new Map(flagged as [string, boolean][]),
        new Map([
          [before.reference, false],
          [during.reference, true],
        ]),
      )
    })

    it('that is over before it is declared is refused; what is declared is answered whole', async () => {
      const past = { from: at(-5), until: at(-1), reason: 'Last month' }
      await assert.rejects(f.approvals.freeze(f.configurer, past), refused('invalid'))
      const freeze = { from: at(100), until: at(110), subjectTypes: ['thing'], reason: 'Year end' }
      const { reference, ...made } = await f.approvals.freeze(f.configurer, freeze)
      assert.deepEqual(made, { ...freeze, programs: null, createdBy: f.configurer.actor.name })
      assert.deepEqual(
        (await f.approvals.listFreezes(f.configurer)).find(l => l.reference === reference),
        { reference, ...made },
      )
    })

    it('others go on, and one that is ended early is over', async () => {
      await under([])
      const freeze = { from: f.clock.now(), until: at(10), reason: 'Counting' }
      const programs = { ...freeze, programs: ['NONE'] }
      await assert.rejects(f.approvals.freeze(f.configurer, programs), refused('invalid'))
      const { reference: frozen } = await f.approvals.freeze(f.configurer, freeze)
      await assert.rejects(f.submitted(maker), refused('rule_violated', 'frozen'))
      await f.approvals.endFreeze(f.configurer, frozen)
      await f.submitted(maker)
      await assert.rejects(f.approvals.endFreeze(f.configurer, frozen), refused('conflict', 'freeze-over'))
    })
  })
})
