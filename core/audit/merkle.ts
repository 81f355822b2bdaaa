import { hash } from 'node:crypto'

const pair = Buffer.alloc(65)
pair[0] = 1

/** The hash of a node (RFC 9162 section 2.1.1). Leaves are hashed by who makes them; their text never begins with a 1. */
const node = (left: Buffer, right: Buffer): Buffer => {
  left.copy(pair, 1)
  right.copy(pair, 33)
  return hash('sha256', pair, 'buffer')
}

type Peak = { size: number; hash: Buffer; isOnPath: boolean }

/**
 * A Merkle root built leaf by leaf in logarithmic memory. The tree is the one of RFC 9162 section 2.1: the
 * left subtree is the largest power of two that is smaller than the number of leaves. For the leaf at `proven` (from
 * 0) it also gathers the inclusion path (section 2.1.3).
 */
export const merkle = (proven = -1) => {
  const peaks: Peak[] = []
  const path: Buffer[] = []
  let count = 0

  const join = (left: Peak, right: Peak): Peak => {
    if (left.isOnPath) path.push(right.hash)
    if (right.isOnPath) path.push(left.hash)
    const isOnPath = left.isOnPath || right.isOnPath
    return { size: left.size + right.size, hash: node(left.hash, right.hash), isOnPath }
  }

  return {
    add(leaf: Buffer) {
      peaks.push({ size: 1, hash: leaf, isOnPath: count++ === proven })
      while (peaks.length > 1 && peaks.at(-1)!.size === peaks.at(-2)!.size) {
        const right = peaks.pop()!
        peaks.push(join(peaks.pop()!, right))
      }
    },
    get count() {
      return count
    },
    /** The root, and the path of the proven leaf to it. To be asked for once, when all leaves are in. */
    finish(): { root: Buffer; path: Buffer[] } {
      if (peaks.length === 0) return { root: hash('sha256', '', 'buffer'), path }
      const { hash: root } = peaks.reduceRight((right, left) => join(left, right))
      return { root, path }
    },
  }
}

/**
 * The root that a leaf at `index` of `size` leads to by its inclusion path (RFC 9162 section 2.1.3.2); undefined when
 * the path is not one of such a tree.
 */
export const rootOf = (
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined => {
  let [at, last, root] = [index, size - 1, leaf]
  if (!(index >= 0 && index < size)) return undefined
  for (const sibling of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      root = node(sibling, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else root = node(root, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : undefined
}
