import assert from 'node:assert/strict'
import { type Permission, ROLES } from '#core/access/index.ts'
import { type CallOptions, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'
import { type Described, describedOperations } from '#tests/support/openapi.ts'

/** A body of each media type that an operation may take: right enough to be read, empty enough to do nothing. */
const BODIES: Record<string, string> = {
  'application/json': '{}',
  'application/x-www-form-urlencoded': '',
  'text/csv': '\n',
  'application/xml': '<x/>',
}

/**
 * What an auditor can ask for that is no GET: files of what they may read; what is theirs alone of approvals, which for
 * somebody who submits and decides nothing is nothing; and what needs one permission or another by the state of a thing,
 * and is refused then (`core/programs/cycles.test.ts`, `core/payments/batches.test.ts`).
 */
const BY_AUDITORS = [
  'exportAuditEntries',
  'acknowledgeApproval',
  'cancelCycle',
  'cancelPaymentBatch',
  'withdrawApproval',
  'createApprovalDelegation',
  'revokeApprovalDelegation',
]

/** How an operation is called. Fails for one that has something no test knows how to fill in. */
const callOf = (o: Described): { path: string; options: CallOptions } => {
  const path = o.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const parameter = o.parameters.find(p => p.in === 'path' && p.name === name)
    assert.ok(parameter, `${o.id}: the path parameter ${name} is not described`)
    return 'X1'
  })
  const types = Object.keys(o.bodies)
  if (types.length === 0) return { path, options: {} }
  const type = types.find(t => BODIES[t] !== undefined)
  assert.ok(type, `${o.id}: no test knows how to send ${types.join(', ')}`)
  return { path, options: { raw: BODIES[type]!, headers: { 'Content-Type': type } } }
}

describe('every operation', function () {
  this.timeout(60_000)
  const guarded = describedOperations().operations.filter(o => o.operation['x-permission'])
  let g: TestGateway
  const tokens = new Map<string, string>()
  before(async () => {
    g = await startTestGateway()
    for (const role of Object.keys(ROLES)) tokens.set(role, await g.as(role))
    tokens.set('all', await g.as(Object.keys(ROLES)))
  })
  after(() => g.close())

  const call = (o: Described, more: CallOptions = {}) => {
    const { path, options } = callOf(o)
    return g.call(o.method.toUpperCase(), path, { ...options, ...more })
  }

  it('is closed to those who do not sign in', async () => {
    assert.ok(guarded.length >= 20, `${guarded.length} operations`)
    for (const o of guarded) assertProblem(await call(o), 401, { about: o.id })
  })

  it('is closed to every role without its permission, whatever is asked of it', async () => {
    let refused = 0
    for (const o of guarded) {
      const permission = o.operation['x-permission']!
      if (permission === 'any') continue
      const lacking = Object.keys(ROLES).filter(role => !ROLES[role]!.includes(permission as Permission))
      assert.ok(lacking.length > 0, `${o.id}: every role has ${permission}`)
      for (const role of lacking) {
        assertProblem(await call(o, { token: tokens.get(role)! }), 403, { about: `${o.id} as ${role}` })
        refused++
      }
    }
    assert.ok(refused >= 100, `${refused} refusals`)
  })

  it('changes nothing for an auditor, who may only take note, take out what they may read, and see to their own account', async () => {
    const writes = guarded.filter(
      o => o.method !== 'get' && ROLES.auditor!.includes(o.operation['x-permission'] as Permission),
    )
    assert.deepEqual(writes.map(o => o.id).toSorted(), [...BY_AUDITORS].toSorted())
    const own = guarded
      .filter(o => o.method !== 'get' && o.operation['x-permission'] === 'any')
      .map(o => o.path)
    for (const path of own)
      assert.match(path, /^\/api\/v1\/(sessions|second-factor|password|identities|notifications)/)
    const [from, until] = ['2099-01-01T00:00:00Z', '2099-01-02T00:00:00Z']
    const body = { deputy: 'somebody', from, until, reason: 'Away' }
    const deputy = await g.call('POST', '/api/v1/approval-delegations', {
      token: tokens.get('auditor')!,
      body,
    })
    assertProblem(deputy, 403)
  })

  it('is open to who has the permission, and survives being asked for nothing', async () => {
    for (const o of guarded) {
      if (o.id === 'deleteCurrentSession') continue
      const { status } = await call(o, { token: tokens.get('all')! })
      assert.ok(status !== 401 && status !== 403 && status < 500, `${o.id} answered ${status}`)
    }
  })
})
