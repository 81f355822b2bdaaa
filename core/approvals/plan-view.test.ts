import assert from 'node:assert/strict'
import type { Tier } from '#core/approvals/index.ts'
import type { Ctx } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'

const BY_APPROVER: Tier = { kind: 'decide', approvers: [{ role: 'cycle-approver' }] }
const BY_VALIDATOR: Tier = { kind: 'decide', approvers: [{ role: 'validator' }] }
const TO_AUDITOR: Tier = { kind: 'inform', approvers: [{ role: 'auditor' }] }
const TO_CLERK: Tier = { kind: 'inform', approvers: [{ role: 'finance-officer' }] }

describe('the tiers of a request, as they are shown', () => {
  let f: ApprovalFixture
  let maker: Ctx
  let approver: Ctx
  let validator: Ctx
  before(async () => {
    f = await approvalFixture()
    maker = await f.person({ roles: ['program-manager'] })
    approver = await f.person({ roles: ['cycle-approver'] })
    validator = await f.person({ roles: ['validator'] })
    await f.policy([TO_AUDITOR, BY_APPROVER, TO_CLERK, BY_VALIDATOR])
  })
  after(() => f.db.close())

  const states = async (reference: string) =>
    (await f.approvals.get(approver, reference)).plan.map(t => t.state)

  it('wait, are open, are done, or are skipped: what was never reached is never done', async () => {
    const { reference } = await f.submitted(maker)
    assert.deepEqual(await states(reference), ['done', 'open', 'waiting', 'waiting'])
    await f.approve(approver, reference)
    assert.deepEqual(await states(reference), ['done', 'done', 'done', 'open'])
    await f.approve(validator, reference)
    assert.deepEqual(await states(reference), ['done', 'done', 'done', 'done'])
    const ended = async (end: (reference: string) => Promise<unknown>) => {
      const request = await f.submitted(maker)
      await end(request.reference)
      return states(request.reference)
    }
    const why = 'The river broke its banks.'
    const skipped = ['done', 'done', 'skipped', 'skipped']
    for (const verdict of ['return', 'reject'] as const)
      assert.deepEqual(await ended(r => f.approvals.decide(approver, r, { verdict, comment: why })), skipped)
    assert.deepEqual(await ended(r => f.approvals.withdraw(maker, r, why)), skipped)
    assert.deepEqual(await ended(r => f.approvals.bypass(approver, r, why)), [
      'done',
      'skipped',
      'skipped',
      'skipped',
    ])
  })

  it('tell who took note and who may, and the timeline tells it too', async () => {
    const [one, two] = [await f.person({ roles: ['auditor'] }), await f.person({ roles: ['auditor'] })]
    const { reference } = await f.submitted(maker)
    const told = async () => {
      const { plan, timeline } = await f.approvals.get(approver, reference)
      const { agreed, candidates } = plan[0]!
      const noted = timeline.filter(e => e.kind === 'acknowledge').map(e => [e.by, e.tier])
      return { agreed, noted, may: candidates.map(c => c.username).toSorted() }
    }
    const names = [one.actor.name, two.actor.name].toSorted()
    assert.deepEqual(await told(), { agreed: 0, noted: [], may: names })
    await f.approvals.acknowledge(one, reference)
    await f.approvals.acknowledge(one, reference)
    assert.deepEqual(await told(), { agreed: 1, noted: [[one.actor.name, 1]], may: [two.actor.name] })
    await f.approvals.decide(approver, reference, { verdict: 'return', comment: 'No.' })
    await f.approvals.acknowledge(two, reference)
    assert.deepEqual((await told()).agreed, 2)
  })

  it('come with everybody who agreed, in order, for whom and with which words', async () => {
    const away = await f.person({ roles: ['validator'] })
    await f.approvals.delegate(away, {
      deputy: validator.actor.name,
      from: f.clock.now(),
      until: new Date(f.clock.now().getTime() + 3_600_000),
      reason: 'on leave',
    })
    const { reference } = await f.submitted(maker, { comment: 'For July.' })
    await f.approvals.decide(approver, reference, { verdict: 'approve', comment: 'Fine.' })
    await f.approve(validator, reference, away.actor.name)
    const { signatures, timeline } = await f.approvals.get(approver, reference)
    const at = f.clock.now()
    assert.deepEqual(signatures, [
      { by: approver.actor.name, tier: 2, onBehalfOf: null, comment: 'Fine.', at },
      { by: validator.actor.name, tier: 4, onBehalfOf: away.actor.name, comment: null, at },
    ])
    assert.deepEqual([timeline[0]!.kind, timeline[0]!.comment], ['submit', 'For July.'])
  })
})
