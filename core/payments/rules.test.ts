import assert from 'node:assert/strict'
import fc from 'fast-check'
import { PAYMENT_STATES, type PaymentState, retryRule, VERDICTS, verdict } from './rules.ts'

const STATUSES = ['accepted', 'settled', 'pending', 'rejected'] as const
const FINAL = new Set<PaymentState>(['settled', 'failed', 'returned', 'cancelled'])

describe('the rules of payments', () => {
  it('never take a payment back from a final state, whatever is reported in whatever order', () => {
    const reports = fc.array(fc.constantFrom(...STATUSES), { maxLength: 12 })
    fc.assert(
      fc.property(fc.constantFrom(...PAYMENT_STATES), reports, (start, said) => {
        let state = start
        for (const status of said) {
          const next = verdict(state, status)
          if (next === 'keep' || next === 'contradiction') continue
          assert.ok(!FINAL.has(state), `${state} → ${next}`)
          state = next
        }
      }),
    )
  })

  it('end in the state of the first final answer, and tell of every answer that contradicts it', () => {
    const orders: [readonly (typeof STATUSES)[number][], PaymentState, number][] = [
      [['accepted', 'settled'], 'settled', 0],
      [['settled', 'accepted'], 'settled', 0],
      [['settled', 'settled', 'pending'], 'settled', 0],
      [['rejected', 'accepted', 'rejected'], 'failed', 0],
      [['settled', 'rejected'], 'settled', 1],
      [['rejected', 'settled', 'settled'], 'failed', 2],
      [['pending'], 'sent', 0],
    ]
    for (const [said, end, contradictions] of orders) {
      let state: PaymentState = 'sent'
      let count = 0
      for (const status of said) {
        const next = verdict(state, status)
        if (next === 'contradiction') count++
        else if (next !== 'keep') state = next
      }
      assert.deepEqual([state, count], [end, contradictions], said.join(', '))
    }
  })

  it('stand in one table for the database', () => {
    assert.equal(new Set(VERDICTS.map(v => `${v.state} ${v.status}`)).size, PAYMENT_STATES.length * 4)
  })

  it('try a wrong account again only when it changed, and the unexplained only when somebody looked', () => {
    assert.equal(retryRule('wrong_account', 'change_account', false), 'if_changed')
    assert.equal(retryRule('wrong_account', 'change_account', true), 'if_changed')
    assert.equal(retryRule('blocked', 'review', true), 'if_changed')
    assert.equal(retryRule('provider_down', 'retry', false), 'always')
    assert.equal(retryRule('insufficient_funds', 'fund_and_retry', false), 'always')
    assert.equal(retryRule('unknown', 'review', false), 'never')
    assert.equal(retryRule('unknown', 'review', true), 'always')
  })
})
