import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { startTestGateway } from '#tests/support/gateway.ts'
import { describedOperations } from '#tests/support/openapi.ts'
import { accounts } from './mutations/accounts.ts'
import { country } from './mutations/country.ts'
import { giving, handingOver, paying } from './mutations/giving.ts'
import { goods } from './mutations/goods.ts'
import { type Snapshot, type Step, snapshot, take, type World, wrongsOf } from './mutations/walk.ts'

/** Every step in an order in which each works. To prove another operation, add its step to a module's table. */
const STEPS: readonly Step[] = [...country, ...goods, ...giving, ...paying, ...handingOver, ...accounts]

/** Operations that are called with something other than GET and change nothing of any thing, or are proved elsewhere. */
const EXEMPT: Record<string, string> = {
  checkDraftRules: 'asks',
  checkEligibility: 'asks',
  inspectFile: 'asks',
  previewApprovals: 'asks',
  verifyCredential: 'asks; that it was asked is a look (personal.test.ts)',
  exportAuditEntries: 'reads; that it was read is on the trail (gateway/routes/history.test.ts)',
  cancelImport: 'asks its job to stop, as cancelJob does',
  cancelJob: 'needs a job that lasts: core/jobs/jobs.test.ts',
  readNotifications: 'says how far one has read: core/notifications/notifications.test.ts',
  redeemEntitlement: 'needs the text of a card: core/distribution/distribution.test.ts',
  submitImport: 'needs a policy for imports: core/imports',
}
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
/** Sign-in, secrets, single sign-on and approvals have things of their own way, proved where they are made. */
const ELSEWHERE =
  /^(createSession|deleteCurrentSession|endOtherSessions|endSession|changePassword|\w*SecondFactor|renewRecoveryCodes|endUserSessions?|setTemporaryPassword|createToken|revokeToken|replaceClientKeys|rotateClientSecret|removeClientSecret|revokeClientTokens|(un)?linkIdentity|confirmIdentity|declineIdentity|beginSignIn|completeSignIn|\w*Approval(s|Policy|Delegation|Freeze)?)$/

describe('every mutating operation', function () {
  this.timeout(180_000)
  const operations = new Map(
    describedOperations()
      .operations.filter(o => o.method.toLowerCase() !== 'get')
      .map(o => [o.id, o]),
  )
  let world: World
  before(async () => {
    const g = await startTestGateway()
    const maker = await g.as([
      'system-administrator',
      'registry-manager',
      'program-manager',
      'finance-officer',
      'warehouse-officer',
    ])
    const checker = await g.as(['system-administrator', 'cycle-approver', 'payment-approver'])
    world = { g, tokens: { maker, checker }, names: {} }
  })
  after(() => world.g.close())

  it('is walked here, or said why not', () => {
    const walked = new Set(STEPS.map(s => s.does))
    assert.ok(
      operations.size >= 80 && walked.size >= 40,
      `${operations.size} operations, ${walked.size} walked`,
    )
    const unknown = [...operations.keys()].filter(id => !walked.has(id) && !EXEMPT[id] && !ELSEWHERE.test(id))
    assert.deepEqual(unknown, [])
    for (const id of [...walked, ...Object.keys(EXEMPT)])
      assert.ok(operations.has(id), `there is no operation ${id}`)
    assert.deepEqual(
      Object.keys(EXEMPT).filter(id => walked.has(id)),
      [],
    )
  })

  let last: Snapshot | undefined
  for (const [n, step] of STEPS.entries())
    it(`${n + 1}. ${step.does} says on the trail exactly what it changed`, async () => {
      await step.first?.(world)
      const before = step.first || !last ? await snapshot(world) : last
      const requestId = await take(world, { ...step, first: async () => {} }, operations.get(step.does)!)
      last = await snapshot(world)
      const [entries] = await world.g.db.query(
        sql`SELECT count(*)::int AS n FROM audit.entries WHERE request_id = ${requestId}`,
      )
      assert.ok(entries!.n > 0, 'there is no entry')
      assert.deepEqual(await wrongsOf(world, requestId, before, last), [])
    })

  it('is shown to auditors in the words of the vocabulary, without a single id of the database', async () => {
    const token = await world.g.as('auditor')
    const { actions } = (await world.g.call('GET', '/api/v1/audit-vocabulary', { token })).body
    const words = new Set(actions.map((a: { action: string }) => a.action))
    const ids: string[] = []
    let seen = 0
    for (let cursor = ''; ; ) {
      const { body } = await world.g.call('GET', `/api/v1/audit-entries?limit=100${cursor}`, { token })
      for (const { id, action, before, after } of body.items) {
        seen++
        assert.ok(words.has(action), `${action} is in the vocabulary`)
        if (ID.test(JSON.stringify([before, after])))
          ids.push(`${action}: ${JSON.stringify([before, after])}`)
        const rows = (await world.g.call('GET', `/api/v1/audit-entries/${id}?limit=5`, { token })).body.of
        if (ID.test(JSON.stringify(rows))) ids.push(`a row of ${action}: ${JSON.stringify(rows)}`)
      }
      if (!body.next) break
      cursor = `&cursor=${body.next}`
    }
    assert.ok(seen >= 100, `saw ${seen} entries`)
    assert.deepEqual(ids, [])
  })

  it('would be caught if it said nothing, or something else', async () => {
    const before = last!
    const [key, { type, id, state }] = [...before].find(([, thing]) => thing.type === 'program')!
    const after = new Map(before).set(key, { type, id, state: { ...state, name: 'Silently changed' } })
    assert.deepEqual(await wrongsOf(world, 'no-such-request', before, after), [
      `${key} has no entry; it changed name`,
    ])
  })
})
