import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  canonicalJson,
  type DomainError,
  decodeCursor,
  encodeCursor,
  exponentOf,
  formatMinor,
  formatReference,
  pageOf,
  parseAmount,
  parseReference,
  randomRef,
  split,
  uuid7,
} from './index.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ref = fc.bigInt({ min: 0n, max: (1n << 50n) - 1n })

describe('public references', () => {
  it('are read back as the number they were made of, however they are typed', () => {
    fc.assert(
      fc.property(ref, n => {
        const text = formatReference('group', n)
        assert.match(text, /^GR-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{6}$/)
        for (const typed of [
          text,
          text.toLowerCase(),
          text.replaceAll('-', ''),
          ` ${text} `,
          text.replaceAll('0', 'O').replaceAll('1', 'l'),
        ])
          assert.equal(parseReference('group', typed), n.toString())
        assert.equal(parseReference('individual', text), undefined, 'of another kind')
      }),
    )
  })

  it('detect any one wrong character', () => {
    fc.assert(
      fc.property(ref, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 31 }), (n, at, by) => {
        const text = formatReference('entitlement', n).replaceAll('-', '')
        const i = 2 + at
        const other = ALPHABET[(ALPHABET.indexOf(text[i]!) + by) % 32]!
        assert.equal(parseReference('entitlement', text.slice(0, i) + other + text.slice(i + 1)), undefined)
      }),
    )
  })

  it('detect any two characters that changed places', () => {
    fc.assert(
      fc.property(ref, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), (n, a, b) => {
        const characters = Array.from(formatReference('cycle', n).replaceAll('-', ''))
        fc.pre(characters[2 + a] !== characters[2 + b])
        ;[characters[2 + a], characters[2 + b]] = [characters[2 + b]!, characters[2 + a]!]
        assert.equal(parseReference('cycle', characters.join('')), undefined)
      }),
    )
  })

  it('are drawn from fifty random bits', () => {
    const drawn = new Set(Array.from({ length: 2_000 }, randomRef))
    assert.equal(drawn.size, 2_000)
    for (const r of drawn) assert.ok(BigInt(r) < 1n << 50n)
  })

  it('refuse what is no reference at all', () => {
    for (const text of [
      '',
      'GR',
      'GR-',
      'x'.repeat(10_000),
      'GR-UUUUU-UUUUUU',
      'GR-00000-0000000',
      "GR-'; DROP--",
    ])
      assert.equal(parseReference('group', text), undefined)
  })
})

describe('identifiers', () => {
  it('are UUIDs of version 7 in the order of time', () => {
    const [a, b] = [uuid7(1_000_000), uuid7(1_000_001)]
    assert.match(a, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.ok(a < b)
    assert.equal(Number.parseInt(a.replaceAll('-', '').slice(0, 12), 16), 1_000_000)
  })
})

describe('money', () => {
  const currency = fc.constantFrom('EUR', 'UGX', 'IQD', 'ETB', 'CLF')

  it('is written with its currency’s decimals and read back exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), currency, (minor, c) => {
        const text = formatMinor(minor, c)
        assert.equal(parseAmount(text, c, '/amount'), minor)
        assert.equal((text.split('.')[1] ?? '').length, exponentOf(c))
        assert.equal(formatMinor(-minor, c), minor === 0n ? text : `-${text}`)
      }),
    )
  })

  it('refuses what is no amount of the currency, and says what one looks like', () => {
    const refused: [string, string][] = [
      ['1.005', 'EUR'],
      ['1.5', 'UGX'],
      ['-1', 'EUR'],
      ['1e3', 'EUR'],
      ['1,50', 'EUR'],
      [' 1', 'EUR'],
      ['', 'EUR'],
      ['9999999999999999', 'EUR'],
      ['NaN', 'EUR'],
      ['٣', 'EUR'],
    ]
    for (const [text, c] of refused)
      assert.throws(
        () => parseAmount(text, c, '/amount'),
        (e: DomainError) => e.code === 'invalid' && e.issues[0]!.pointer === '/amount',
        text,
      )
    assert.throws(() => parseAmount('1.5', 'UGX', '/a'), /such as 12345\./)
  })

  it('is split without losing or inventing a unit, each share within one of its due', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), weights, (minor, w) => {
        const total = w.reduce((a, b) => a + b, 0n)
        fc.pre(total > 0n)
        const shares = split(minor, w)
        assert.equal(
          shares.reduce((a, b) => a + b, 0n),
          minor,
        )
        for (const [i, share] of shares.entries()) {
          const floor = (minor * w[i]!) / total
          assert.ok(share === floor || share === floor + 1n)
          if (w[i] === 0n) assert.equal(share, 0n)
        }
      }),
    )
  })
})

describe('pages', () => {
  it('say what follows only when something does', () => {
    const rows = [1, 2, 3]
    assert.deepEqual(
      pageOf(rows, 2, r => [r]),
      { items: [1, 2], next: encodeCursor([2]) },
    )
    assert.deepEqual(
      pageOf(rows, 3, r => [r]),
      { items: [1, 2, 3], next: undefined },
    )
  })

  it('refuse a cursor that no list gave out', () => {
    assert.deepEqual(decodeCursor(encodeCursor(['a', 1, null]), 3), ['a', 1, null])
    const bad = [
      '',
      'x',
      'bm90IGpzb24',
      encodeCursor(['a']),
      Buffer.from('[{"a":1},2,3]').toString('base64url'),
    ]
    for (const cursor of bad)
      assert.throws(
        () => decodeCursor(cursor, 3),
        (e: DomainError) => e.issues[0]!.pointer === '/cursor',
      )
  })
})

describe('canonical JSON', () => {
  it('is the same text whatever the order of the keys', () => {
    assert.equal(
      canonicalJson({ b: 1n, a: [{ d: null, c: 'é' }] }),
      canonicalJson({ a: [{ c: 'é', d: null }], b: '1' }),
    )
  })
})
