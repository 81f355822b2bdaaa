import assert from 'node:assert/strict'
import fc from 'fast-check'
import { codeOf } from '#tests/support/people.ts'
import { stepOf } from './totp.ts'

describe('a time-based code', () => {
  it('is that of RFC 6238, appendix B', () => {
    const secret = Buffer.from('12345678901234567890')
    for (const [seconds, code] of [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
      [20_000_000_000, '353130'],
    ] as const)
      assert.equal(stepOf(secret, code, seconds * 1000), Math.floor(seconds / 30), code)
  })

  it('counts in its own step of time and those beside it, and nowhere else', () => {
    const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytes => Buffer.from(bytes))
    const instants = fc.integer({ min: 1e12, max: 4e12 })
    fc.assert(
      fc.property(secrets, instants, fc.integer({ min: -4, max: 4 }), (secret, at, steps) => {
        const now = Math.floor(at / 30_000)
        const code = codeOf(secret, steps, at)
        const near = [-1, 0, 1].filter(s => codeOf(secret, s, at) === code).map(s => now + s)
        const step = stepOf(secret, code, at)
        assert.equal(step === undefined, near.length === 0)
        assert.ok(step === undefined || near.includes(step))
      }),
    )
  })
})
