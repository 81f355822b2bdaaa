import { breakBetween, faultOf, type Head, type Keyring } from './heads.ts'

/** What is wrong with heads that were kept, given in their order; or from which to which they reach. */
export type HeadsVerdict = { from: string; to: string; heads: number } | { broken: string; height?: string }

/**
 * Checks heads that were exported: each one's hash and signature, and that each continues the one before. The same
 * head twice is one; two different heads of one height are a fault. Needs no database.
 */
export const verifyHeads = (heads: readonly Head[], keyring: Keyring): HeadsVerdict => {
  let before: Head | undefined
  let count = 0
  const ordered = [...heads].sort((a, b) => (BigInt(a.height) < BigInt(b.height) ? -1 : 1))
  for (const head of ordered) {
    if (before?.height === head.height && before.hash === head.hash) continue
    const what =
      faultOf(head, keyring) ??
      (before?.height === head.height
        ? 'there are two different blocks of this height'
        : before && breakBetween(before, head))
    if (what) return { broken: what, height: head.height }
    before = head
    count++
  }
  return before
    ? { from: ordered[0]!.height, to: before.height, heads: count }
    : { broken: 'there is no head in it' }
}
