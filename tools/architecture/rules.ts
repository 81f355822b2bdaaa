import { isTest, moduleOf, type Project, type SourceFile, topOf, type Violation } from './project.ts'
import { checkSchemas } from './sql.ts'

type Rule = (project: Project) => Violation[]

const SHARED_BY_ALL = ['core/kernel', 'core/ports']
const CONNECTOR_PARTS = [...SHARED_BY_ALL, 'connectors/kit', 'connectors/protocols']

/** What each folder may import, beside itself. A test may also import `tests`. */
const MAY_IMPORT: Record<string, { self: 'folder' | 'module'; others: readonly string[] } | 'anything'> = {
  core: { self: 'folder', others: [] },
  credentials: { self: 'folder', others: SHARED_BY_ALL },
  connectors: { self: 'module', others: CONNECTOR_PARTS },
  adapters: { self: 'module', others: CONNECTOR_PARTS },
  gateway: { self: 'folder', others: ['core', 'credentials', 'connectors', 'adapters'] },
  tests: 'anything',
  bench: 'anything',
  tools: 'anything',
}

/** The packages the core may use: the database, jobs, parsers and checks. Nothing of HTTP. */
const CORE_PACKAGES = new Set(
  `pg pg-copy-streams sequelize sql-template-tag umzug graphile-worker node-cron
   otpauth ajv ajv-formats canonicalize re2js ibantools libphonenumber-js
   exceljs saxes`.split(/\s+/),
)
/** Packages that have one home, whatever else a folder may use. */
const ONLY_IN_GATEWAY = new Set(['koa', '@koa/router', 'openapi-backend', 'openid-client'])
const ONLY_IN_CORE = new Set(['pg', 'pg-copy-streams', 'sequelize', 'umzug', 'graphile-worker'])

/** Folders whose modules have a face, and the faces that a module has beside its own `index.ts`. */
const WITH_FACES = new Set(['core', 'credentials', 'connectors', 'adapters'])
const MORE_FACES = [
  /^core\/db\/embedded\/index\.ts$/,
  /^core\/ports\/[\w-]+\.ts$/,
  /^connectors\/(?:protocols|dci)\/[\w-]+\/index\.ts$/,
]

/** The files that put the product together. They alone construct. */
const ENTRY_POINTS = /^gateway\/(?:(?:main|worker|cli|compose)\.ts$|(?:compose|cli|commands|start)\/)/
const CONSTRUCTOR = /^(?:create[A-Z]|connect$|startEmbedded)/
const MAX_LINES = 450

const every = (
  project: Project,
  rule: string,
  check: (file: SourceFile) => (string | false | undefined)[],
): Violation[] =>
  [...project.files.values()].flatMap(file =>
    check(file)
      .filter(detail => typeof detail === 'string')
      .map(detail => ({ rule, file: file.path, detail })),
  )

const isIn = (path: string, folder: string): boolean => path.startsWith(`${folder}/`)

const resolves: Rule = project =>
  every(project, 'resolves', file =>
    file.links.map(({ target, specifier }) => {
      if (target.kind === 'computed')
        return !isTest(file.path) && 'imports a name that is computed at run time'
      if (target.kind !== 'file' || /\.(json|mjs|js|s?css|generated\.ts)$/.test(target.path)) return false
      return !project.files.has(target.path) && `imports '${specifier}', which is not there`
    }),
  )

const layers: Rule = project =>
  every(project, 'layers', file => {
    const allowed = MAY_IMPORT[topOf(file.path)]
    if (allowed === undefined) return ['is in a folder that has no rule']
    if (allowed === 'anything') return []
    return file.links.map(({ target }) => {
      if (target.kind !== 'file') return false
      if (isTest(target.path) && !isTest(file.path)) return `may not import what is for tests, ${target.path}`
      const own = allowed.self === 'folder' ? topOf(file.path) : moduleOf(file.path)
      const folders = [own, ...allowed.others, ...(isTest(file.path) ? ['tests'] : [])]
      return !folders.some(folder => isIn(target.path, folder)) && `may not import ${target.path}`
    })
  })

const packages: Rule = project =>
  every(project, 'packages', file => {
    if (isTest(file.path)) return []
    const top = topOf(file.path)
    return file.links.map(({ target }) => {
      if (target.kind !== 'package') return false
      const { name } = target
      if (!project.dependencies.has(name)) return `uses ${name}, which package.json does not name`
      if (top === 'core' && !CORE_PACKAGES.has(name)) return `the core may not use ${name}`
      if (top !== 'gateway' && ONLY_IN_GATEWAY.has(name)) return `only the gateway may use ${name}`
      if (top !== 'core' && ONLY_IN_CORE.has(name)) return `only the core may use ${name}`
      return false
    })
  })

const faces: Rule = project =>
  every(project, 'faces', file => {
    if (['tests', 'bench', 'tools'].includes(topOf(file.path))) return []
    return file.links.map(({ target }) => {
      if (target.kind !== 'file' || !WITH_FACES.has(topOf(target.path))) return false
      const theirs = moduleOf(target.path)
      if (theirs === moduleOf(file.path) || target.path === `${theirs}/index.ts`) return false
      if (isTest(target.path)) return false
      return !MORE_FACES.some(face => face.test(target.path)) && `enters ${theirs} through ${target.path}`
    })
  })

