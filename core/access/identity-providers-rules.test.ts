import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  claimAt,
  grantsFor,
  groupsAt,
  nameOf,
  usernameOf,
  verifiedEmailOf,
} from './identity-providers-rules.ts'

describe('the claims of an identity provider', () => {
  it('are found by a path of keys, or by a whole name with dots in it', () => {
    const claims = { a: { b: { c: 1 } }, 'a.b': 2, 'https://example.org/groups': ['x'], n: null, t: 'text' }
    assert.equal(claimAt(claims, 'a.b.c'), 1)
    assert.equal(claimAt(claims, 'a.b'), 2)
    assert.deepEqual(claimAt(claims, 'https://example.org/groups'), ['x'])
    for (const path of ['a.x', 'n.a', 't.length', 't.0', '', '.', 'a..b'])
      assert.equal(claimAt(claims, path), undefined)
  })

  it('are not found in what every object inherits', () => {
    for (const path of ['__proto__', 'constructor.name', 'toString', 'a.constructor'])
      assert.equal(claimAt({ a: {} }, path), undefined)
  })

  it('name groups in a list or in a text; what else is there is no group', () => {
    const groups = (value: unknown) => [...groupsAt({ g: value }, 'g')]
    assert.deepEqual(groups(['a', 'b', 'a']), ['a', 'b'])
    assert.deepEqual(groups('a'), ['a'])
    assert.deepEqual(groups(['a', 1, null, { name: 'b' }, ['c'], true]), ['a'])
    for (const value of [undefined, null, 7, {}, []]) assert.deepEqual(groups(value), [])
  })
})

describe('the groups of somebody', () => {
  const mappings = [
    { group: 'a', role: 'auditor' },
    { group: 'b', role: 'auditor' },
    { group: 'b', role: 'registrar', areaIds: ['1'] },
    { group: 'c', role: 'registrar', programIds: ['2'] },
  ]
  it('are granted what is mapped, once, with its scope', () => {
    assert.deepEqual(grantsFor(mappings, new Set(['a', 'b'])), [
      { role: 'auditor' },
      { role: 'registrar', areaIds: ['1'] },
    ])
    assert.deepEqual(grantsFor(mappings, new Set(['c'])), [{ role: 'registrar', programIds: ['2'] }])
  })
  it('are granted nothing by a name that is only similar', () => {
    assert.deepEqual(grantsFor(mappings, new Set(['A', 'a ', 'aa', '', '*'])), [])
  })
})

describe('a new account', () => {
  it('is named in a way that the database takes, whatever the provider says, or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), claim => {
        const name = usernameOf(claim)
        if (name !== undefined) assert.match(name, /^[a-z0-9][a-z0-9._-]{1,39}$/)
      }),
    )
    assert.equal(usernameOf('Abebe.K@Example.org'), 'abebe.k-example.org')
    assert.equal(usernameOf(`${'x'.repeat(60)}`), 'x'.repeat(40))
    for (const claim of [undefined, 7, '', '-', 'a', 'አበበ', ['abebe']])
      assert.equal(usernameOf(claim), undefined)
  })

  it('has a full name without control characters', () => {
    assert.equal(nameOf(' Abebe\u0000\u202eKebede ', 'other'), 'Abebe Kebede')
    for (const claim of [undefined, 7, '', '\u0000', '  ']) assert.equal(nameOf(claim, 'other'), 'other')
  })

  it('has an email only if the provider has verified it', () => {
    assert.equal(verifiedEmailOf({ email: 'A@Example.org', email_verified: true }), 'a@example.org')
    for (const email_verified of [false, undefined, 'true', 1])
      assert.equal(verifiedEmailOf({ email: 'a@example.org', email_verified }), null)
    for (const email of ['a', 'a@b@c', 'a b@c', 'a\u0000@b', 7])
      assert.equal(verifiedEmailOf({ email, email_verified: true }), null)
  })
})
