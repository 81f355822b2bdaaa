import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { extname, join } from 'node:path'
import type { Context, Middleware } from 'koa'
import { cookiesNamed } from '../auth/cookies.ts'
import type { Preloads } from './build/preloads.ts'
import { consoleFolder, PRELOADS } from './build/source.ts'
import { directionOf, LANGUAGE_COOKIE, LANGUAGES, languageOf } from './ui/i18n/languages.ts'

type Encoding = 'br' | 'gzip' | 'identity'
type File = { type: string; as: Partial<Record<Encoding, Buffer>> & { identity: Buffer } }
type Built = { html: string; preloads: Preloads; files: Map<string, File> }

const BASE = '/console'
const SUFFIX = { br: '.br', gzip: '.gz' }
const FOREVER = 'public, max-age=31536000, immutable'
const NOT_BUILT = 'The console has not been built. Run: npm run build\n'

/**
 * The staff's console under /console: its files by name, which hold a hash of what is in them, and its one page for
 * every other address. The page comes in the language of the reader, and says what to fetch before its script asks:
 * on a slow network every question costs more than its answer. `isSignedIn` says whether a browser brings a sign-in,
 * which the page then asks about.
 */
export const consolePages = (
  isSignedIn: (headers: IncomingHttpHeaders) => boolean,
  folder = consoleFolder,
): Middleware => {
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
    else sendPage(ctx, built, `/${path}`, isSignedIn(ctx.headers))
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

const sendPage = (ctx: Context, { html, preloads }: Built, path: string, isSignedIn: boolean): void => {
  const [cookie] = cookiesNamed(ctx.headers.cookie, LANGUAGE_COOKIE)
  const asked = ctx.acceptsLanguages(...LANGUAGES.map(({ code }) => code))
  const language = languageOf(cookie) ?? languageOf(asked || undefined) ?? LANGUAGES[0].code
  const wanted = isSignedIn ? preloads.routes.find(route => fits(route.path, path)) : preloads.signIn
  const files = [preloads.first, ...(wanted ? [wanted] : [])].flatMap(needs => [
    ...needs.files,
    ...needs.texts[language]!,
  ])
  const head = html
    .replace(
      /<html[^>]*>/,
      `<html lang="${language}" dir="${directionOf(language)}"${isSignedIn ? '' : ' data-nobody'}>`,
    )
    .replace('<!--preload-->', [...(isSignedIn ? [SESSION] : []), ...linksTo(files, html)].join('\n    '))
  ctx.type = 'text/html'
  ctx.set('Vary', 'Accept-Language, Cookie')
  ctx.body = head
}

/** Who is signed in: asked for with the first script, not by it. */
const SESSION = '<link rel="preload" href="/api/v1/sessions/current" as="fetch" crossorigin />'

const linksTo = (files: readonly string[], html: string): string[] =>
  [...new Set(files)]
    .filter(file => !html.includes(file))
    .map(file =>
      file.endsWith('.css')
        ? `<link rel="stylesheet" href="${BASE}/${file}" />`
        : `<link rel="modulepreload" href="${BASE}/${file}" />`,
    )

/** Whether an address fits the path of a route, in which `:name` stands for one part. */
const fits = (route: string, path: string): boolean => {
  const [wanted, given] = [route, path].map(text => text.split('/').filter(part => part !== ''))
  return (
    wanted!.length === given!.length &&
    wanted!.every((part, at) => part.startsWith(':') || part === given![at])
  )
}

const readBuilt = (folder: string): Built | undefined =>
  existsSync(folder)
    ? {
        html: readFileSync(join(folder, 'index.html'), 'utf8'),
        preloads: JSON.parse(readFileSync(join(folder, PRELOADS), 'utf8')),
        files: readFiles(folder),
      }
    : undefined

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
