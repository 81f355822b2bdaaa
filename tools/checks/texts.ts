import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { judgeWording } from './wording.ts'

/** The texts of one namespace in one language: flat, by their keys with dots. */
export type Texts = Record<string, string>
/** All languages of one namespace. */
export type Namespace = { name: string; languages: Record<string, Texts> }

const FEWEST = 100
const PLURAL = /_(zero|one|two|few|many|other)$/

/** A nested file of texts as one level. */
export const flat = (nested: object, before = ''): Texts =>
  Object.fromEntries(
    Object.entries(nested).flatMap(([key, value]) =>
      typeof value === 'string' ? [[before + key, value]] : Object.entries(flat(value, `${before}${key}.`)),
    ),
  )

/** The keys that a language must have: those of the first one, with the plural forms that it knows itself. */
const keysFor = (language: string, english: Texts): string[] => {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const counted = (key: string) => PLURAL.test(key) && english[key.replace(PLURAL, '_other')] !== undefined
  return Object.keys(english).flatMap(key => {
    if (!counted(key)) return [key]
    return key.endsWith('_other') ? forms.map(form => key.replace(PLURAL, `_${form}`)) : []
  })
}

const placeholders = (text: string): string =>
  [...new Set(text.match(/\{\{\s*\w+/g)?.map(p => p.replace(/\W/g, '')))].sort().join(', ')

/**
 * What is wrong with texts: a language that lacks a key or has one too many, an empty text, a value that is put into
 * one language and not into another (plural forms may leave the number out: "one household").
 */
export const judgeTexts = (namespaces: readonly Namespace[], languages: readonly string[]): string[] => {
  const problems: string[] = []
  let seen = 0
  for (const { name, languages: texts } of namespaces) {
    const english = texts[languages[0]!] ?? {}
    for (const language of languages) {
      const own = texts[language]
      if (!own) {
        problems.push(`${name}: there is no ${language}.json`)
        continue
      }
      const wanted = new Set(keysFor(language, english))
      seen += wanted.size
      for (const key of wanted) if (own[key] === undefined) problems.push(`${name} ${language}: lacks ${key}`)
      for (const [key, text] of Object.entries(own)) {
        const like = english[key] ?? english[key.replace(PLURAL, '_other')] ?? ''
        if (!wanted.has(key)) problems.push(`${name} ${language}: has ${key}, which English has not`)
        else if (text.trim() === '') problems.push(`${name} ${language}: ${key} is empty`)
        else if (!PLURAL.test(key) && placeholders(text) !== placeholders(like))
          problems.push(
            `${name} ${language}: ${key} has {${placeholders(text)}}, not {${placeholders(like)}}`,
          )
      }
    }
  }
  if (seen < FEWEST) problems.push(`saw ${seen} texts; there must be ${FEWEST} or more`)
  return problems
}

/** Keys that nothing says, as far as can be read: the whole key, or its beginning before a variable part. */
export const unusedTexts = (namespaces: readonly Namespace[], sources: readonly string[]): string[] => {
  const source = sources.join('\n')
  const begun = [...source.matchAll(/`([\w.-]*?)\$\{/g)].map(([, start]) => start!).filter(s => s.length > 1)
  return namespaces.flatMap(({ name, languages }) =>
    Object.keys(languages.en ?? {})
      .map(key => key.replace(PLURAL, ''))
      .filter(key => !source.includes(`'${key}'`) && !source.includes(`\`${key}\``))
      .filter(key => !begun.some(start => key.startsWith(start)))
      .map(key => `${name}: nothing says ${key}`),
  )
}

/** Checks every text of the pages. */
export const checkTexts = async (root: string): Promise<string[]> => {
  const { LANGUAGES } = await import('#gateway/web/ui/i18n/languages.ts')
  const web = join(root, 'gateway/web')
  const read = (path: string): Texts => flat(JSON.parse(readFileSync(join(web, path), 'utf8')))
  const byName = new Map<string, Record<string, Texts>>()
  const add = (name: string, language: string, path: string) =>
    byName.set(name, { ...byName.get(name), [language]: read(path) })
  for (const path of globSync('ui/locales/*/*.json', { cwd: web }))
    add(basename(path, '.json'), basename(dirname(path)), path)
  for (const path of globSync('console/**/texts/*.json', { cwd: web }))
    add(basename(dirname(dirname(path))), basename(path, '.json'), path)
  const namespaces = [...byName].map(([name, languages]) => ({ name, languages }))
  const sources = globSync('{ui,console}/**/*.{ts,tsx}', { cwd: web }).map(path =>
    readFileSync(join(web, path), 'utf8'),
  )
  return [
    ...judgeTexts(
      namespaces,
      LANGUAGES.map(({ code }) => code),
    ),
    ...unusedTexts(namespaces, sources),
    ...judgeWording(namespaces, readFileSync(join(root, 'docs/glossary.md'), 'utf8')),
  ]
}
