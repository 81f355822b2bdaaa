/** Random numbers that are the same for the same seed, on every machine. */
export type Random = {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
  /** True this often. */
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}

/** The generator mulberry32, started by a text: each household has its own, so that one can be made without the others. */
export const randomOf = (seed: string): Random => {
  let state = Buffer.from(seed).reduce((h, byte) => Math.imul(h ^ byte, 16_777_619), 2_166_136_261)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return { int, chance: p => next() < p, pick: from => from[int(0, from.length - 1)]! }
}
