import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Import, type Scanned, scan } from './scan.ts'

/** Where an import leads. */
export type Target =
  | { kind: 'file'; path: string }
  | { kind: 'builtin' | 'package'; name: string }
  | { kind: 'computed' }

export type SourceFile = Scanned & {
  path: string
  lines: number
  links: (Import & { target: Target })[]
}

/** The sources of the repository, by path (`core/kernel/money.ts`), and what package.json promises. */
export type Project = {
  files: ReadonlyMap<string, SourceFile>
  /** SQL files by path. */
  sql: ReadonlyMap<string, string>
  dependencies: ReadonlySet<string>
}

/** One broken rule at one place. */
export type Violation = { rule: string; file: string; detail: string }

const TOP_FOLDERS = [
  'core',
  'credentials',
  'connectors',
  'adapters',
  'gateway',
  'tests',
  'bench',
  'tools',
] as const

/** A project made of texts, as `path → text`. */
export const projectOf = (
  texts: Readonly<Record<string, string>>,
  dependencies: readonly string[],
): Project => {
  const entries = Object.entries(texts)
  return {
    files: new Map(
      entries.filter(([path]) => /\.tsx?$/.test(path)).map(([path, text]) => [path, sourceFile(path, text)]),
    ),
    sql: new Map(entries.filter(([path]) => path.endsWith('.sql'))),
    dependencies: new Set(dependencies),
  }
}

/** Reads the repository at `root`. */
export const readProject = (root: string): Project => {
  const paths = globSync(`{${TOP_FOLDERS.join(',')}}/**/*.{ts,tsx,sql}`, {
    cwd: root,
    exclude: name => /node_modules|(^|\/)dist($|\/)/.test(name) || /\.generated\.\w+$/.test(name),
  })
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const texts = Object.fromEntries(paths.sort().map(path => [path, readFileSync(join(root, path), 'utf8')]))
  return projectOf(texts, Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
}

const sourceFile = (path: string, text: string): SourceFile => {
  const scanned = scan(text)
  return {
    ...scanned,
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    links: scanned.imports.map(i => ({ ...i, target: resolve(path, i.specifier) })),
  }
}

const resolve = (from: string, specifier: string | null): Target => {
  if (specifier === null) return { kind: 'computed' }
  if (specifier.startsWith('node:')) return { kind: 'builtin', name: specifier }
  if (specifier.startsWith('#')) return { kind: 'file', path: specifier.slice(1) }
  if (specifier.startsWith('.')) return { kind: 'file', path: posix.join(posix.dirname(from), specifier) }
  const parts = specifier.split('/')
  return { kind: 'package', name: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') }
}

export const topOf = (path: string): string => path.split('/')[0]!

/**
 * `core/payments/create-batch.ts` → `core/payments`. Files directly in a top folder are one module together, but for
 * the gateway's, where each stands for itself (`gateway/config.ts`).
 */
export const moduleOf = (path: string): string => {
  const [top, second, third] = path.split('/')
  return third === undefined && top !== 'gateway' ? top! : `${top}/${second}`
}

/** Tests, what only tests use (`testing.ts` or `testing/` beside them), and the tools of those who develop. */
export const isTest = (path: string): boolean =>
  /\.test\.ts$|\/testing(?:\.ts$|\/)/.test(path) || ['tests', 'bench', 'tools'].includes(topOf(path))
