/*
 * `npm run pictures`: the pictures of the README, taken from the demo country in a real browser. They show the console
 * as it is; take them again when it looks different.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { freePort } from '#core/db/embedded/ports.ts'
import { startChromium } from '#tests/support/chromium.ts'
import { startAnnona } from '../bench/ground/annona.ts'

type Account = { username: string; password: string }
type Picture = {
  name: string
  as: string
  path: string
  language?: string
  /** What is done on the page before the picture is taken. */
  before?: (page: Page) => Promise<unknown>
}

const SIZE = { width: 1280, height: 800 }
const DEMO_MS = 180_000
/** Whoever names a deputy, which is the last thing that the demo does. */
const LAST_READY = 'haile'

const openFirst = async (page: Page): Promise<void> => {
  await page.locator('tbody a').first().click()
  await page.waitForURL(url => url.pathname.split('/').length > 3)
}

const pictures: readonly Picture[] = [
  { name: 'home', as: 'aster', path: '/' },
  { name: 'approval', as: 'aster', path: '/approvals', before: openFirst },
  { name: 'arabic', as: 'aster', path: '/approvals', language: 'ar' },
]

const root = dirname(import.meta.dirname)
const folder = join(root, 'docs/pictures')

const main = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'annona-pictures-'))
  const annona = await startAnnona({ PORT: String(await freePort()), ANNONA_DATA_DIR: dataDir })
  const browser = await startChromium('absent')
  try {
    const accounts = await demoAccounts(join(dataDir, 'demo-access.json'), annona.url)
    mkdirSync(folder, { recursive: true })
    for (const picture of pictures) {
      const account = accounts.find(({ username }) => username === picture.as)
      if (!account) throw new Error(`The demo has no user ${picture.as}.`)
      await take(browser, annona.url, account, picture)
      process.stdout.write(`docs/pictures/${picture.name}.png\n`)
    }
  } finally {
    await browser.close()
    await annona.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** The demo is loaded after the gateway is ready: first its users, and last that one of them stands in for another. */
const demoAccounts = async (file: string, url: string): Promise<Account[]> => {
  const until = Date.now() + DEMO_MS
  const orTooLate = async () => {
    if (Date.now() > until) throw new Error('The demo was not loaded in time.')
    await pause(500)
  }
  while (!existsSync(file)) await orTooLate()
  const accounts: Account[] = JSON.parse(readFileSync(file, 'utf8')).users
  const { username, password } = accounts.find(account => account.username === LAST_READY)!
  const ask = (path: string, init: RequestInit) => fetch(`${url}/api/v1${path}`, init).then(a => a.json())
  const { token } = await ask('/sessions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  const headers = { Authorization: `Bearer ${token}` }
  while ((await ask('/approval-delegations', { headers })).items.length === 0) await orTooLate()
  return accounts
}

const take = async (browser: Browser, url: string, account: Account, picture: Picture): Promise<void> => {
  const { path, name, language = 'en', before } = picture
  const context = await browser.newContext({
    baseURL: url,
    viewport: SIZE,
    locale: language,
    reducedMotion: 'reduce',
  })
  const answer = await context.request.post('/api/v1/sessions', {
    data: { username: account.username, password: account.password, cookie: true },
    headers: { Origin: url },
  })
  if (answer.status() !== 201) throw new Error(`${account.username} cannot sign in: ${await answer.text()}`)
  const page = await context.newPage()
  await page.goto(`/console${path === '/' ? '' : path}`)
  await settled(page)
  await before?.(page)
  await settled(page)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await context.close()
}

/** Until the page has its heading and nothing of it is being loaded. The stream of events never ends. */
const settled = async (page: Page): Promise<void> => {
  await page.locator('h1').waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy=true], .an-loading') === null)
  await pause(500)
}

await main()
