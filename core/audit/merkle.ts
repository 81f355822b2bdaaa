import { createHash } from 'node:crypto'

const node = (left: Buffer, right: Buffer) =>
  createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()

/**
 * A Merkle root built leaf by leaf in logarithmic memory. The tree is the one of RFC 9162 section 2.1: the
 * left subtree is the largest power of two that is smaller than the number of leaves.
 */
export const merkle = () => {
  const peaks: { size: number; hash: Buffer }[] = []
  let count = 0
  return {
    add(leaf: Buffer) {
      count++
      peaks.push({ size: 1, hash: leaf })
      while (peaks.length > 1 && peaks.at(-1)!.size === peaks.at(-2)!.size) {
        const right = peaks.pop()!
        const left = peaks.pop()!
        peaks.push({ size: left.size * 2, hash: node(left.hash, right.hash) })
      }
    },
    get count() {
      return count
    },
    root(): Buffer {
      if (peaks.length === 0) return createHash('sha256').digest()
      return peaks.map(p => p.hash).reduceRight((right, left) => node(left, right))
    },
  }
}
