import assert from 'node:assert/strict'
import { hasLowS, toLowS } from './p256.ts'

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const withS = (s: bigint) =>
  new Uint8Array(Buffer.from('7'.repeat(64) + s.toString(16).padStart(64, '0'), 'hex'))

describe('the two forms of an ES256 signature', () => {
  it('are told apart at half the order of the group', () => {
    const half = (ORDER - 1n) / 2n
    assert.ok(hasLowS(withS(half)) && hasLowS(withS(1n)))
    assert.ok(!hasLowS(withS(half + 1n)) && !hasLowS(withS(ORDER - 1n)))
    assert.deepEqual(toLowS(withS(half + 1n)), withS(half))
    assert.deepEqual(toLowS(withS(ORDER - 1n)), withS(1n))
    assert.deepEqual(toLowS(withS(half)), withS(half))
  })

  it('are kept apart from what was given', () => {
    const given = Buffer.from(withS(ORDER - 1n))
    toLowS(given)
    assert.deepEqual(new Uint8Array(given), withS(ORDER - 1n))
  })
})
