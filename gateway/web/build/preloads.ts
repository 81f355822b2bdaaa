import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LANGUAGES } from '../ui/i18n/languages.ts'
import type { Manifest } from './budget.ts'

/** Files of the build, by their names in it, that something needs: for everybody, and in each language. */
export type Needs = { files: string[]; texts: Record<string, string[]> }
/** What the first page needs; and on top of it, to sign in, and each address. */
export type Preloads = { first: Needs; signIn: Needs; routes: (Needs & { path: string; screen: string })[] }

/** A route as the text of a `routes.ts` says it. */
export type Written = { path: string; texts: string[]; screen: string }

const ROUTE =
  /path: '(?<path>[^']*)',[^{}]*?texts: \[(?<texts>[^\]]*)\],[^{}]*?import\('\.\/(?<file>[^']+)'\)/g
const FIRST_TEXTS = ['ui', 'shell']
const SIGN_IN = { screen: 'shell/sign-in.tsx', texts: ['sign-in'] }

/** The routes in the text of a `routes.ts`, with the file of each screen. */
export const writtenRoutes = (source: string, folder: string): Written[] =>
  [...source.matchAll(ROUTE)].map(({ groups }) => ({
    path: groups!.path!,
    texts: [...groups!.texts!.matchAll(/'([^']+)'/g)].map(([, name]) => name!),
    screen: `${folder}/${groups!.file!}`,
  }))

/**
 * Finds out what is needed where, so that the page can say so before its script asks. The routes are read as they are
 * written, because what a screen is loaded from cannot be asked of them; `paths` are those that they really have.
 */
export const findPreloads = (
  manifest: Manifest,
  written: readonly Written[],
  paths: readonly string[],
): Preloads => {
  const [entry] = Object.keys(manifest).filter(name => manifest[name]!.isEntry)
  if (!entry) throw new Error('The build has no entry.')
  const first = [...filesOf(manifest, entry)]
  const needsOf = ({ screen, texts }: Omit<Written, 'path'>): Needs => ({
    files: [...filesOf(manifest, screen)].filter(file => !first.includes(file)),
    texts: textsOf(manifest, texts),
  })
  const routes = paths.map(path => {
    const route = written.find(r => r.path === path)
    if (!route || !manifest[route.screen])
      throw new Error(`The screen of ${path} is not found: write its route as the others are.`)
    return { path, screen: route.screen, ...needsOf(route) }
  })
  return {
    first: { files: first, texts: textsOf(manifest, FIRST_TEXTS) },
    signIn: needsOf(SIGN_IN),
    routes,
  }
}

/** The same for the console as it is. */
export const preloadsOf = async (folder: string): Promise<Preloads> => {
  const source = join(import.meta.dirname, '../console')
  const written = globSync('screens/*/routes.ts', { cwd: source }).flatMap(file =>
    writtenRoutes(readFileSync(join(source, file), 'utf8'), dirname(file)),
  )
  const { routes } = await import('../console/routes.ts')
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'))
  return findPreloads(
    manifest,
    written,
    routes.map(({ path }) => path),
  )
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

/** Where the texts of a namespace may be: of the components, of the shell, or of a folder of screens. */
const places = (namespace: string, language: string): string[] => [
  `../ui/locales/${language}/${namespace}.json`,
  `${namespace}/texts/${language}.json`,
  `screens/${namespace}/texts/${language}.json`,
]

const textsOf = (manifest: Manifest, namespaces: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    LANGUAGES.map(({ code }) => [
      code,
      namespaces.map(namespace => {
        const place = places(namespace, code).find(name => manifest[name])
        if (!place) throw new Error(`There are no texts for ${namespace} in ${code}.`)
        return manifest[place]!.file
      }),
    ]),
  )
