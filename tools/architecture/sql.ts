import { isTest, moduleOf, type Project, topOf, type Violation } from './project.ts'

/** A text of SQL and the module that holds it. */
type Sql = { file: string; module: string; text: string }

const CREATES_SCHEMA = /\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?"?(\w+)/gi
const PUBLISHES =
  /\bcreate\s+(?:or\s+replace\s+)?(?:materialized\s+)?(?:view|function)\s+"?(\w+)"?\."?(\w+)/gi
/** A small table that a module lets others join as it is: said in its `views.sql`. */
const PUBLISHES_TABLE = /^--\s*Published as it is:\s*(\w+)\.(\w+)/gim
/** Words right after which SQL names a table, a view or a function. */
const NAMES_NEXT = 'from|join|into|update|table|references|copy|truncate|only|view|function|exists|trigger'
const STARTS_LIKE_SQL =
  /^\s*(?:select|insert\s+into|delete\s+from|with\s+(?:recursive\s+)?\w+\s+as\s|create|alter|drop)\b/i

/**
 * A module's SQL names only its own schema, what other modules publish in their `views.sql`, and the functions of
 * the schema `kernel`. A module's schema is the one its migrations create, or the one with its name.
 *
 * Names put together at run time cannot be seen here.
 */
export const checkSchemas = (project: Project): Violation[] => {
  const owners = schemaOwners(project)
  const published = publishedNames(project)
  const tables = texts(project).flatMap(({ file, module, text }) =>
    namedIn(text, owners)
      .filter(({ schema, name }) => owners.get(schema) !== module && !published.has(`${schema}.${name}`))
      .map(({ schema, name }) => ({
        rule: 'schemas',
        file,
        detail: `names ${schema}.${name}, which ${owners.get(schema)} does not publish`,
      })),
  )
  const once = new Map(tables.map(violation => [violation.file + violation.detail, violation]))
  return [...once.values(), ...modelSchemas(project, owners)]
}

/** `core/grant-plans` → `grant_plans`. */
const schemaNamed = (module: string) => module.split('/')[1]!.replaceAll('-', '_')

const schemaOwners = (project: Project): Map<string, string> => {
  const modules = new Set([...project.files.keys(), ...project.sql.keys()].filter(isCoreModule).map(moduleOf))
  const owners = new Map([...modules].map(module => [schemaNamed(module), module]))
  for (const { module, text } of texts(project)) {
    if (!module.startsWith('core/')) continue
    for (const [, schema] of text.matchAll(CREATES_SCHEMA)) owners.set(schema!, module)
  }
  return owners
}

const isCoreModule = (path: string) => topOf(path) === 'core' && path.split('/').length > 2

const publishedNames = (project: Project): Set<string> => {
  const names = new Set<string>()
  for (const [path, text] of project.sql) {
    for (const [, schema, name] of path.endsWith('/views.sql') ? text.matchAll(PUBLISHES_TABLE) : [])
      names.add(`${schema}.${name}`)
    for (const [, schema, name] of text.matchAll(PUBLISHES)) {
      if (path.endsWith('/views.sql') || schema === 'kernel') names.add(`${schema}.${name}`)
    }
  }
  return names
}

/** All SQL outside of tests: files, and the strings of sources. Comments are taken out. */
const texts = (project: Project): Sql[] => [
  ...[...project.sql]
    .filter(([path]) => !isTest(path))
    .map(([file, text]) => ({ file, module: moduleOf(file), text: withoutComments(text) })),
  ...[...project.files.values()]
    .filter(file => !isTest(file.path))
    .flatMap(file =>
      file.strings.map(text => ({
        file: file.path,
        module: moduleOf(file.path),
        text: withoutComments(text),
      })),
    ),
]

const withoutComments = (sql: string) => sql.replace(/--[^\n]*|\/\*.*?\*\//gs, ' ')

/**
 * The qualified names of known schemas in a text that is SQL. When a schema's name is also an alias in the text,
 * `programs.id` is a column, so only names that follow FROM, JOIN and the like count.
 */
const namedIn = (text: string, owners: ReadonlyMap<string, string>): { schema: string; name: string }[] => {
  const schemas = [...owners.keys()].join('|')
  if (schemas === '') return []
  const qualified = `"?\\b(${schemas})"?\\s*\\.\\s*"?(\\w+)`
  const afterWord = [...text.matchAll(new RegExp(`\\b(?:${NAMES_NEXT})\\s+${qualified}`, 'gi'))]
  if (afterWord.length === 0 && !STARTS_LIKE_SQL.test(text)) return []
  const aliases = new Set(
    [...text.matchAll(/\b\w+"?\."?\w+"?\s+(?:as\s+)?(\w+)|\bas\s+(\w+)/gi)].map(([, a, b]) => a ?? b!),
  )
  const anywhere = [...text.matchAll(new RegExp(`(?<![\\w.'])${qualified}`, 'gi'))]
  const names = [...afterWord, ...anywhere.filter(([, schema]) => !aliases.has(schema!))]
  const unique = new Set(names.map(([, schema, name]) => `${schema!.toLowerCase()}.${name}`))
  return [...unique].map(full => ({ schema: full.split('.')[0]!, name: full.split('.')[1]! }))
}

/** A Sequelize model stands in the schema of its module. */
const modelSchemas = (project: Project, owners: ReadonlyMap<string, string>): Violation[] =>
  [...project.files.values()]
    .filter(file => !isTest(file.path))
    .filter(file => file.links.some(l => l.target.kind === 'package' && l.target.name === 'sequelize'))
    .flatMap(file =>
      [...file.code.matchAll(/\bschema\s*:\s*'(\d+)'/g)]
        .map(([, n]) => file.strings[Number(n)]!)
        .filter(schema => owners.get(schema) !== moduleOf(file.path))
        .map(schema => ({
          rule: 'schemas',
          file: file.path,
          detail: `has a model in the schema ${schema}, which is not its own`,
        })),
    )
