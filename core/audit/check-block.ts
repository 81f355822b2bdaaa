import { hash } from 'node:crypto'
import { Broken } from './broken.ts'
import type { Head } from './heads.ts'
import { merkle } from './merkle.ts'

/**
 * Checks the entries of one block, given one by one in their order: `text` must be what the leaf says when there is a
 * leaf to compare with, and all together must be what was sealed. Throws `Broken`.
 */
export const checkBlock = (head: Head) => {
  const tree = merkle()
  return {
    add(text: Buffer, stored?: Buffer, id?: () => string): void {
      const leaf = hash('sha256', text, 'buffer')
      if (stored && !leaf.equals(stored))
        throw new Broken('the entry was altered', { block: head.height, ...(id && { entry: id() }) })
      tree.add(leaf)
    },
    /** Tells how many entries there were. */
    finish(): number {
      if (tree.count !== head.entries)
        throw new Broken(`the block was sealed with ${head.entries} entries and holds ${tree.count}`, {
          block: head.height,
        })
      if (tree.finish().root.toString('hex') !== head.root)
        throw new Broken('an entry of the block was replaced', { block: head.height })
      return tree.count
    },
  }
}
