import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { systemCtx, uuid7 } from '#core/kernel/index.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { addUser, signedIn } from '#tests/support/people.ts'
import { populate } from '#tests/support/population.ts'

const root = systemCtx('fixture', 'fixture')
const PASSWORD = 'correct horse battery'

describe('the approvals API', () => {
  let g: TestGateway
  let manager: string
  let approver: string
  let director: string
  let administrator: string
  let n = 0

  before(async () => {
    g = await startTestGateway()
    await populate(g.db, { households: 20 })
    manager = await g.as('program-manager')
    approver = await g.as('cycle-approver')
    director = await g.as(['cycle-approver', 'payment-approver'])
    administrator = await g.as('system-administrator')
    const { programs, ledger } = g.services
    await ledger.openFund(root, { code: 'FUND', name: 'Fund', currency: 'KES' })
    await ledger.allocate(root, 'FUND', { amount: '1000000' })
    await programs.createProgram(root, {
      code: 'CASH',
      name: 'Cash',
      target: 'group',
      currency: 'KES',
      fund: 'FUND',
      rules: ['true'],
      components: [{ code: 'CASH', kind: 'cash', amount: '100' }],
    })
    await programs.changeState(root, 'CASH', 'active')
    await g.job((await programs.enrol(root, 'CASH')).job)
  })
  after(() => g.close())

  const post = (path: string, token: string, body?: object, headers: Record<string, string> = {}) =>
    g.call('POST', `/api/v1${path}`, { token, body, headers })
  const get = (path: string, token: string) => g.call('GET', `/api/v1${path}`, { token })
  /** A submitted cycle: its reference, and that of the request for its approval. */
  const submitted = async () => {
    const body = { code: `C-${++n}`, name: 'July', validFrom: '2026-07-01', validUntil: '2036-07-31' }
    const { reference } = (await post('/programs/CASH/cycles', manager, body)).body
    await g.job((await post(`/cycles/${reference}/prepare`, manager)).body.job)
    const answer = await post(`/cycles/${reference}/submit`, manager)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return { cycle: reference as string, approval: answer.body.approval as string }
  }
  const policy = async (policy: object) => {
    const code = `POLICY-${++n}`
    const made = await post('/approval-policies', administrator, {
      code,
      name: code,
      subjectType: 'cycle',
      rank: 10,
      ...policy,
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const etag = made.headers.get('ETag')!
    assert.equal(
      (await post(`/approval-policies/${code}/activate`, administrator, undefined, { 'If-Match': etag }))
        .status,
      200,
    )
    return code
  }

  it('without a policy: one other person, who finds it in the inbox; the cycle and the request tell of each other', async () => {
    const { cycle, approval } = await submitted()
    assert.deepEqual((await get('/approval-counts', approver)).body, {
      decidable: 1,
      overdue: 0,
      informed: 0,
    })
    const { items } = (await get('/approvals?mine=decidable&subjectType=cycle&program=CASH', approver)).body
    assert.deepEqual(
      items.map((i: { reference: string; subject: string }) => [i.reference, i.subject]),
      [[approval, cycle]],
    )
    const view = (await get(`/approvals/${approval}`, approver)).body
    assert.deepEqual(
      [view.facts.program, view.facts.total, view.facts.entitlements, view.facts.first, view.unchanged],
      ['CASH', '2000.00', 20, true, true],
    )
    assert.deepEqual(view.amount, { value: '2000.00', currency: 'KES' })
    const own = await post(`/approvals/${approval}/decision`, manager, { verdict: 'approve' })
    assert.deepEqual([own.status, own.body.rule], [422, 'maker-is-checker'])
    assert.equal((await post(`/cycles/${cycle}/approve`, approver)).body.state, 'approved')
    assert.equal((await get(`/approvals/${approval}`, manager)).body.state, 'approved')
  })

  it('a policy with two tiers: the cycle’s own endpoint counts as a signature, the second approves', async () => {
    const code = await policy({
      condition: 'total > 1000 && program == "CASH"',
      tiers: [
        { kind: 'decide', approvers: [{ permission: 'cycle:approve' }] },
        {
          kind: 'decide',
          approvers: [{ role: 'payment-approver' }],
          need: 1,
          deadlines: [{ hours: 24, end: 'return' }],
        },
      ],
    })
    const { cycle, approval } = await submitted()
    const first = await post(`/cycles/${cycle}/approve`, approver)
    assert.deepEqual([first.status, first.body.state], [200, 'submitted'])
    const again = await post(`/cycles/${cycle}/approve`, approver)
    assert.deepEqual([again.status, again.body.rule], [422, 'one-person-once'])
    const key = { 'Idempotency-Key': 'decide-once' }
    const decision = { verdict: 'approve', comment: 'Fine.' }
    const second = await post(`/approvals/${approval}/decision`, director, decision, key)
    assert.deepEqual(
      [second.body.state, second.body.policy, second.body.reason],
      ['approved', { code, version: 2 }, 'not-pending'],
    )
    assert.equal(
      (await post(`/approvals/${approval}/decision`, director, decision, key)).headers.get(
        'Idempotency-Replayed',
      ),
      'true',
    )
    assert.equal((await get(`/cycles/${cycle}`, manager)).body.state, 'approved')
    assert.equal((await post(`/approval-policies/${code}/archive`, administrator)).status, 200)
  })

  it('returned for revision, submitted again, withdrawn, cancelled', async () => {
    const { cycle, approval } = await submitted()
    const missing = await post(`/approvals/${approval}/decision`, approver, { verdict: 'return' })
    assert.deepEqual([missing.status, missing.body.errors[0].pointer], [400, '/comment'])
    await post(`/approvals/${approval}/decision`, approver, {
      verdict: 'return',
      comment: 'July has 31 days.',
    })
    const returned = (await get(`/cycles/${cycle}`, manager)).body
    assert.deepEqual([returned.state, returned.comment], ['prepared', 'July has 31 days.'])
    const next = (await post(`/cycles/${cycle}/submit`, manager)).body.approval
    assert.equal((await get(`/approvals/${next}`, approver)).body.previous, approval)
    await post(`/approvals/${next}/withdraw`, manager, { comment: 'One more day.' })
    assert.equal((await get(`/cycles/${cycle}`, manager)).body.state, 'prepared')
    const last = (await post(`/cycles/${cycle}/submit`, manager)).body.approval
    await post(`/cycles/${cycle}/cancel`, manager, { comment: 'Not this month.' })
    assert.equal((await get(`/approvals/${last}`, approver)).body.state, 'withdrawn')
  })

  it('changed after it was submitted: refused and given back, also with an Idempotency-Key', async () => {
    const { cycle, approval } = await submitted()
    await g.db.run(sql`
      UPDATE programs.entitlements SET amount = amount + 1
      WHERE cycle_id = (SELECT id FROM programs.cycles WHERE kernel.reference('CY', ref) = ${cycle})`)
    assert.equal((await get(`/approvals/${approval}`, approver)).body.unchanged, false)
    const headers = { 'Idempotency-Key': 'changed' }
    const refused = await post(`/cycles/${cycle}/approve`, approver, undefined, headers)
    assert.deepEqual([refused.status, refused.body.rule], [409, 'digest-differs'])
    assert.equal((await get(`/approvals/${approval}`, approver)).body.state, 'returned')
    assert.equal((await get(`/cycles/${cycle}`, manager)).body.state, 'prepared')
  })

  it('rejected: the cycle is cancelled, and nothing of it is left to approve', async () => {
    const { cycle, approval } = await submitted()
    const decision = { verdict: 'reject', comment: 'Not this year.' }
    assert.equal((await post(`/approvals/${approval}/decision`, approver, decision)).body.state, 'rejected')
    const { state, comment } = (await get(`/cycles/${cycle}`, manager)).body
    assert.deepEqual([state, comment], ['cancelled', 'Not this year.'])
    const left = await g.db.one(sql`
      SELECT count(*)::int AS n FROM programs.entitlements
      WHERE cycle_id = (SELECT id FROM programs.cycles WHERE kernel.reference('CY', ref) = ${cycle})`)
    assert.equal(left!.n, 0)
  })

  it('many at once: previewed, refused when the set is another, then approved together', async () => {
    const [one, two] = [await submitted(), await submitted()]
    const selection = { filter: { subjectType: 'cycle' } }
    const shown = (await post('/approval-previews', approver, selection)).body
    assert.deepEqual([shown.decidable, shown.totals], [2, [{ value: '4000.00', currency: 'KES', count: 2 }]])
    const three = await submitted()
    const decide = (etag: string) =>
      post('/approval-decisions', approver, { ...selection, etag, decision: { verdict: 'approve' } })
    assert.equal((await decide(shown.etag)).status, 412)
    const now = (await post('/approval-previews', approver, selection)).body
    assert.deepEqual((await decide(now.etag)).body, { decided: 3, finished: 3 })
    for (const { cycle } of [one, two, three])
      assert.equal((await get(`/cycles/${cycle}`, manager)).body.state, 'approved')
  })

  it('a deputy, as the trail tells; and grants that end with the account', async () => {
    const { access } = g.services
    const signIn = async (username: string, roles: string[]) => {
      await access.createUser(root, {
        username,
        name: username,
        password: PASSWORD,
        grants: roles.map(role => ({ role })),
      })
      return (await g.call('POST', '/api/v1/sessions', { body: { username, password: PASSWORD } })).body
        .token as string
    }
    const away = await signIn('away', ['cycle-approver'])
    const deputy = await signIn('deputy', ['validator'])
    const { approval } = await submitted()
    const decision = { verdict: 'approve', onBehalfOf: 'away' }
    assert.equal((await post(`/approvals/${approval}/decision`, deputy, decision)).body.rule, 'no-delegation')
    const made = await post('/approval-delegations', away, {
      deputy: 'deputy',
      from: new Date(Date.now() - 1000).toISOString(),
      until: new Date(Date.now() + 60_000).toISOString(),
      subjectTypes: ['cycle'],
      reason: 'Leave',
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const list = await get('/approvals?mine=decidable&onBehalfOf=away', deputy)
    assert.deepEqual(
      list.body.items.map((i: { reference: string }) => i.reference),
      [approval],
    )
    const decided = await post(`/approvals/${approval}/decision`, deputy, decision)
    assert.equal(decided.body.state, 'approved', JSON.stringify(decided.body))
    const last = decided.body.timeline.at(-1)
    assert.deepEqual([last.by, last.onBehalfOf], ['deputy', 'away'])
    assert.equal((await post(`/approval-delegations/${made.body.reference}/revoke`, away)).status, 204)
  })

  it('who may not see the answer does not decide; who decided sees it, also where nothing else is theirs', async () => {
    const role = { code: 'mute', name: 'Mute', permissions: ['approval:decide', 'cycle:approve'] }
    assert.equal((await post('/roles', administrator, role)).status, 201)
    const { approval } = await submitted()
    const decision = `/approvals/${approval}/decision`
    assert.equal((await post(decision, await g.as('mute'), { verdict: 'approve' })).status, 403)
    assert.equal((await get(`/approvals/${approval}`, approver)).body.state, 'pending')

    await addUser(g, 'on-leave', 'cycle-approver')
    await g.services.access.createUser(root, {
      username: 'elsewhere',
      name: 'Elsewhere',
      password: PASSWORD,
      grants: [{ role: 'validator', areaIds: [uuid7()] }],
    })
    const deputy = await signedIn(g, 'elsewhere', { password: PASSWORD })
    const leave = {
      deputy: 'elsewhere',
      from: new Date(Date.now() - 1000).toISOString(),
      until: new Date(Date.now() + 60_000).toISOString(),
      reason: 'Leave',
    }
    assert.equal((await post('/approval-delegations', await signedIn(g, 'on-leave'), leave)).status, 201)
    assert.equal((await get(`/approvals/${approval}`, deputy)).status, 404)
    const answer = await post(decision, deputy, { verdict: 'approve', onBehalfOf: 'on-leave' })
    assert.deepEqual([answer.status, answer.body.state], [200, 'approved'], JSON.stringify(answer.body))
  })

  it('an emergency is approved at once and reviewed by another; a freeze stops everything else', async () => {
    const { cycle, approval } = await submitted()
    assert.equal((await post(`/approvals/${approval}/bypass`, approver, { reason: 'short' })).status, 400)
    const reason = 'The river broke its banks tonight.'
    const bypassed = await post(`/approvals/${approval}/bypass`, approver, { reason })
    assert.deepEqual([bypassed.status, bypassed.body.state, bypassed.body.bypassed], [200, 'approved', true])
    assert.equal((await get(`/cycles/${cycle}`, manager)).body.state, 'approved')
    const open = (await get('/approval-bypasses?open=true', manager)).body.items
    assert.deepEqual(
      open.map((b: { approval: string }) => b.approval),
      [approval],
    )
    const review = { finding: 'justified', comment: 'It did.' }
    assert.equal((await post(`/approvals/${approval}/review`, manager, review)).body.rule, 'maker-is-checker')
    const reviewed = await post(`/approvals/${approval}/review`, await g.as('program-manager'), review)
    assert.deepEqual([reviewed.status, reviewed.body.timeline.at(-1).kind], [200, 'review'])
    const freeze = await post('/approval-freezes', administrator, {
      from: new Date(Date.now() - 1000).toISOString(),
      until: new Date(Date.now() + 3_600_000).toISOString(),
      programs: ['CASH'],
      reason: 'Year end',
    })
    assert.equal(freeze.status, 201, JSON.stringify(freeze.body))
    assert.deepEqual([freeze.body.programs, freeze.body.subjectTypes], [['CASH'], null])
    await assert.rejects(submitted(), /frozen/)
    assert.equal((await post(`/approval-freezes/${freeze.body.reference}/end`, administrator)).status, 204)
    await submitted()
    assert.equal((await get('/approval-freezes', manager)).body.items.length, 1)
    assert.ok(
      (await get('/approval-subjects', manager)).body.items.some(
        (s: { type: string }) => s.type === 'payment-batch',
      ),
    )
  })

  it('those who submit say something to those who approve', async () => {
    const body = { code: `C-${++n}`, name: 'August', validFrom: '2026-08-01', validUntil: '2036-08-31' }
    const { reference } = (await post('/programs/CASH/cycles', manager, body)).body
    await g.job((await post(`/cycles/${reference}/prepare`, manager)).body.job)
    const comment = 'The same people as in July.'
    const { approval } = (await post(`/cycles/${reference}/submit`, manager, { comment })).body
    const { timeline, signatures } = (await get(`/approvals/${approval}`, approver)).body
    assert.deepEqual([timeline[0].kind, timeline[0].comment, signatures], ['submit', comment, []])
    await post(`/approvals/${approval}/decision`, approver, { verdict: 'approve', comment: 'Fine.' })
    const [signature] = (await get(`/approvals/${approval}`, approver)).body.signatures
    assert.deepEqual([signature.tier, signature.onBehalfOf, signature.comment], [1, null, 'Fine.'])
  })

  it('what is wrong with a policy is said once, at its place; what will not work is a warning', async () => {
    const tiers = (approver: object, more: object = {}) => ({
      code: `POLICY-${++n}`,
      name: 'Some',
      subjectType: 'cycle',
      rank: 77,
      tiers: [{ kind: 'decide', approvers: [{ role: 'cycle-approver' }, approver], ...more }],
    })
    const wrong = async (policy: object) =>
      (await post('/approval-policies', administrator, policy)).body.errors.map(
        (e: { pointer: string; code: string }) => `${e.pointer} ${e.code}`,
      )
    for (const approver of [{ role: 'auditor', supervisor: true }, { scope: 'anywhere' }])
      assert.deepEqual(await wrong(tiers(approver)), ['/tiers/0/approvers/1 one-of'])
    assert.deepEqual(await wrong(tiers({ rolle: 'auditor' })), [
      '/tiers/0/approvers/1/rolle additionalProperties',
    ])
    assert.deepEqual(await wrong(tiers({ supervisor: true }, { need: 'most' })), ['/tiers/0/need enum'])
    const made = await post('/approval-policies', administrator, tiers({ role: 'auditor' }))
    assert.deepEqual(
      made.body.warnings.map((w: { pointer: string; code: string }) => `${w.pointer} ${w.code}`),
      ['/tiers/0/approvers/1/role cannot-decide'],
    )
  })

  it('many are asked for by reference or by a filter, and onBehalfOf stands beside them', async () => {
    const { approval } = await submitted()
    const references = [approval]
    for (const body of [{}, { references, filter: {} }, { filter: { subjectType: 'circle' } }])
      assert.equal((await post('/approval-previews', approver, body)).status, 400, JSON.stringify(body))
    const decide = { etag: '0'.repeat(64), decision: { verdict: 'approve', onBehalfOf: 'away' } }
    assert.equal((await post('/approval-decisions', approver, { references, ...decide })).status, 400)
    const absent = { references, onBehalfOf: 'nobody' }
    const both = [
      await post('/approval-previews', approver, absent),
      await post('/approval-decisions', approver, { ...absent, ...decide, decision: { verdict: 'approve' } }),
    ]
    assert.deepEqual(
      both.map(a => a.body.rule),
      ['no-delegation', 'no-delegation'],
    )
  })

  it('nobody decides by saying more than they are asked', async () => {
    const { approval } = await submitted()
    for (const more of [{ state: 'approved' }, { makers: [] }, { tier: 9 }, { onBehalfOf: null }]) {
      const answer = await post(`/approvals/${approval}/decision`, approver, { verdict: 'approve', ...more })
      assert.equal(answer.status, 400, JSON.stringify(more))
    }
    assert.equal((await get(`/approvals/${approval}`, approver)).body.state, 'pending')
  })
})
