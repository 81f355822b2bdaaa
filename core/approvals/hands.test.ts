import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import type { UserChange } from '#core/access/index.ts'
import type { Tier } from '#core/approvals/index.ts'
import { type Ctx, systemCtx, uuid7 } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'
import { refused } from '#tests/support/cycles.ts'

const ROOT = systemCtx('test', 'test')
const APPROVER = { roles: ['cycle-approver'] } as const
const MAKER = { roles: ['program-manager', 'cycle-approver'] } as const
const BOSS = { supervisor: true } as const
const byApprovers = (need: number): Tier => ({
  kind: 'decide',
  approvers: [{ role: 'cycle-approver' }],
  need,
})
const makerIsChecker = refused('rule_violated', 'maker-is-checker')
const oncePerPerson = refused('rule_violated', 'one-person-once')
const noApprover = refused('forbidden', 'not-an-approver')

describe('whoever had a hand in a request stays so, whoever is whose person later:', () => {
  let f: ApprovalFixture
  let maker: Ctx
  let first: Ctx
  before(async () => {
    f = await approvalFixture()
    maker = await f.person(MAKER)
    first = await f.person(APPROVER)
  })
  after(() => f.db.close())

  const delegate = (from: Ctx, to: Ctx) =>
    f.approvals.delegate(from, {
      deputy: to.actor.name,
      from: new Date(f.clock.now().getTime() - 1),
      until: new Date(f.clock.now().getTime() + 3_600_000),
      reason: 'on leave',
    })
  const says = (who: Ctx, change: UserChange) => f.access.updateUser(ROOT, who.actor.name, change)
  const unite = (who: Ctx, other: Ctx) => says(who, { samePersonAs: other.actor.name })
  const secretOf = (client: Ctx, knower: Ctx) =>
    f.db.run(sql`
      INSERT INTO access.client_secrets (id, ref, client_id, hash, shown_to, created_at)
      VALUES (${uuid7()}, kernel.random_ref(), ${client.actor.id}, ${Buffer.alloc(32)}, ${knower.actor.id}, now())`)
  const others = async (ctx: Ctx, reference: string) =>
    (await f.approvals.preview(ctx, { references: [reference] })).others.map(o => o.reason)

  it('its maker, united with another account of theirs or set apart from it, one by one and in bulk', async () => {
    await f.policy([byApprovers(1)])
    const [mary, twin] = [await f.person(MAKER), await f.person(APPROVER)]
    const before = await f.submitted(mary)
    await unite(mary, twin)
    const within = await f.submitted(mary)
    for (const who of [mary, twin])
      for (const { reference } of [before, within]) {
        await assert.rejects(f.approve(who, reference), makerIsChecker)
        assert.deepEqual(await others(who, reference), ['maker-is-checker'])
      }
    await says(twin, { samePersonAs: null })
    await f.approve(twin, before.reference)
    await assert.rejects(f.approve(twin, within.reference), makerIsChecker)
    await f.approve(twin, (await f.submitted(mary)).reference)
    await says(mary, { samePersonAs: null })
    await assert.rejects(f.approve(mary, within.reference), makerIsChecker)
    await f.approve(first, within.reference)
  })

  it('who signed, in a quorum of two and in a later tier', async () => {
    for (const tiers of [[byApprovers(2)], [byApprovers(1), byApprovers(1)]]) {
      await f.policy(tiers)
      const [quinn, twin] = [await f.person(APPROVER), await f.person(APPROVER)]
      const { reference } = await f.submitted(maker)
      await f.approve(quinn, reference)
      await unite(quinn, twin)
      for (const who of [quinn, twin]) await assert.rejects(f.approve(who, reference), oncePerPerson)
      await says(quinn, { samePersonAs: null })
      await assert.rejects(f.approve(quinn, reference), oncePerPerson)
      assert.equal(await f.state(reference), 'pending')
    }
  })

  it('a deputy and whom they decided for, both', async () => {
    await f.policy([byApprovers(2)])
    const [away, deputy, x, y] = await Promise.all(Array.from({ length: 4 }, () => f.person(APPROVER)))
    await delegate(away!, deputy!)
    const { reference } = await f.submitted(maker)
    await f.approve(deputy!, reference, away!.actor.name)
    await unite(away!, x!)
    await unite(deputy!, y!)
    for (const who of [away!, deputy!, x!, y!]) await assert.rejects(f.approve(who, reference), oncePerPerson)
  })

  it('an API client whose owner changes, and whoever owned it or owns it', async () => {
    await f.policy([byApprovers(1)])
    const [olga, otto] = [await f.person(APPROVER), await f.person(APPROVER)]
    const robot = await f.client(olga, MAKER)
    const { reference } = await f.submitted(robot)
    await f.db.run(sql`UPDATE access.clients SET owner_id = ${otto.actor.id} WHERE id = ${robot.actor.id}`)
    for (const who of [robot, olga, otto]) await assert.rejects(f.approve(who, reference), makerIsChecker)
  })

  it('whoever was shown a secret of the client, then or since; and others of the same client are not they', async () => {
    const [olga, jack] = [await f.person(MAKER), await f.person(MAKER)]
    const robot = await f.client(olga, MAKER)
    const early = await f.submitted(robot)
    await secretOf(robot, jack)
    const later = await f.submitted(robot)
    const byJack = await f.submitted(jack)
    await assert.rejects(f.approve(robot, byJack.reference), makerIsChecker)
    for (const { reference } of [early, later])
      await assert.rejects(f.approve(jack, reference), makerIsChecker)
    await f.approve(olga, byJack.reference)
  })

  it('who bypassed it, and so does not review it', async () => {
    const [byron, twin] = [await f.person(MAKER), await f.person({ roles: ['program-manager'] })]
    const { reference } = await f.submitted(maker)
    await f.approvals.bypass(byron, reference, 'The flood took the bridge and people are hungry.')
    await unite(byron, twin)
    for (const who of [byron, twin])
      await assert.rejects(f.approvals.review(who, reference, 'justified', 'fine'), makerIsChecker)
  })

  it('and who is named stays named: in a policy, a roster, as a supervisor, as a deputy', async () => {
    const roles = ['validator']
    const [named, other] = [await f.person({ roles }), await f.person({ roles })]
    const clerk = await f.person({ ...MAKER, supervisor: named })
    const users = { users: [named.actor.name] }
    const requests: string[] = []
    for (const tier of [{ approvers: [users], need: 'all' }, { approvers: [users] }, { approvers: [BOSS] }]) {
      await f.policy([{ kind: 'decide', ...tier } as Tier])
      requests.push((await f.submitted(clerk)).reference)
    }
    const away = await f.person(APPROVER)
    await delegate(away, named)
    await unite(named, other)
    for (const reference of requests) await f.approve(named, reference)
    await f.policy([byApprovers(1)])
    await f.approve(other, (await f.submitted(maker)).reference, away.actor.name)
  })

  it('but by an API client that another knows how to sign in as, nobody is whom a policy names', async () => {
    const [named, jack] = [await f.person(APPROVER), await f.person(APPROVER)]
    await f.policy([{ kind: 'decide', approvers: [{ users: [named.actor.name] }] }])
    const robot = await f.client(named, APPROVER)
    await f.approve(robot, (await f.submitted(maker)).reference)
    await secretOf(robot, jack)
    await assert.rejects(f.approve(robot, (await f.submitted(maker)).reference), noApprover)
  })
})
