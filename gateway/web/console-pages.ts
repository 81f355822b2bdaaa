import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Context, Middleware } from 'koa'
import { cookiesNamed } from '../auth/cookies.ts'
import { consoleFolder } from './build/source.ts'
import { directionOf, LANGUAGE_COOKIE, LANGUAGES, type Language, languageOf } from './ui/i18n/languages.ts'

type Encoding = 'br' | 'gzip' | 'identity'
type File = { type: string; as: Partial<Record<Encoding, Buffer>> & { identity: Buffer } }
type Built = { html: Record<Language, string>; files: Map<string, File> }

const BASE = '/console'
const SUFFIX = { br: '.br', gzip: '.gz' }
const FOREVER = 'public, max-age=31536000, immutable'
const NOT_BUILT = 'The console has not been built. Run: npm run build\n'

/** The texts that the first screen needs, whatever it is. */
const FIRST_TEXTS = (language: Language) => [
  `../ui/locales/${language}/ui.json`,
  `shell/texts/${language}.json`,
]

/**
 * The staff's console under /console: its files by name, which hold a hash of what is in them, and its one page for
 * every other address. The page comes in the language of the reader, and says what to fetch before its script asks.
 */
export const consolePages = (folder = consoleFolder): Middleware => {
  let built: Built | undefined
  return async (ctx, next) => {
    const isOurs = ctx.path === BASE || ctx.path.startsWith(`${BASE}/`)
    if (!isOurs || !['GET', 'HEAD'].includes(ctx.method)) return next()
    built ??= readBuilt(folder())
    if (!built) {
      ctx.status = 503
      ctx.body = NOT_BUILT
      return
    }
    const path = ctx.path.slice(BASE.length + 1)
    const file = built.files.get(path)
    if (file) sendFile(ctx, file)
    // A file of an earlier build: the page that asks for it is to be loaded again, not to get HTML for a script.
    else if (path.startsWith('assets/')) ctx.status = 404
    else sendPage(ctx, built)
  }
}

const sendFile = (ctx: Context, { type, as }: File): void => {
  const accepted = ctx.acceptsEncodings('br', 'gzip', 'identity')
  const encoding = accepted && as[accepted as Encoding] ? (accepted as Encoding) : 'identity'
  ctx.type = type
  ctx.set('Cache-Control', FOREVER)
  ctx.set('Vary', 'Accept-Encoding')
  if (encoding !== 'identity') ctx.set('Content-Encoding', encoding)
  ctx.body = as[encoding]
}

const sendPage = (ctx: Context, { html }: Built): void => {
  const [cookie] = cookiesNamed(ctx.headers.cookie, LANGUAGE_COOKIE)
  const asked = ctx.acceptsLanguages(...LANGUAGES.map(({ code }) => code))
  const language = languageOf(cookie) ?? languageOf(asked || undefined) ?? LANGUAGES[0].code
  ctx.type = 'text/html'
  ctx.set('Vary', 'Accept-Language, Cookie')
  ctx.body = html[language]
}

const readBuilt = (folder: string): Built | undefined => {
  if (!existsSync(folder)) return undefined
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    { file: string }
  >
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const pages = LANGUAGES.map(({ code }) => [code, inLanguage(html, code, manifest)] as const)
  return { html: Object.fromEntries(pages) as Record<Language, string>, files: readFiles(folder) }
}

const inLanguage = (html: string, code: Language, manifest: Record<string, { file: string }>): string =>
  html.replace(/<html[^>]*>/, `<html lang="${code}" dir="${directionOf(code)}">`).replace(
    '<!--preload-->',
    FIRST_TEXTS(code)
      .map(name => `<link rel="modulepreload" href="${BASE}/${manifest[name]!.file}" />`)
      .join('\n    '),
  )

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

const readFiles = (folder: string): Map<string, File> =>
  new Map(
    readdirSync(join(folder, 'assets'))
      .filter(name => extname(name) in TYPES)
      .map(name => [`assets/${name}`, readFile(join(folder, 'assets', name))]),
  )

const readFile = (path: string): File => {
  const compressed = Object.entries(SUFFIX)
    .filter(([, suffix]) => existsSync(path + suffix))
    .map(([encoding, suffix]) => [encoding, readFileSync(path + suffix)])
  return {
    type: TYPES[extname(path)]!,
    as: { identity: readFileSync(path), ...Object.fromEntries(compressed) },
  }
}
