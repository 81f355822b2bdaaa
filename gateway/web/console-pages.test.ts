import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Koa from 'koa'
import type { Preloads } from './build/preloads.ts'
import { consolePages } from './console-pages.ts'

const needs = (name: string) => ({
  files: [`assets/${name}.js`],
  texts: { en: [`assets/${name}-en.js`], fr: [`assets/${name}-fr.js`], ar: [`assets/${name}-ar.js`] },
})
const PRELOADS: Preloads = {
  first: { ...needs('base'), files: ['assets/base.js', 'assets/base.css'] },
  signIn: needs('sign-in'),
  routes: [
    { path: '/', screen: 'home', ...needs('home') },
    { path: '/users/new', screen: 'new', ...needs('new') },
    { path: '/users/:username', screen: 'user', ...needs('user') },
  ],
}
const HTML = `<!doctype html><html lang="en" dir="ltr"><head><!--preload-->
<script type="module" src="/console/assets/index.js"></script>
<link rel="stylesheet" href="/console/assets/base.css"></head></html>`

describe('the page of the console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'annona-console-'))
  let server: Server
  let port: number
  before(async () => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), HTML)
    writeFileSync(join(folder, 'preloads.json'), JSON.stringify(PRELOADS))
    writeFileSync(join(folder, 'assets/base.js'), 'base()')
    writeFileSync(join(folder, 'assets/base.js.gz'), gzipSync('base()'))
    writeFileSync(join(folder, 'secret.txt'), 'kept from others')
    const isSignedIn = ({ cookie = '' }) => cookie.includes('session=')
    server = new Koa().use(consolePages(isSignedIn, () => folder)).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    port = (server.address() as AddressInfo).port
  })
  after(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  /** As it stands: `fetch` would tidy up the path. */
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path, method, headers }, answer => {
        const chunks: Buffer[] = []
        answer.on('data', chunk => chunks.push(chunk))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode!,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      })
      asked.on('error', reject).end()
    })
  const tagOf = (body: string) => /<html[^>]*>/.exec(body)?.[0]
  const preloaded = (body: string) => [...body.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(m => m[1])

  it('comes in the language of the cookie, else of the browser, else in English', async () => {
    const lang = async (headers: Record<string, string>) => tagOf((await ask('/console', headers)).body)
    assert.equal(await lang({}), '<html lang="en" dir="ltr" data-nobody>')
    assert.match((await lang({ 'accept-language': 'sw, fr-CA;q=0.8, en;q=0.5' }))!, /lang="fr" dir="ltr"/)
    assert.match(
      (await lang({ cookie: 'annona-language=ar', 'accept-language': 'fr' }))!,
      /lang="ar" dir="rtl"/,
    )
    for (const planted of ['"><script>alert(1)</script>', 'constructor', 'xx', ''])
      assert.match(
        (await lang({ cookie: `annona-language=${planted}` }))!,
        /^<html lang="en" dir="ltr" data-nobody>$/,
      )
    const { headers } = await ask('/console')
    assert.equal(headers.vary, 'Accept-Language, Cookie')
  })

  it('says what to fetch for the address, in the language, and nothing twice', async () => {
    const at = async (path: string, cookie = 'session=x') => preloaded((await ask(path, { cookie })).body)
    const first = ['/console/assets/base.js', '/console/assets/base-en.js']
    const of = (name: string) => [...first, `/console/assets/${name}.js`, `/console/assets/${name}-en.js`]
    assert.deepEqual(await at('/console'), of('home'))
    assert.deepEqual(await at('/console/users/new'), of('new'))
    assert.deepEqual(await at('/console/users/some%20one?tab=grants'), of('user'))
    assert.deepEqual(await at('/console/users/a/b'), first)
    assert.deepEqual(await at('/console/users/new', 'other=1'), of('sign-in'))
    const { body } = await ask('/console', { cookie: 'session=x' })
    assert.equal(body.split('base.css').length, 2)
  })

  it('asks who is signed in only where a browser brings a sign-in', async () => {
    const [nobody, somebody] = [await ask('/console'), await ask('/console', { cookie: 'session=x' })]
    assert.ok(!nobody.body.includes('/sessions/current') && tagOf(nobody.body)!.includes('data-nobody'))
    assert.ok(somebody.body.includes('/sessions/current') && !tagOf(somebody.body)!.includes('data-nobody'))
  })

  it('brings its files as they were compressed, forever, and no other file', async () => {
    const file = await ask('/console/assets/base.js', { 'accept-encoding': 'gzip' })
    assert.equal(file.headers['content-encoding'], 'gzip')
    assert.match(String(file.headers['cache-control']), /immutable/)
    assert.equal((await ask('/console/assets/base.js')).body, 'base()')
    assert.equal((await ask('/console/assets/gone.js')).status, 404)
    for (const path of [
      '../secret.txt',
      'secret.txt',
      'assets/../secret.txt',
      '..%2fsecret.txt',
      'preloads.json',
    ])
      assert.ok(!(await ask(`/console/${path}`)).body.includes('kept from others'), path)
    const html = await ask('/console/secret.txt')
    assert.match(String(html.headers['content-type']), /^text\/html/)
  })

  it('is only read, and says so when it has not been built', async () => {
    assert.equal((await ask('/console', {}, 'POST')).status, 404)
    assert.equal((await ask('/console', {}, 'HEAD')).status, 200)
    assert.equal((await ask('/consoles')).status, 404)
    const unbuilt = new Koa()
      .use(
        consolePages(
          () => false,
          () => join(folder, 'absent'),
        ),
      )
      .listen(0, '127.0.0.1')
    await new Promise(resolve => unbuilt.once('listening', resolve))
    const answer = await fetch(`http://127.0.0.1:${(unbuilt.address() as AddressInfo).port}/console`)
    assert.deepEqual(
      [answer.status, await answer.text()],
      [503, 'The console has not been built. Run: npm run build\n'],
    )
    unbuilt.close()
  })
})
