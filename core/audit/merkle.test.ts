import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { merkle, rootOf } from './merkle.ts'

const leaves = Array.from({ length: 200 }, () => randomBytes(32))

/** MTH of RFC 9162 section 2.1.1, as it is written there, over leaves that are hashed already. */
const mth = (d: readonly Buffer[]): Buffer => {
  if (d.length === 0) return createHash('sha256').digest()
  if (d.length === 1) return d[0]!
  const k = split(d.length)
  const [left, right] = [mth(d.slice(0, k)), mth(d.slice(k))]
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()
}

/** PATH of section 2.1.3.1. */
const pathOf = (m: number, d: readonly Buffer[]): Buffer[] => {
  if (d.length === 1) return []
  const k = split(d.length)
  return m < k
    ? [...pathOf(m, d.slice(0, k)), mth(d.slice(k))]
    : [...pathOf(m - k, d.slice(k)), mth(d.slice(0, k))]
}

/** The largest power of two smaller than n. */
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1)

const built = (size: number, proven?: number) => {
  const tree = merkle(proven)
  for (const leaf of leaves.slice(0, size)) tree.add(leaf)
  return tree.finish()
}

const sized = fc.integer({ min: 1, max: 200 }).chain(size => fc.tuple(fc.constant(size), fc.nat(size - 1)))

describe('the Merkle tree', () => {
  it('has the root and the paths of RFC 9162', () => {
    assert.deepEqual(built(0).root, mth([]))
    fc.assert(
      fc.property(sized, ([size, index]) => {
        const { root, path } = built(size, index)
        assert.deepEqual(root, mth(leaves.slice(0, size)))
        assert.deepEqual(path, pathOf(index, leaves.slice(0, size)))
        assert.deepEqual(rootOf(leaves[index]!, index, size, path), root)
      }),
    )
  })

  it('does not lead another leaf, place or path to the root', () => {
    fc.assert(
      fc.property(sized, fc.nat(199), fc.nat(), ([size, index], other, at) => {
        const { root, path } = built(size, index)
        const reaches = (leaf: Buffer, i: number, n: number, p: Buffer[]) =>
          rootOf(leaf, i, n, p)?.equals(root) ?? false
        if (other !== index) {
          assert.ok(!reaches(leaves[other]!, index, size, path))
          assert.ok(!reaches(leaves[index]!, other, size, path))
        }
        assert.ok(!reaches(leaves[index]!, index, size, [...path, leaves[0]!]))
        if (path.length > 0) {
          assert.ok(!reaches(leaves[index]!, index, size, path.slice(1)))
          assert.ok(!reaches(leaves[index]!, index, size, path.with(at % path.length, randomBytes(32))))
        }
      }),
    )
  })
})
