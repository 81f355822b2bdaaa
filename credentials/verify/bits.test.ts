import assert from 'node:assert/strict'
import fc from 'fast-check'
import { packBits, sizeOf, unpackBits } from './bits.ts'

const LAYOUT = { a: 1, b: 50, c: 20, d: 53, e: 4 }
const upTo = (bits: number) =>
  fc.oneof(fc.constantFrom(0, 2 ** bits - 1), fc.integer({ min: 0, max: 2 ** bits - 1 }))

describe('packed bits', () => {
  it('stand next to each other, the most significant first', () => {
    assert.deepEqual([...packBits({ a: 1, b: 3, c: 12 }, { a: 1, b: 0b010, c: 0xabc })], [0xaa, 0xbc])
  })

  it('are read back as they were written', () => {
    const values = fc.record(
      { a: upTo(1), b: upTo(50), c: upTo(20), d: upTo(53), e: upTo(4) },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(values, values => {
        const bytes = packBits(LAYOUT, values)
        assert.equal(bytes.length, sizeOf(LAYOUT))
        assert.deepEqual(unpackBits(LAYOUT, bytes), values)
      }),
    )
  })

  it('are not written for a value that does not fit', () => {
    for (const a of [-1, 256, 0.5, Number.NaN]) assert.throws(() => packBits({ a: 8 }, { a }), RangeError)
  })
})
