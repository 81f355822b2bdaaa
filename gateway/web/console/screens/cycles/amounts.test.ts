import assert from 'node:assert/strict'
import { sumOf } from './amounts.ts'

describe('the sum of amounts on a page', () => {
  it('is exact, however large they are and however many places they have', () => {
    assert.equal(sumOf([]), '0')
    assert.equal(sumOf(['0.10', '0.20']), '0.30')
    assert.equal(sumOf(['9007199254740993.01', '0.99']), '9007199254740994.00')
    assert.equal(sumOf(['1', '0.005', '-2.5']), '-1.495')
    assert.equal(sumOf(['-0.25', '0.20']), '-0.05')
  })
})
