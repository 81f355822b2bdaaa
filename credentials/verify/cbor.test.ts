import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Cbor, decodeCbor, encodeCbor, MAX_CBOR_BYTES } from './cbor.ts'
import { Malformed } from './malformed.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Integers as the decoder gives them: a bigint only where a number would not be exact. */
const integer = fc
  .oneof(fc.bigInt(-(1n << 64n), (1n << 64n) - 1n), fc.bigInt(-70000n, 70000n))
  .map(n => (Number.isSafeInteger(Number(n)) ? Number(n) : n))

const { value } = fc.letrec<{ value: Cbor }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    integer,
    fc.string({ unit: 'binary' }).filter(text => text.isWellFormed()),
    fc.uint8Array(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.maxSafeInteger(), fc.string()), tie('value')), { maxLength: 4 })
      .map(entries => new Map(entries)),
    fc.record({ tag: fc.nat(), value: tie('value') }, { noNullPrototype: true }),
  ),
}))

describe('deterministic CBOR', () => {
  it('agrees with RFC 8949 appendix A', () => {
    const examples: [Cbor, string][] = [
      [0, '00'],
      [23, '17'],
      [24, '1818'],
      [255, '18ff'],
      [256, '190100'],
      [65535, '19ffff'],
      [65536, '1a00010000'],
      [4294967295, '1affffffff'],
      [1000000000000, '1b000000e8d4a51000'],
      [18446744073709551615n, '1bffffffffffffffff'],
      [-18446744073709551616n, '3bffffffffffffffff'],
      [-1, '20'],
      [-1000, '3903e7'],
      [-65537, '3a00010000'],
      [false, 'f4'],
      [true, 'f5'],
      [null, 'f6'],
      [hex('01020304'), '4401020304'],
      ['\u6c34', '63e6b0b4'],
      ['\ufeffA', '64efbbbf41'],
      [[1, [2, 3], [4, 5]], '8301820203820405'],
      [new Map<number, Cbor>([[1, 2], [3, 4]]), 'a201020304'],
      [{ tag: 1, value: 1363896240 }, 'c11a514b67b0'],
    ] // biome-ignore format: a table
    for (const [decoded, encoded] of examples) {
      assert.equal(textOf(encodeCbor(decoded)), encoded)
      assert.deepEqual(decodeCbor(hex(encoded)), decoded)
    }
  })

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(value, value => {
        const bytes = encodeCbor(value)
        fc.pre(bytes.length <= MAX_CBOR_BYTES)
        assert.deepEqual(decodeCbor(bytes), value)
      }),
    )
  })

  it('accepts one encoding only of any value, whatever bytes come', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.array(
        fc.constantFrom(0, 1, 0x18, 0x19, 0x20, 0x40, 0x41, 0x61, 0x80, 0x81, 0x82, 0xa1, 0xa2, 0xd2, 0xf6),
      ),
    )
    let accepted = 0
    fc.assert(
      fc.property(bytes, bytes => {
        try {
          assert.deepEqual(encodeCbor(decodeCbor(Uint8Array.from(bytes))), Uint8Array.from(bytes))
          accepted++
        } catch (error) {
          assert.ok(error instanceof Malformed, String(error))
        }
      }),
      { numRuns: 5000 },
    )
    assert.ok(accepted > 200)
  })

  for (const [what, bytes] of Object.entries({
    'nothing at all': '',
    'integers that are not in their shortest form': '1817',
    'two bytes where one would do': '1900ff',
    'four bytes where two would do': '1a0000ffff',
    'eight bytes where four would do': '1b00000000ffffffff',
    'lengths that are not in their shortest form': '580101',
    'indefinite byte strings': '5f4101ff',
    'indefinite arrays': '9f01ff',
    'indefinite maps': 'bf0101ff',
    'reserved lengths': `1c${'ff'.repeat(16)}`,
    floats: 'f93c00',
    undefined: 'f7',
    'simple values in two bytes': 'f814',
    'repeated map keys': 'a201010102',
    'map keys in another order': 'a202010101',
    'map keys that are byte strings': 'a1410101',
    'text that is not UTF-8': '62c328',
    'text cut inside a character': '61e6',
    'text with a surrogate': '63eda080',
    'values cut short': '4401',
    'arrays longer than the input': '9affffffff',
    'maps longer than the input': 'bbffffffffffffffff',
    'byte strings longer than memory': '5bffffffffffffffff',
    'anything behind the value': '0000',
    'deep nesting': '81'.repeat(50) + '00',
    'deep tagging': 'c1'.repeat(50) + '00',
    'deep maps': 'a100'.repeat(50) + '00',
    'tags beyond reason': 'dbffffffffffffffff00',
  }))
    it(`refuses ${what}`, () => assert.throws(() => decodeCbor(hex(bytes)), Malformed))

  it('refuses more than 2 kB', () => {
    const largest = encodeCbor(new Uint8Array(MAX_CBOR_BYTES - 3))
    assert.equal(largest.length, MAX_CBOR_BYTES)
    decodeCbor(largest)
    assert.throws(() => decodeCbor(encodeCbor(new Uint8Array(MAX_CBOR_BYTES - 2))), Malformed)
  })

  it('does not write numbers that are not exact', () => {
    for (const n of [1.5, Number.NaN, 2 ** 53]) assert.throws(() => encodeCbor(n), RangeError)
  })
})
