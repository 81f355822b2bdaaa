import type { Needs, Preloads } from './preloads.ts'

/** What Vite says of one file it wrote, by the name of its source. */
type Chunk = { file: string; isEntry?: boolean; imports?: string[]; css?: string[] }
export type Manifest = Record<string, Chunk>
/** Bytes that a part of the console takes on the wire, gzipped, the first time. */
export type Weight = { name: string; bytes: number; most: number }

/** The most that may be fetched: at first, with whatever is the heaviest language; and for a screen on top of it. */
export const BUDGET = { firstLoad: 80_000, screen: 20_000 }

/**
 * Weighs what was built: the first page, and each address with its texts. What an address shares with the first page
 * is not counted again, what it shares with others is.
 */
export const weigh = ({ first, signIn, routes }: Preloads, sizeOf: (file: string) => number): Weight[] => {
  const sum = (files: readonly string[]) => files.reduce((bytes, file) => bytes + sizeOf(file), 0)
  const bytesOf = ({ files, texts }: Needs) => sum(files) + Math.max(0, ...Object.values(texts).map(sum))
  return [
    { name: 'first load', bytes: bytesOf(first), most: BUDGET.firstLoad },
    { name: 'sign-in', bytes: bytesOf(signIn), most: BUDGET.screen },
    ...routes.map(route => ({ name: route.path, bytes: bytesOf(route), most: BUDGET.screen })),
  ]
}

/** What is too heavy, in words. */
export const tooHeavy = (weights: readonly Weight[]): string[] =>
  weights
    .filter(({ bytes, most }) => bytes > most)
    .map(({ name, bytes, most }) => `${name}: ${kilobytes(bytes)} gzipped, ${kilobytes(most)} allowed`)

/** 1 kB is 1,000 bytes. */
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
