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
  size?: { width: number; height: number }
  /** What is done on the page before the picture is taken. */
  before?: (page: Page) => Promise<unknown>
}

const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 800 }
const DEMO_MS = 180_000

const openFirst = async (page: Page): Promise<void> => {
  await page.locator('tbody a').first().click()
  await page.waitForURL(url => url.pathname.split('/').length > 3)
}

const pictures: readonly Picture[] = [
  { name: 'home', as: 'aster', path: '/' },
  { name: 'approval', as: 'aster', path: '/approvals', before: openFirst },
  { name: 'cycle', as: 'selam', path: '/cycles', before: openFirst },
  { name: 'arabic', as: 'aster', path: '/approvals', language: 'ar' },
  { name: 'phone', as: 'aster', path: '/approvals', size: PHONE },
]

const root = dirname(import.meta.dirname)
const folder = join(root, 'docs/pictures')

const main = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'annona-pictures-'))
  const annona = await startAnnona({ PORT: String(await freePort()), ANNONA_DATA_DIR: dataDir })
  const browser = await startChromium('absent')
  try {
    const accounts = await demoAccounts(join(dataDir, 'demo-access.json'))
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

/** The demo is loaded after the gateway is ready; what it says of its users comes last. */
const demoAccounts = async (file: string): Promise<Account[]> => {
  const until = Date.now() + DEMO_MS
  while (!existsSync(file)) {
    if (Date.now() > until) throw new Error('The demo was not loaded in time.')
    await pause(250)
  }
  return JSON.parse(readFileSync(file, 'utf8')).users
}

const take = async (browser: Browser, url: string, account: Account, picture: Picture): Promise<void> => {
  const { path, name, language = 'en', size = WIDE, before } = picture
  const context = await browser.newContext({
    baseURL: url,
    viewport: size,
    locale: language,
    reducedMotion: 'reduce',
    deviceScaleFactor: size === PHONE ? 2 : 1,
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
