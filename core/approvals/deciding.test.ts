import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import type { Tier } from '#core/approvals/index.ts'
import { type Ctx, uuid7 } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'
import { refused } from '#tests/support/cycles.ts'

const APPROVER = { roles: ['cycle-approver'] } as const
const MAKER = { roles: ['program-manager', 'cycle-approver'] } as const
const byApprovers = (need: number | 'all' = 1): Tier => ({
  kind: 'decide',
  approvers: [{ role: 'cycle-approver' }],
  need,
})

describe('deciding on a request', () => {
  let f: ApprovalFixture
  let maker: Ctx
  let first: Ctx
  let second: Ctx
  before(async () => {
    f = await approvalFixture()
    maker = await f.person(MAKER)
    first = await f.person(APPROVER)
    second = await f.person(APPROVER)
  })
  after(() => f.db.close())

  const delegate = (from: Ctx, to: Ctx, more: object = {}) =>
    f.approvals.delegate(from, {
      deputy: to.actor.name,
      from: new Date(f.clock.now().getTime() - 1),
      until: new Date(f.clock.now().getTime() + 3_600_000),
      reason: 'on leave',
      ...more,
    })
  const makerIsChecker = refused('rule_violated', 'maker-is-checker')
  const oncePerPerson = refused('rule_violated', 'one-person-once')
  const noApprover = refused('forbidden', 'not-an-approver')
  const noDelegation = refused('forbidden', 'no-delegation')

  describe('whoever made it', () => {
    it('never approves it, returns it or rejects it', async () => {
      const { id, reference } = await f.submitted(maker)
      for (const verdict of ['approve', 'reject', 'return'] as const)
        await assert.rejects(
          f.approvals.decide(maker, reference, { verdict, comment: 'mine' }),
          makerIsChecker,
        )
      assert.equal((await f.thing(id)).state, 'submitted')
      await f.approve(first, reference)
      assert.deepEqual(
        [(await f.thing(id)).state, (await f.thing(id)).approved_content],
        ['approved', `content of ${id}`],
      )
    })

    it('nor with a second account, nor by an API client of their own, nor by one of the second account', async () => {
      const other = await f.person({ ...APPROVER, sameAs: maker })
      const clients = [await f.client(maker, APPROVER), await f.client(other, APPROVER)]
      const { reference } = await f.submitted(maker)
      for (const who of [other, ...clients]) await assert.rejects(f.approve(who, reference), makerIsChecker)
      const byClient = await f.submitted(clients[0]!)
      for (const who of [maker, other])
        await assert.rejects(f.approve(who, byClient.reference), makerIsChecker)
      const prepared = await f.submitted(second, { makers: [other.actor.id] })
      await assert.rejects(f.approve(maker, prepared.reference), makerIsChecker)
    })

    it('nor by a deputy, nor as the deputy of somebody who could', async () => {
      const deputy = await f.person(APPROVER)
      await delegate(maker, deputy)
      await delegate(first, maker)
      const { reference } = await f.submitted(maker)
      await assert.rejects(f.approve(deputy, reference, maker.actor.name), makerIsChecker)
      await assert.rejects(f.approve(maker, reference, first.actor.name), makerIsChecker)
      await f.approve(deputy, reference)
    })

    it('nor by bypassing, nor by reviewing the bypass', async () => {
      const boss = await f.person({ roles: ['cycle-approver', 'program-manager'] })
      const reviewer = await f.person({ roles: ['program-manager'] })
      const why = 'The flood took the bridge and people are hungry.'
      const { id, reference } = await f.submitted(maker)
      await assert.rejects(f.approvals.bypass(maker, reference, why), makerIsChecker)
      await assert.rejects(f.approvals.bypass(boss, reference, 'because'), refused('invalid'))
      await f.approvals.bypass(boss, reference, why)
      assert.equal((await f.thing(id)).state, 'approved')
      for (const who of [maker, boss])
        await assert.rejects(f.approvals.review(who, reference, 'justified', 'fine'), makerIsChecker)
      const open = async () => (await f.approvals.listBypasses(reviewer, { open: true })).map(b => b.approval)
      assert.deepEqual(await open(), [reference])
      await f.approvals.review(reviewer, reference, 'not-justified', 'There was another bridge.')
      assert.deepEqual(await open(), [])
      await assert.rejects(
        f.approvals.review(reviewer, reference, 'justified', 'after all'),
        refused('conflict', 'review-done'),
      )
    })
  })

  describe('one person', () => {
    it('signs once across all tiers, with whichever account', async () => {
      await f.policy([byApprovers(1), { kind: 'decide', approvers: [{ permission: 'cycle:approve' }] }])
      const twin = await f.person({ ...APPROVER, sameAs: first })
      const { reference } = await f.submitted(maker)
      await f.approve(first, reference)
      assert.equal(await f.state(reference), 'pending')
      for (const who of [first, twin]) await assert.rejects(f.approve(who, reference), oncePerPerson)
      await f.approve(second, reference)
      assert.equal(await f.state(reference), 'approved')
    })

    it('and a deputy signs for both: neither of them is another person in a later tier', async () => {
      await f.policy([byApprovers(1), byApprovers(1)])
      const away = await f.person(APPROVER)
      const deputy = await f.person({ roles: ['cycle-approver'] })
      await delegate(away, deputy)
      const { reference } = await f.submitted(maker)
      await f.approve(deputy, reference, away.actor.name)
      for (const who of [deputy, away]) await assert.rejects(f.approve(who, reference), oncePerPerson)
      const { timeline } = await f.approvals.get(second, reference)
      assert.deepEqual(
        timeline.map(e => [e.kind, e.by, e.onBehalfOf]),
        [
          ['submit', maker.actor.name, null],
          ['approve', deputy.actor.name, away.actor.name],
        ],
      )
      const entry = await f.db.one(sql`
        SELECT actor_id, behalf_id FROM audit.entries WHERE action = 'approval.approve' ORDER BY xid DESC LIMIT 1`)
      assert.deepEqual(entry, { actor_id: deputy.actor.id, behalf_id: away.actor.id })
    })

    it('is not two of those who all have to decide', async () => {
      const [a, b] = [await f.person({ roles: ['validator'] }), await f.person({ roles: ['validator'] })]
      const users = [a.actor.name, b.actor.name]
      await f.policy([{ kind: 'decide', approvers: [{ users }], need: 'all' }])
      await delegate(a, b)
      const { reference } = await f.submitted(maker)
      await assert.rejects(f.approve(b, reference, a.actor.name), refused('rule_violated', 'own-seat'))
      await f.approve(b, reference)
      assert.equal(await f.state(reference), 'pending')
      await f.approve(a, reference)
      assert.equal(await f.state(reference), 'approved')
    })
  })

  describe('all of those who could when the tier opened', () => {
    it('decide: makers are not among them, those who come later neither, and those who lose the role no more', async () => {
      const roles = ['grievance-supervisor']
      const [a, b] = [await f.person({ roles }), await f.person({ roles })]
      await f.policy([{ kind: 'decide', approvers: [{ role: roles[0]! }], need: 'all' }])
      const alsoMaker = await f.person({ roles })
      const { reference } = await f.submitted(maker, { makers: [alsoMaker.actor.id] })
      assert.deepEqual(
        (await f.approvals.get(a, reference)).plan[0]!.candidates.map(c => c.username).toSorted(),
        [a.actor.name, b.actor.name].toSorted(),
      )
      const late = await f.person({ roles })
      await assert.rejects(f.approve(late, reference), noApprover)
      await f.approve(a, reference)
      await f.db.run(sql`DELETE FROM access.grants WHERE holder_id = ${b.actor.id}`)
      await assert.rejects(f.approve(b, reference), refused('forbidden'))
      assert.equal(await f.state(reference), 'pending')
    })

    it('are never nobody: a tier of nobody waits', async () => {
      const gone = await f.person({ roles: ['grievance-officer', 'validator'] })
      await f.policy([{ kind: 'decide', approvers: [{ role: 'grievance-officer' }], need: 'all' }])
      await f.db.run(sql`DELETE FROM access.grants WHERE holder_id = ${gone.actor.id}`)
      const { reference } = await f.submitted(maker)
      await assert.rejects(f.approve(first, reference), noApprover)
      assert.equal(await f.state(reference), 'pending')
    })
  })

  describe('a deputy', () => {
    it('acts as far as the delegator’s grants reach now, in the time and for the types that were said', async () => {
      await f.policy([byApprovers(1)])
      const north = await f.person({ ...APPROVER, areas: ['XXN'] })
      const deputy = await f.person({ roles: ['validator'], areas: ['XXS'] })
      const as = north.actor.name
      const inNorth = await f.submitted(maker, { area: 'XXN1' })
      const inSouth = await f.submitted(maker, { area: 'XXS' })
      await assert.rejects(f.approve(deputy, inNorth.reference, as), noDelegation)
      const { reference } = await delegate(north, deputy, { subjectTypes: ['thing'] })
      await assert.rejects(f.approve(deputy, inSouth.reference, as), noApprover)
      await assert.rejects(f.approve(deputy, inNorth.reference), refused('not_found'))
      const waiting = await f.approvals.list(deputy, { mine: 'decidable', onBehalfOf: as }, { limit: 10 })
      assert.deepEqual(
        waiting.items.map(i => i.reference),
        [inNorth.reference],
      )
      await f.db.run(
        sql`UPDATE access.grants SET area_ids = ${[f.areas.XXS!]} WHERE holder_id = ${north.actor.id}`,
      )
      await assert.rejects(f.approve(deputy, inNorth.reference, as), refused('not_found'))
      await f.approve(deputy, inSouth.reference, as)
      await f.approvals.revokeDelegation(north, reference)
      await assert.rejects(f.approve(deputy, inNorth.reference, as), noDelegation)
    })

    it('has no deputies, is not the same person, and is made by whoever is away or by an administrator', async () => {
      const [a, b, c] = [await f.person(APPROVER), await f.person(APPROVER), await f.person(APPROVER)]
      await delegate(a, b)
      await delegate(b, c)
      const { reference } = await f.submitted(maker)
      await assert.rejects(f.approve(c, reference, a.actor.name), noDelegation)
      const self = await f.person({ ...APPROVER, sameAs: a })
      await assert.rejects(delegate(a, self), refused('invalid'))
      await assert.rejects(delegate(c, b, { delegator: a.actor.name }), refused('forbidden'))
      await delegate(f.configurer, c, { delegator: a.actor.name })
      await f.approve(c, reference, a.actor.name)
    })

    it('is not made of themselves by those who configure approvals; whom somebody else decided for is told', async () => {
      const both = { roles: ['system-administrator', 'cycle-approver'] }
      const [eve, boss] = [await f.person(both), await f.person(APPROVER)]
      const twin = await f.person({ ...APPROVER, sameAs: eve })
      const robot = await f.client(eve, both)
      for (const [who, deputy] of [
        [eve, eve],
        [eve, twin],
        [robot, eve],
      ] as const)
        await assert.rejects(
          delegate(who, deputy, { delegator: boss.actor.name }),
          refused('rule_violated', 'own-delegation'),
        )
      const told = () =>
        f.db.query<{ payload: object }>(sql`
          SELECT payload FROM outbox.messages WHERE type = 'user.deputy-named' AND subject_id = ${boss.actor.id}`)
      await delegate(boss, eve)
      assert.deepEqual(await told(), [])
      await delegate(f.configurer, eve, { delegator: boss.actor.name })
      const [username, deputy, namedBy] = [boss, eve, f.configurer].map(c => c.actor.name)
      assert.deepEqual(await told(), [{ payload: { username, deputy, namedBy } }])
      await delegate(eve, boss, { delegator: twin.actor.name })
    })

    it('of somebody who was disabled does nothing more', async () => {
      const [away, deputy] = [await f.person(APPROVER), await f.person(APPROVER)]
      await delegate(away, deputy)
      await f.db.run(sql`UPDATE access.users SET status = 'disabled' WHERE id = ${away.actor.id}`)
      const { reference } = await f.submitted(maker)
      await assert.rejects(f.approve(deputy, reference, away.actor.name), noDelegation)
    })
  })

  describe('scope and grants', () => {
    it('a foreign area’s approver gets the same answer whether it exists or not', async () => {
      await f.policy([byApprovers(1)])
      const south = await f.person({ ...APPROVER, areas: ['XXS'] })
      const { reference } = await f.submitted(maker, { area: 'XXN1' })
      const answers = await Promise.all(
        [
          reference,
          'AP-00000-00001' + 'X',
          (await f.submitted(maker, { programId: uuid7() })).reference,
        ].flatMap(r => [
          f.approve(south, r).catch(e => `${e.code} ${e.message}`),
          f.approvals.get(south, r).catch(e => `${e.code} ${e.message}`),
          f.approvals.comment(south, r, 'hello').catch(e => `${e.code} ${e.message}`),
          f.approvals.withdraw(south, r, 'hello').catch(e => `${e.code} ${e.message}`),
          f.approvals.bypass(south, r, 'an emergency that is none').catch(e => `${e.code} ${e.message}`),
        ]),
      )
      assert.deepEqual(new Set(answers), new Set(['not_found There is no such approval.']))
    })

    it('what is of the whole country or of every program is not for those limited to a part', async () => {
      const parts = [
        await f.person({ ...APPROVER, areas: ['XXN'] }),
        await f.person({ ...APPROVER, programs: [uuid7()] }),
      ]
      const { reference } = await f.submitted(maker)
      for (const who of parts) await assert.rejects(f.approve(who, reference), refused('not_found'))
    })

    it('a role that is edited while its holder works counts as it is at the moment of deciding', async () => {
      await f.db.run(sql`
        INSERT INTO access.roles (id, code, name, permissions)
        VALUES (${uuid7()}, 'elder', 'Elder', '{cycle:approve,approval:read,approval:decide}')`)
      await f.policy([{ kind: 'decide', approvers: [{ permission: 'cycle:approve' }] }])
      const elder = await f.person({ roles: ['elder'] })
      const { reference } = await f.submitted(maker)
      await f.db.run(
        sql`UPDATE access.roles SET permissions = '{approval:read,approval:decide}' WHERE code = 'elder'`,
      )
      await assert.rejects(f.approve(elder, reference), noApprover)
      await f.db.run(sql`UPDATE access.users SET status = 'disabled' WHERE id = ${elder.actor.id}`)
      await assert.rejects(f.approve(elder, reference), refused('forbidden'))
    })

    it('and a token that was asked for less gives no more than that', async () => {
      await f.policy([byApprovers(1)])
      const owner = await f.client(undefined, APPROVER)
      const { reference } = await f.submitted(maker)
      const grants = owner.actor.grants.map(g => ({ ...g, permissions: new Set(['approval:read']) }))
      const narrow = { ...owner, actor: { ...owner.actor, grants } }
      await assert.rejects(f.approve(narrow, reference), refused('forbidden'))
      await f.approve(owner, reference)
    })

    it('and while the decision waits for a lock, too', async () => {
      const elder = await f.person(APPROVER)
      const { id, reference } = await f.submitted(maker)
      let decision: Promise<unknown> = Promise.resolve()
      await f.db.transaction(async () => {
        await f.db.run(sql`SELECT FROM test_things.things WHERE id = ${id} FOR UPDATE`)
        decision = outside(() => f.approve(elder, reference))
        decision.catch(() => {})
        await waiting(f)
        await f.db.run(sql`DELETE FROM access.grants WHERE holder_id = ${elder.actor.id}`)
      })
      await assert.rejects(decision, refused('forbidden'))
    })

    it('the submitter’s supervisor decides, and nobody else’s', async () => {
      const boss = await f.person({ roles: ['validator'] })
      const clerk = await f.person({ ...MAKER, supervisor: boss })
      const other = await f.person({ roles: ['validator'] })
      await f.policy([{ kind: 'decide', approvers: [{ supervisor: true }] }])
      const { reference } = await f.submitted(clerk)
      await assert.rejects(f.approve(other, reference), noApprover)
      await f.approve(boss, reference)
      assert.equal(await f.state(reference), 'approved')
    })
  })

  describe('at the same time', () => {
    it('editing and approving: what was submitted is what is applied, or nothing', async () => {
      await f.policy([byApprovers(1)])
      for (let round = 0; round < 12; round++) {
        const { id, reference } = await f.submitted(maker)
        const edit = f.db.transaction(async () => {
          await f.db.run(
            sql`SELECT FROM test_things.things WHERE id = ${id} AND state = 'submitted' FOR UPDATE`,
          )
          await new Promise(resolve => setTimeout(resolve, (round % 4) * 2))
          await f.db.run(
            sql`UPDATE test_things.things SET content = 'edited' WHERE id = ${id} AND state = 'submitted'`,
          )
        })
        const [, approval] = await Promise.allSettled([edit, f.approve(first, reference)])
        const thing = await f.thing(id)
        if (approval.status === 'fulfilled')
          assert.deepEqual([thing.state, thing.approved_content], ['approved', `content of ${id}`])
        else {
          refused('conflict', 'digest-differs')(approval.reason)
          assert.deepEqual([thing.state, thing.approved_content], ['returned', null])
          assert.equal(await f.state(reference), 'returned')
        }
      }
    })

    it('two for the last signature: it is approved once, and told once', async () => {
      const { id, reference } = await f.submitted(maker)
      const results = await Promise.allSettled([first, second, first].map(who => f.approve(who, reference)))
      assert.equal(results.filter(r => r.status === 'fulfilled').length, 1)
      assert.equal(f.told.filter(t => t === `approved ${id}`).length, 1)
    })

    it('one person with two accounts: one signature', async () => {
      await f.policy([byApprovers(2)])
      const twin = await f.person({ ...APPROVER, sameAs: first })
      const { reference } = await f.submitted(maker)
      const results = await Promise.allSettled([first, twin].map(who => f.approve(who, reference)))
      assert.equal(results.filter(r => r.status === 'fulfilled').length, 1)
      assert.equal(await f.state(reference), 'pending')
    })

    it('withdrawing and approving: one or the other', async () => {
      await f.policy([byApprovers(1)])
      for (let round = 0; round < 8; round++) {
        const { id, reference } = await f.submitted(maker)
        await Promise.allSettled([
          f.approve(first, reference),
          f.approvals.withdraw(maker, reference, 'wait'),
        ])
        const { state } = await f.thing(id)
        assert.ok(['approved', 'withdrawn'].includes(state), state)
        assert.equal(await f.state(reference), state)
      }
    })
  })

  it('what was changed since it was submitted goes back, whatever else is decided with it', async () => {
    await f.policy([byApprovers(1)])
    const [good, bad] = [await f.submitted(maker), await f.submitted(maker)]
    await f.db.run(sql`UPDATE test_things.things SET content = 'other' WHERE id = ${bad.id}`)
    const set = { references: [good.reference, bad.reference] }
    const { etag, risks } = await f.approvals.preview(first, set)
    assert.ok(risks.some(r => r.risk === 'changed-since-submitted' && r.references[0] === bad.reference))
    await assert.rejects(
      f.approvals.decideMany(first, set, etag, { verdict: 'approve' }),
      refused('conflict', 'digest-differs'),
    )
    assert.deepEqual([await f.state(good.reference), await f.state(bad.reference)], ['pending', 'returned'])
    const again = await f.submitted(maker, { id: bad.id })
    assert.equal((await f.approvals.get(first, again.reference)).previous, bad.reference)
  })

  it('a request that is decided is not decided again, and the policy it is under does not change', async () => {
    const code = await f.policy([byApprovers(2)])
    const { reference } = await f.submitted(maker)
    await f.approvals.updatePolicy(f.configurer, code, { name: 'Less', rank: 10, tiers: [byApprovers(1)] })
    await f.approve(first, reference)
    assert.equal(await f.state(reference), 'pending')
    await f.approvals.decide(second, reference, { verdict: 'reject', comment: 'no' })
    const third = await f.person(APPROVER)
    await assert.rejects(f.approve(third, reference), refused('conflict', 'approval-state'))
    await assert.rejects(
      f.approvals.decide(third, (await f.submitted(maker)).reference, { verdict: 'reject' }),
      refused('invalid'),
    )
  })

  /** Runs work outside the unit of work that it is called in. */
  const outside = <T>(work: () => Promise<T>): Promise<T> => runOutside(work)
})

/** Captured before any unit of work began, so that what runs in it is in none. */
const { AsyncResource } = await import('node:async_hooks')
const runOutside = AsyncResource.bind(<T>(work: () => Promise<T>): Promise<T> => work())

/** Until somebody waits for a lock. */
const waiting = async ({ db }: ApprovalFixture): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    const row = await db.one<{ n: number }>(sql`
      SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`)
    if (row!.n > 0) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('nobody waited')
}
