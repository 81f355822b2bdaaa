import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import type { Approver, Tier } from '#core/approvals/index.ts'
import type { Ctx } from '#core/kernel/index.ts'
import { uuid7 } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'
import { refused } from '#tests/support/cycles.ts'

const by = (...approvers: Approver[]): Tier => ({ kind: 'decide', approvers })

describe('what cannot work in approvals', () => {
  let f: ApprovalFixture
  let approver: Ctx
  let clerk: Ctx
  let n = 0
  before(async () => {
    f = await approvalFixture()
    approver = await f.person({ roles: ['cycle-approver'] })
    clerk = await f.person({ roles: ['auditor'] })
  })
  after(() => f.db.close())

  const written = (tiers: Tier[], rank = 100 + n) => {
    const code = `W-${++n}`
    return f.approvals.createPolicy(f.configurer, { code, name: code, subjectType: 'thing', rank, tiers })
  }
  const activated = async (tiers: Tier[], rank?: number) =>
    f.approvals.activatePolicy(f.configurer, (await written(tiers, rank)).code)
  const told = ({ warnings }: { warnings: { pointer: string; code: string }[] }) =>
    warnings.map(w => `${w.pointer} ${w.code}`)

  it('is warned of: users and roles that may not decide, wherever in a policy they stand', async () => {
    const users = [approver.actor.name, clerk.actor.name]
    const tiers: Tier[] = [
      { kind: 'inform', approvers: [{ role: 'auditor' }] },
      {
        ...by({ role: 'cycle-approver' }, { users }),
        deadlines: [{ hours: 1, escalateTo: [{ role: 'auditor' }, { supervisor: true }] }],
      },
    ]
    const expected = [
      '/tiers/1/approvers/1/users/1 cannot-decide',
      '/tiers/1/deadlines/0/escalateTo/0/role cannot-decide',
    ]
    const draft = await written(tiers)
    assert.deepEqual(told(draft), expected)
    const { code, name, rank } = draft
    assert.deepEqual(
      told(await f.approvals.updatePolicy(f.configurer, code, { name, rank, tiers })),
      expected,
    )
    assert.deepEqual(told(await f.approvals.activatePolicy(f.configurer, code)), expected)
    await f.db.run(
      sql`INSERT INTO access.grants (id, holder_id, role) VALUES (${uuid7()}, ${clerk.actor.id}, 'validator')`,
    )
    assert.deepEqual(told(await written(tiers)), expected.slice(1))
    await f.db.run(sql`DELETE FROM access.grants WHERE holder_id = ${clerk.actor.id} AND role = 'validator'`)
    assert.deepEqual(told(await f.approvals.archivePolicy(f.configurer, code)), [])
  })

  it('is not put in force where nobody at all could decide in a tier', async () => {
    const noApprover = refused('rule_violated', 'no-approver')
    const nobody: Approver[] = [
      { role: 'warehouse-officer' },
      { role: 'auditor' },
      { users: [clerk.actor.name] },
    ]
    for (const one of nobody)
      await assert.rejects(activated([by({ role: 'cycle-approver' }), by(one)]), noApprover)
    const { code, rank } = await activated([by({ role: 'warehouse-officer' }, { supervisor: true })])
    const change = { name: 'Less', rank, tiers: [by({ role: 'warehouse-officer' })] }
    await assert.rejects(f.approvals.updatePolicy(f.configurer, code, change), noApprover)
    const later = {
      ...by({ role: 'warehouse-officer' }),
      deadlines: [{ hours: 1, escalateTo: [{ role: 'cycle-approver' }] }],
    }
    await activated([later])
    await f.client(undefined, { roles: ['payment-approver'] })
    await activated([by({ role: 'payment-approver' })])
    await activated([by({ permission: 'payment:approve' })])
  })

  it('is not put in force beside another of the same rank, whoever comes first', async () => {
    const tiers = [by({ role: 'cycle-approver' })]
    const [one, two] = [await written(tiers, 7), await written(tiers, 7)]
    const results = await Promise.allSettled(
      [one, two].map(p => f.approvals.activatePolicy(f.configurer, p.code)),
    )
    const failed = results.filter(r => r.status === 'rejected')
    assert.equal(failed.length, 1)
    refused('conflict', 'rank-taken')(failed[0]!.reason)
    assert.deepEqual(told(await written(tiers, 7)), ['/rank rank-taken'])
    const other = await activated(tiers, 8)
    const change = { name: 'Same', rank: 7, tiers }
    await assert.rejects(
      f.approvals.updatePolicy(f.configurer, other.code, change),
      refused('conflict', 'rank-taken'),
    )
  })

  it('is warned of: a deputy who may not decide; and a delegation is answered whole', async () => {
    const delegation = (deputy: Ctx) => ({
      deputy: deputy.actor.name,
      from: f.clock.now(),
      until: new Date(f.clock.now().getTime() + 1000),
      subjectTypes: ['thing'],
      reason: 'on leave',
    })
    const { warnings, ...made } = await f.approvals.delegate(approver, delegation(clerk))
    assert.deepEqual(told({ warnings }), ['/deputy cannot-decide'])
    const [listed] = await f.approvals.listDelegations(approver)
    assert.deepEqual(listed, made)
    const able = await f.person({ roles: ['validator'] })
    assert.deepEqual((await f.approvals.delegate(approver, delegation(able))).warnings, [])
  })
})
