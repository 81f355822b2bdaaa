import assert from 'node:assert/strict'
import { systemCtx } from '#core/kernel/index.ts'
import { PASSWORD, type TestConsole } from './console.ts'
import { populate } from './population.ts'

const root = systemCtx('fixture', 'fixture')

/** People with a program, and the steps that lead to cycles of it that wait for approval, as a person of the console. */
export const cyclesOf = async (app: TestConsole, maker: string, name = 'Cash support') => {
  const { gateway: g } = app
  await populate(g.db, { households: 20 })
  const { programs, ledger } = g.services
  await ledger.openFund(root, { code: 'FUND', name: 'Fund', currency: 'KES' })
  await ledger.allocate(root, 'FUND', { amount: '1000000' })
  await programs.createProgram(root, {
    code: 'CASH',
    name,
    target: 'group',
    currency: 'KES',
    fund: 'FUND',
    rules: ['true'],
    components: [{ code: 'CASH', kind: 'cash', amount: '100' }],
  })
  await programs.changeState(root, 'CASH', 'active')
  await g.job((await programs.enrol(root, 'CASH')).job)
  const signedIn = await g.call('POST', '/api/v1/sessions', { body: { username: maker, password: PASSWORD } })
  const { token } = signedIn.body
  let n = 0

  /** Asks as the maker; fails the test when it is refused. */
  const post = async (path: string, body?: object) => {
    const answer = await g.call('POST', `/api/v1${path}`, { token, body })
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
    return answer.body
  }
  return {
    post,
    /** Has so many people agree to every cycle that no other policy is for. */
    policy: async (code: string, need: 1 | 2 | 3) => {
      const token = await g.as('system-administrator')
      const tiers = [{ kind: 'decide', approvers: [{ role: 'cycle-approver' }], need }]
      const body = { code, name: code, subjectType: 'cycle', rank: 500, tiers }
      assert.equal((await g.call('POST', '/api/v1/approval-policies', { token, body })).status, 201)
      const path = `/api/v1/approval-policies/${code}/activate`
      assert.equal((await g.call('POST', path, { token, headers: { 'If-Match': '"v1"' } })).status, 200)
    },
    /** A cycle that waits: its reference and that of the request. */
    submitted: async (called = `Month ${n + 1}`, comment?: string) => {
      const days = { validFrom: '2026-07-01', validUntil: '2036-07-31' }
      const { reference } = await post('/programs/CASH/cycles', { code: `C-${++n}`, name: called, ...days })
      await g.job((await post(`/cycles/${reference}/prepare`)).job)
      const { approval } = await post(`/cycles/${reference}/submit`, comment ? { comment } : undefined)
      return { cycle: reference as string, approval: approval as string }
    },
  }
}
