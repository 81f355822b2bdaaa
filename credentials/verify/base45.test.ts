import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decodeBase45, encodeBase45 } from './base45.ts'
import { Malformed } from './malformed.ts'

const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

describe('Base45', () => {
  it('agrees with the examples of RFC 9285 section 4', () => {
    for (const [plain, text] of [
      ['AB', 'BB8'],
      ['Hello!!', '%69 VD92EX0'],
      ['base-45', 'UJCLQE7W581'],
      ['ietf!', 'QED8WEX0'],
    ] as const) {
      assert.equal(encodeBase45(Buffer.from(plain)), text)
      assert.equal(Buffer.from(decodeBase45(text)).toString(), plain)
    }
  })

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        assert.deepEqual(decodeBase45(encodeBase45(bytes)), bytes)
      }),
    )
  })

  it('accepts one text only for any bytes', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from(CHARACTERS)), maxLength: 12 })
    let accepted = 0
    fc.assert(
      fc.property(text, text => {
        try {
          assert.equal(encodeBase45(decodeBase45(text)), text)
          accepted++
        } catch (error) {
          assert.ok(error instanceof Malformed, String(error))
        }
      }),
      { numRuns: 2000 },
    )
    assert.ok(accepted > 100)
  })

  it('refuses overflowing groups, impossible lengths and other characters', () => {
    assert.deepEqual([...decodeBase45('FGW')], [255, 255])
    assert.deepEqual([...decodeBase45('U5')], [255])
    for (const text of ['GGW', ':::', 'V5', '::', 'A', 'BB8A', 'bb8', 'BB_', 'BBé', 'BB\n', 'BB\0'])
      assert.throws(() => decodeBase45(text), Malformed, JSON.stringify(text))
  })
})
