import assert from 'node:assert/strict'
import { differences, isSame } from './differences.ts'

describe('The difference of two states', () => {
  it('names what was changed, added and removed, and nothing else', () => {
    const before = { name: 'A', phone: '1', members: ['x'], same: { a: 1, b: [1] }, empty: null }
    const after = { name: 'B', members: ['x', 'y'], same: { b: [1], a: 1 }, note: '', account: { bank: 'E' } }
    assert.deepEqual(differences(before, after), [
      { field: 'name', kind: 'changed', before: 'A', after: 'B' },
      { field: 'members', kind: 'changed', before: ['x'], after: ['x', 'y'] },
      { field: 'account', kind: 'added', after: { bank: 'E' } },
      { field: 'phone', kind: 'removed', before: '1' },
    ])
  })

  it('is everything when a thing was made or removed', () => {
    assert.deepEqual(differences(null, { a: 1 }), [{ field: 'a', kind: 'added', after: 1 }])
    assert.deepEqual(differences({ a: false }, null), [{ field: 'a', kind: 'removed', before: false }])
    assert.deepEqual(differences(null, null), [])
  })

  it('knows lists from objects, and the order of a list', () => {
    assert.equal(isSame([1, 2], [2, 1]), false)
    assert.equal(isSame([], {}), false)
    assert.equal(isSame({ a: undefined }, { b: undefined }), false)
    assert.equal(isSame({ a: [{ b: null }] }, { a: [{ b: null }] }), true)
  })
})
