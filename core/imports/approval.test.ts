import assert from 'node:assert/strict'
import { systemCtx } from '#core/kernel/index.ts'
import { refused } from '#tests/support/cycles.ts'
import { personWith } from '#tests/support/programs.ts'
import { HEADER, type Rig, startRig } from './testing/rig.ts'

const FILE = `${HEADER}\nH1,head,Awa Diop,F,1980-01-02,,SN01,,,\nH2,head,Moussa Fall,M,1975-03-04,,SN02,,,\n`
const root = systemCtx('fixture', 'fixture')
const officer = personWith('registry-manager')
const manager = personWith('registry-manager')

describe('an import for which a policy asks approval', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig()
    await rig.approvals.createPolicy(root, {
      code: 'LARGE',
      name: 'Large files',
      subjectType: 'import',
      condition: 'create > 1',
      rank: 1,
      tiers: [{ kind: 'decide', approvers: [{ role: 'registry-manager' }] }],
    })
    await rig.approvals.activatePolicy(root, 'LARGE')
  })
  after(() => rig.db.close())

  it('is committed when it is approved as it is, and not when it was tested anew', async () => {
    const { imports, approvals } = rig
    const { reference } = await rig.test(FILE)
    const commit = () => imports.commit(officer, reference)
    const needed = refused('rule_violated', 'approval-required')
    await assert.rejects(commit(), needed)
    const standing = async () => (await imports.get(officer, reference)).approval
    assert.deepEqual(await standing(), { state: 'none', reference: null })
    const first = await imports.submit(officer, reference)
    await assert.rejects(imports.submit(officer, reference), refused('conflict', 'approval-pending'))
    await assert.rejects(
      approvals.decide(officer, first.approval, { verdict: 'approve' }),
      refused('rule_violated', 'maker-is-checker'),
    )
    await assert.rejects(commit(), needed)
    assert.deepEqual(await standing(), { state: 'pending', reference: first.approval })
    await approvals.decide(manager, first.approval, { verdict: 'approve' })
    assert.deepEqual(await standing(), { state: 'approved', reference: first.approval })
    await rig.work(await imports.retest(officer, reference, { areaCode: 'SN01' }))
    assert.deepEqual(await standing(), { state: 'none', reference: null })
    await assert.rejects(commit(), needed)
    const second = await imports.submit(officer, reference)
    await approvals.decide(manager, second.approval, { verdict: 'approve' })
    assert.equal((await commit()).state, 'committing')
  })

  it('is committed at once when none does', async () => {
    const { imports } = rig
    const one = `${HEADER}\nH9,head,Binta Sow,F,1990-01-02,,SN01,,,\n`
    const { reference } = await rig.test(one)
    assert.equal((await imports.get(officer, reference)).approval, null)
    await assert.rejects(imports.submit(officer, reference), refused('rule_violated', 'no-approval-needed'))
    assert.equal((await imports.commit(officer, reference)).state, 'committing')
  })
})