const construction: Rule = project =>
  every(project, 'construction', file => {
    if (isTest(file.path) || ENTRY_POINTS.test(file.path)) return []
    return file.links.flatMap(({ target, names, typeOnly }) => {
      if (target.kind !== 'file' || typeOnly) return []
      const theirs = moduleOf(target.path)
      const toolbox = CONNECTOR_PARTS.includes(theirs) || topOf(target.path) === 'credentials'
      if (theirs === moduleOf(file.path) || !WITH_FACES.has(topOf(theirs)) || toolbox) return []
      return names.filter(n => CONSTRUCTOR.test(n)).map(n => `constructs with ${n} of ${theirs}`)
    })
  })

const cycles: Rule = project => {
  const graph = new Map<string, Set<string>>()
  for (const file of project.files.values()) {
    if (isTest(file.path)) continue
    const from = moduleOf(file.path)
    const to = graph.get(from) ?? new Set<string>()
    for (const { target } of file.links) {
      if (target.kind === 'file' && moduleOf(target.path) !== from) to.add(moduleOf(target.path))
    }
    graph.set(from, to)
  }
  return findCycles(graph).map(path => ({ rule: 'cycles', file: path[0]!, detail: path.join(' → ') }))
}

/** Walks the graph depth first; each edge back into the path walked is a cycle. */
const findCycles = (graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] => {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) {
      found.push([...path.slice(path.indexOf(node)), node])
      return
    }
    if (done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...path, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return found
}

/** What is verified in a browser reaches, in all it imports at run time, nothing that a browser lacks. */
/** What runs in a browser, and what of the project it may import: a page knows the API and nothing behind it. */
const IN_BROWSERS: Record<string, readonly string[] | 'anything'> = {
  'credentials/verify': 'anything',
  'gateway/web/ui': [],
  'gateway/web/console': ['gateway/web/ui'],
}

const pages: Rule = project =>
  every(project, 'pages', file => {
    const home = Object.keys(IN_BROWSERS).find(folder => isIn(file.path, folder))
    const allowed = home === undefined ? 'anything' : IN_BROWSERS[home]!
    if (home === undefined || allowed === 'anything' || isTest(file.path)) return []
    return file.links.map(
      ({ target }) =>
        target.kind === 'file' &&
        ![home, ...allowed].some(folder => isIn(target.path, folder)) &&
        `may not import ${target.path}: it is a page, and uses the API`,
    )
  })

const inBrowsers: Rule = project => {
  const found: Violation[] = []
  const seen = new Set<string>()
  const visit = (path: string, chain: readonly string[]): void => {
    const file = project.files.get(path)
    if (!file || seen.has(path)) return
    seen.add(path)
    const route = [...chain, path]
    const fail = (what: string) =>
      found.push({ rule: 'browser', file: route[0]!, detail: `${what} by way of ${route.join(' → ')}` })
    if (/(?<![.\w$])(?:Buffer|process)\b(?!\s*:)/.test(file.code)) fail('needs a global of Node')
    for (const { target, typeOnly } of file.links) {
      if (typeOnly) continue
      if (target.kind === 'builtin') fail(`needs ${target.name}`)
      if (target.kind === 'file') visit(target.path, route)
    }
  }
  for (const path of project.files.keys())
    if (Object.keys(IN_BROWSERS).some(folder => isIn(path, folder)) && !isTest(path)) visit(path, [])
  return found
}

const environment: Rule = project =>
  every(project, 'environment', file => {
    if (isTest(file.path) || file.path === 'gateway/config.ts') return []
    const indexed = [...file.code.matchAll(/\bprocess\s*\[\s*'(\d+)'/g)].some(
      ([, n]) => file.strings[Number(n)] === 'env',
    )
    const imported = file.links.some(
      l => l.target.kind === 'builtin' && l.target.name === 'node:process' && l.names.includes('env'),
    )
    const dotted = /\bprocess\s*\??\.\s*env\b|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/.test(file.code)
    return [(indexed || imported || dotted) && 'reads the environment; only gateway/config.ts may']
  })

const defaultExports: Rule = project =>
  every(project, 'default exports', file => [
    /(?<![.\w$])export\s+default\b|(?<![.\w$])export\s*\{[^}]*\bas\s+default\b/.test(file.code) &&
      'has a default export',
  ])

const fileLength: Rule = project =>
  every(project, 'file length', file => [
    file.lines > MAX_LINES && `has ${file.lines} lines; ${MAX_LINES} are the most`,
  ])

/** Checks every rule of the house, and returns what is broken. */
export const checkArchitecture = (project: Project): Violation[] =>
  [
    resolves,
    layers,
    packages,
    faces,
    construction,
    cycles,
    pages,
    inBrowsers,
    environment,
    defaultExports,
    fileLength,
    checkSchemas,
  ].flatMap(rule => rule(project))
