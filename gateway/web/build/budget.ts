import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What Vite says of one file it wrote, by the name of its source. */
type Chunk = {
  file: string
  isEntry?: boolean
  isDynamicEntry?: boolean
  imports?: string[]
  css?: string[]
}
export type Manifest = Record<string, Chunk>
/** Bytes that a part of the console takes on the wire, gzipped, the first time. */
export type Weight = { name: string; bytes: number; most: number }

/** The most that may be fetched: at first, with whatever is the heaviest language; and for a screen on top of it. */
export const BUDGET = { firstLoad: 80_000, screen: 20_000 }

/** The texts that every page needs: those of the components and of the shell. */
const FIRST_TEXTS = /^(\.\.\/ui\/locales\/\w+\/ui\.json$|shell\/texts\/)/

/**
 * Weighs what was built. Screens are the dynamic entries below `screens/`; what they share with the first load is not
 * counted again, what they share with each other is.
 */
export const weigh = (manifest: Manifest, sizeOf: (file: string) => number): Weight[] => {
  const [entry] = Object.keys(manifest).filter(name => manifest[name]!.isEntry)
  if (!entry) throw new Error('The build has no entry.')
  const first = filesOf(manifest, entry)
  const texts = (folder: RegExp) => heaviest(manifest, sizeOf, folder)
  const sum = (files: Iterable<string>) => [...files].reduce((bytes, file) => bytes + sizeOf(file), 0)
  const screens = Object.keys(manifest).filter(
    name => name.startsWith('screens/') && manifest[name]!.isDynamicEntry && !name.endsWith('.json'),
  )
  return [
    {
      name: 'first load',
      bytes: sum(first) + texts(FIRST_TEXTS),
      most: BUDGET.firstLoad,
    },
    ...screens.map(name => ({
      name,
      bytes:
        sum([...filesOf(manifest, name)].filter(file => !first.has(file))) +
        texts(new RegExp(`^${dirname(name)}/texts/`)),
      most: BUDGET.screen,
    })),
  ]
}

/** A file, its style, and all that it imports. */
const filesOf = (manifest: Manifest, name: string, seen = new Set<string>()): Set<string> => {
  const chunk = manifest[name]!
  if (seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const css of chunk.css ?? []) seen.add(css)
  for (const imported of chunk.imports ?? []) filesOf(manifest, imported, seen)
  return seen
}

/** The texts of a folder in the language that takes most. */
const heaviest = (manifest: Manifest, sizeOf: (file: string) => number, folder: RegExp): number => {
  const byLanguage = new Map<string, number>()
  for (const [name, { file }] of Object.entries(manifest)) {
    if (!folder.test(name) || !name.endsWith('.json')) continue
    const language = /locales\/(\w+)\/|texts\/(\w+)\.json$/.exec(name)?.slice(1).find(Boolean) ?? ''
    byLanguage.set(language, (byLanguage.get(language) ?? 0) + sizeOf(file))
  }
  return Math.max(0, ...byLanguage.values())
}

/** Weighs a folder that was built. */
export const weighFolder = (folder: string): Weight[] => {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'))
  const sizeOf = (file: string) => {
    const path = join(folder, file)
    return statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size
  }
  return weigh(manifest, sizeOf)
}

/** What is too heavy, in words. */
export const tooHeavy = (weights: readonly Weight[]): string[] =>
  weights
    .filter(({ bytes, most }) => bytes > most)
    .map(({ name, bytes, most }) => `${name}: ${kilobytes(bytes)} gzipped, ${kilobytes(most)} allowed`)

/** 1 kB is 1,000 bytes. */
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
