import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import type { Tier } from '#core/approvals/index.ts'
import { type Ctx, DomainError, type Issue } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'
import { refused } from '#tests/support/cycles.ts'

const DECIDE: Tier = { kind: 'decide', approvers: [{ role: 'cycle-approver' }] }

describe('the inbox of approvals', () => {
  let f: ApprovalFixture
  let maker: Ctx
  let approver: Ctx
  before(async () => {
    f = await approvalFixture()
    maker = await f.person({ roles: ['program-manager', 'cycle-approver'] })
    approver = await f.person({ roles: ['cycle-approver'] })
  })
  after(() => f.db.close())
  beforeEach(() =>
    f.db.run(
      sql`UPDATE approvals.requests SET state = 'withdrawn', decided_at = now() WHERE state = 'pending'`,
    ),
  )

  const decidable = async (ctx: Ctx) =>
    (await f.approvals.list(ctx, { mine: 'decidable' }, { limit: 200 })).items.map(i => i.reference)

  it('shows what waits for somebody, why the rest does not, and counts alike', async () => {
    await f.policy([DECIDE])
    const north = await f.person({ roles: ['cycle-approver'], areas: ['XXN'] })
    const mine = await f.submitted(approver, { area: 'XXN1' })
    const others = await f.submitted(maker, { area: 'XXN1' })
    const south = await f.submitted(maker, { area: 'XXS' })
    assert.deepEqual(await decidable(approver), [south.reference, others.reference])
    assert.deepEqual(await decidable(north), [others.reference, mine.reference])
    assert.deepEqual(await decidable(maker), [mine.reference])
    const all = await f.approvals.list(approver, { state: 'pending' }, { limit: 10 })
    assert.deepEqual(
      all.items.map(i => [i.reference, i.reason]),
      [
        [south.reference, null],
        [others.reference, null],
        [mine.reference, 'maker-is-checker'],
      ],
    )
    const seen = await f.approvals.list(north, { state: 'pending' }, { limit: 10 })
    assert.ok(!seen.items.some(i => i.reference === south.reference))
    for (const who of [approver, north, maker])
      assert.equal((await f.approvals.counts(who)).decidable, (await decidable(who)).length)
    const submitted = await f.approvals.list(maker, { mine: 'submitted', state: 'pending' }, { limit: 10 })
    assert.deepEqual(
      submitted.items.map(i => i.reference),
      [south.reference, others.reference],
    )
  })

  it('tells each what they can do with a request, and what there is to look at', async () => {
    await f.policy([DECIDE])
    const auditor = await f.person({ roles: ['auditor'] })
    const manager = await f.person({ roles: ['program-manager'] })
    const { id, reference } = await f.submitted(maker, { amount: 666 })
    const options = async (who: Ctx) => (await f.approvals.get(who, reference)).options
    assert.deepEqual(await options(approver), ['decide', 'comment', 'bypass'])
    assert.deepEqual(await options(maker), ['comment', 'withdraw'])
    assert.deepEqual(await options(auditor), [])
    const risks = async () => {
      const [row] = (await f.approvals.list(approver, { mine: 'decidable' }, { limit: 1 })).items
      return [row!.risks, (await f.approvals.get(approver, reference)).risks]
    }
    assert.deepEqual(await risks(), [['odd'], ['odd']])
    await f.db.run(sql`UPDATE test_things.things SET content = 'another' WHERE id = ${id}`)
    assert.deepEqual(await risks(), [['odd'], ['odd', 'changed-since-submitted']])
    await f.db.run(sql`UPDATE test_things.things SET content = ${`content of ${id}`} WHERE id = ${id}`)

    await f.approvals.bypass(approver, reference, 'The river broke its banks.')
    assert.deepEqual(await options(approver), ['comment'])
    assert.deepEqual(await options(manager), ['comment', 'review'])
    await f.approvals.review(manager, reference, 'not-justified', 'It did not.')
    const { bypass, risks: left, options: now } = await f.approvals.get(manager, reference)
    assert.deepEqual(
      [bypass?.finding, bypass?.comment, left, now],
      ['not-justified', 'It did not.', [], ['comment']],
    )
  })

  it('finds again what somebody decided on', async () => {
    await f.policy([DECIDE])
    const { reference } = await f.submitted(maker)
    await f.approve(approver, reference)
    const decided = async (who: Ctx) =>
      (await f.approvals.list(who, { mine: 'decided' }, { limit: 1 })).items.map(i => i.reference)
    assert.deepEqual([await decided(approver), await decided(maker)], [[reference], []])
  })

  it('pages through everything once', async () => {
    const made = []
    for (let i = 0; i < 7; i++) made.push((await f.submitted(maker)).reference)
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await f.approvals.list(approver, { mine: 'decidable' }, { limit: 3, cursor })
      found.push(...page.items.map(i => i.reference))
      cursor = page.next
    } while (cursor)
    assert.deepEqual(found, made.toReversed())
    await assert.rejects(f.approvals.list(approver, {}, { limit: 3, cursor: 'WyJ4Il0' }), refused('invalid'))
  })

  it('tells those who are informed, who hold nothing up and take note', async () => {
    const clerk = await f.person({ roles: ['finance-officer'] })
    const informs: Tier = { kind: 'inform', approvers: [{ role: 'finance-officer' }] }
    await f.policy([informs, DECIDE, { ...informs, approvers: [{ role: 'auditor' }] }])
    const auditor = await f.person({ roles: ['auditor'] })
    const { reference } = await f.submitted(maker)
    const informed = async (who: Ctx) =>
      (await f.approvals.list(who, { mine: 'informed' }, { limit: 10 })).items.map(i => i.reference)
    assert.deepEqual([await informed(clerk), await informed(auditor)], [[reference], []])
    await f.approve(approver, reference)
    assert.equal(await f.state(reference), 'approved')
    assert.deepEqual(await informed(auditor), [reference])
    await assert.rejects(f.approvals.acknowledge(approver, reference), refused('forbidden', 'not-informed'))
    await f.approvals.acknowledge(clerk, reference)
    await f.approvals.acknowledge(clerk, reference)
    assert.deepEqual([await informed(clerk), (await f.approvals.counts(auditor)).informed], [[], 1])
  })

  it('shows of one what it is, who can decide and who did, and what was said', async () => {
    await f.policy([{ ...DECIDE, need: 2 }])
    const free = await f.person({ roles: ['cycle-approver'] })
    const { id, reference } = await f.submitted(maker, { amount: 250 })
    await f.approvals.comment(maker, reference, 'Please soon.')
    await f.approve(approver, reference)
    const view = await f.approvals.get(approver, reference)
    assert.deepEqual(
      [view.subject, view.facts, view.unchanged, view.reason],
      [`thing ${id}`, { amount: 250 }, true, 'one-person-once'],
    )
    assert.deepEqual([view.plan[0]!.agreed, view.plan[0]!.required, view.plan[0]!.state], [1, 2, 'open'])
    assert.deepEqual(
      view.plan[0]!.candidates.map(c => c.username),
      [free.actor.name],
    )
    assert.deepEqual(
      view.timeline.map(e => [e.kind, e.comment]),
      [
        ['submit', null],
        ['comment', 'Please soon.'],
        ['approve', null],
      ],
    )
    await assert.rejects(
      f.approvals.withdraw(approver, reference, 'no'),
      refused('forbidden', 'not-the-requester'),
    )
    await f.approvals.withdraw(maker, reference, 'A mistake.')
    assert.equal((await f.thing(id)).state, 'withdrawn')
    assert.equal((await f.approvals.get(approver, reference)).unchanged, null)
  })

  describe('many at once', () => {
    it('are shown with totals and risks, and decided as they were shown', async () => {
      await f.policy([DECIDE])
      const own = await f.submitted(approver)
      const amounts = [100, 100, 120, 666, 9000]
      const made = []
      for (const amount of amounts) made.push(await f.submitted(maker, { amount }))
      const foreign = 'AP-00000-00000' + '0'
      const set = { references: [...made.map(m => m.reference), own.reference, foreign] }
      const shown = await f.approvals.preview(approver, set)
      assert.deepEqual(shown.totals, [{ currency: 'KES', minor: 998_600n, count: 5 }])
      assert.deepEqual(shown.others, [
        { reason: 'maker-is-checker', count: 1, references: [own.reference] },
        { reason: 'not-found', count: 1, references: ['AP-00000-000000'] },
      ])
      assert.deepEqual(
        shown.risks.map(r => [r.risk, r.references]),
        [
          ['odd', [made[3]!.reference]],
          ['large-amount', [made[4]!.reference]],
        ],
      )
      const outcome = await f.approvals.decideMany(approver, set, shown.etag, { verdict: 'approve' })
      assert.deepEqual(outcome, { decided: 5, finished: 5 })
      assert.equal(await f.state(own.reference), 'pending')
      const trail = await f.db.one(sql`
        SELECT items, actor_id, details->'after'->0->>'state' AS state FROM audit.entries
        WHERE action = 'approval.approve' ORDER BY xid DESC LIMIT 1`)
      assert.deepEqual(trail, { items: 5, actor_id: approver.actor.id, state: 'approved' })
      const messages = await f.db.one(sql`
        SELECT count(*)::int AS n FROM outbox.messages WHERE type = 'approval.approved' AND payload->>'subjectId' = ANY(${made.map(m => m.id)})`)
      assert.equal(messages!.n, 5)
    })

    it('are either named or filtered, are of a kind there is, and are not nothing', async () => {
      const { reference } = await f.submitted(maker)
      const filter = { subjectType: 'thing' }
      for (const wrong of [{}, { references: [reference], filter }, { references: [] }])
        await assert.rejects(f.approvals.preview(approver, wrong), refused('invalid'))
      await assert.rejects(
        f.approvals.preview(approver, { filter: { subjectType: 'thign' } }),
        (e: DomainError) => e.issues[0]?.pointer === '/filter/subjectType' && e.issues[0].code === 'unknown',
      )
      await assert.rejects(
        f.approvals.list(approver, { subjectType: 'thign' }, { limit: 1 }),
        refused('invalid'),
      )
      const none = { references: ['AP-00000-000000'] }
      const { etag, others } = await f.approvals.preview(approver, none)
      assert.deepEqual(others, [{ reason: 'not-found', count: 1, references: ['AP-00000-000000'] }])
      await assert.rejects(
        f.approvals.decideMany(approver, none, etag, { verdict: 'approve' }),
        refused('rule_violated', 'nothing-to-decide'),
      )
    })

    it('warn of a program in which a bypass was found not to be justified, for 90 days', async () => {
      const programId = f.deps.ids.uuid()
      const boss = await f.person({ roles: ['cycle-approver', 'program-manager'] })
      const bypassed = await f.submitted(maker, { programId })
      await f.approvals.bypass(boss, bypassed.reference, 'There was no time to ask.')
      const { reference } = await f.submitted(maker, { programId })
      const other = await f.submitted(maker, { programId: f.deps.ids.uuid() })
      const warned = async () => {
        const set = { references: [reference, other.reference] }
        const { risks } = await f.approvals.preview(approver, set)
        return risks.filter(r => r.risk === 'earlier-bypass').flatMap(r => r.references)
      }
      assert.deepEqual(await warned(), [])
      const reviewer = await f.person({ roles: ['program-manager'] })
      await f.approvals.review(reviewer, bypassed.reference, 'not-justified', 'There was.')
      assert.deepEqual(await warned(), [reference])
      f.clock.advance(91 * 86_400_000)
      assert.deepEqual(await warned(), [])
    })

    it('warn of nothing that is not explained beside the kind of thing', async () => {
      const [thing] = await f.approvals.listSubjects(approver)
      assert.deepEqual(
        thing!.risks.map(r => r.risk),
        [
          'odd',
          'large-amount',
          'overdue',
          'submitted-again',
          'bypassed-before',
          'earlier-bypass',
          'maker-of-same-area',
          'changed-since-submitted',
        ],
      )
      assert.ok(thing!.risks.every(r => r.means.length > 10))
    })

    it('warn where whoever decides and whoever made it work in the same district alone', async () => {
      const local = { roles: ['cycle-approver'], areas: ['XXN'] }
      const [clerk, near, far] = [
        await f.person({ ...local, roles: ['program-manager'] }),
        await f.person(local),
        await f.person({ roles: ['cycle-approver'], areas: ['XX'] }),
      ]
      const { reference } = await f.submitted(clerk, { area: 'XXN1' })
      const risks = async (who: Ctx) =>
        (await f.approvals.preview(who, { references: [reference] })).risks.map(r => r.risk)
      assert.deepEqual([await risks(near), await risks(far)], [['maker-of-same-area'], []])
    })

    it('are refused when anything is not as it was shown: one more, one less, one decided', async () => {
      await f.policy([{ ...DECIDE, need: 2 }])
      const other = await f.person({ roles: ['cycle-approver'] })
      const everything = { filter: { subjectType: 'thing' } }
      const [one] = [await f.submitted(maker), await f.submitted(maker)]
      const changes = [
        () => f.submitted(maker),
        () => f.approve(other, one.reference),
        () => f.approvals.withdraw(maker, one.reference, 'no'),
      ]
      for (const change of changes) {
        const { etag } = await f.approvals.preview(approver, everything)
        await change()
        await assert.rejects(
          f.approvals.decideMany(approver, everything, etag, { verdict: 'approve' }),
          refused('precondition_failed'),
        )
      }
      const { etag, decidable: n } = await f.approvals.preview(approver, everything)
      assert.deepEqual(await f.approvals.decideMany(approver, everything, etag, { verdict: 'approve' }), {
        decided: n,
        finished: 0,
      })
    })
  })

  describe('policies', () => {
    it('are chosen by the lowest rank whose condition holds, and by the subject where there is none', async () => {
      await f.db.run(sql`UPDATE approvals.policies SET state = 'archived'`)
      const large = await f.policy([{ ...DECIDE, need: 2 }], { condition: 'amount > 1000', rank: 5 })
      const rest = await f.policy([DECIDE], { rank: 900 })
      const policyOf = async (amount: number) =>
        (await f.approvals.get(approver, (await f.submitted(maker, { amount })).reference)).policy?.code
      assert.deepEqual([await policyOf(1001), await policyOf(1000)], [large, rest])
      await f.approvals.archivePolicy(f.configurer, large)
      await f.db.run(sql`UPDATE approvals.policies SET state = 'archived'`)
      assert.equal(await policyOf(5000), undefined)
    })

    it('that cannot work are refused when they are written, with a pointer to what is wrong', async () => {
      const issues = async (tiers: Tier[], condition?: string) => {
        const policy = { code: 'BAD', name: 'Bad', subjectType: 'thing', rank: 1, tiers, condition }
        const error = await f.approvals.createPolicy(f.configurer, policy).catch((e: unknown) => e)
        assert.ok(error instanceof DomainError && error.code === 'invalid', String(error))
        return error.issues.map((i: Issue) => i.pointer)
      }
      const users = [approver.actor.name, maker.actor.name]
      assert.deepEqual(await issues([DECIDE], 'amonut > 3'), ['/condition'])
      assert.deepEqual(await issues([DECIDE], 'amount == "x"'), ['/condition'])
      assert.deepEqual(await issues([{ kind: 'inform', approvers: [{ role: 'auditor' }] }]), ['/tiers'])
      assert.deepEqual(
        await issues([{ ...DECIDE, approvers: [{ role: 'king' }, { users: [users[0]!, 'nobody'] }] }]),
        ['/tiers/0/approvers/0/role', '/tiers/0/approvers/1/users/1'],
      )
      const mixed = [
        {},
        { role: 'auditor', supervisor: true },
        { scope: 'anywhere', supervisor: true },
      ] as never
      assert.deepEqual(await issues([{ ...DECIDE, approvers: mixed }]), [
        '/tiers/0/approvers/0',
        '/tiers/0/approvers/1',
        '/tiers/0/approvers/2',
      ])
      assert.deepEqual(await issues([{ ...DECIDE, approvers: [{ users }], need: 3 }]), ['/tiers/0/need'])
      assert.deepEqual(
        await issues([
          {
            ...DECIDE,
            deadlines: [
              { hours: 1, end: 'return' },
              { hours: 0, escalateTo: [{ role: 'auditor' }], end: 'reject' },
            ],
          },
        ]),
        ['/tiers/0/deadlines/0/end', '/tiers/0/deadlines/1/hours', '/tiers/0/deadlines/1/end'],
      )
    })

    it('are written by those who configure approvals, and not over somebody else’s change', async () => {
      const policy = { code: 'MINE', name: 'Mine', subjectType: 'thing', rank: 1, tiers: [DECIDE] }
      await assert.rejects(f.approvals.createPolicy(maker, policy), refused('forbidden'))
      const { version } = await f.approvals.createPolicy(f.configurer, policy)
      await assert.rejects(f.approvals.createPolicy(f.configurer, policy), refused('conflict', 'code-taken'))
      await f.approvals.updatePolicy(f.configurer, 'MINE', { ...policy, rank: 2 }, version)
      await assert.rejects(
        f.approvals.activatePolicy(f.configurer, 'MINE', version),
        refused('precondition_failed'),
      )
      const audited = await f.db.one(sql`
        SELECT before, after FROM audit.entries WHERE action = 'approval-policy.update' ORDER BY xid DESC LIMIT 1`)
      assert.deepEqual(audited, { before: { rank: 1, version: 1 }, after: { rank: 2, version: 2 } })
      await f.approvals.archivePolicy(f.configurer, 'MINE')
      await assert.rejects(
        f.approvals.activatePolicy(f.configurer, 'MINE'),
        refused('conflict', 'policy-state'),
      )
    })
  })
})
