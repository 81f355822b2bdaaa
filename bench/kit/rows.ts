import { inspect, isDeepStrictEqual } from 'node:util'

/**
 * Fails the benchmark when two sides did not do the same: a fast wrong answer is not an answer. Nothing on both
 * sides is a failure too, because then nothing was compared.
 */
export const assertEqualRows = (name: string, ours: unknown, baseline: unknown): void => {
  if (!Array.isArray(ours) || !Array.isArray(baseline) || ours.length === 0) {
    throw new Error(`${name}: there are no rows to compare; give 'rows', or let both sides return theirs`)
  }
  if (ours.length !== baseline.length) {
    throw new Error(`${name}: ours left ${ours.length} rows, the baseline ${baseline.length}`)
  }
  const at = ours.findIndex((row, n) => !isDeepStrictEqual(row, baseline[n]))
  if (at >= 0) {
    const shown = `ours ${inspect(ours[at])}, the baseline ${inspect(baseline[at])}`
    throw new Error(`${name}: row ${at} differs: ${shown}`)
  }
}
