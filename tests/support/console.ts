import assert from 'node:assert/strict'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { systemCtx } from '#core/kernel/index.ts'
import { buildConsole } from '#gateway/web/build/build.ts'
import { axeViolations } from './axe.ts'
import { hardToTouch, misdeedsOf, startChromium } from './chromium.ts'
import { startTestGateway, type TestGateway } from './gateway.ts'

const system = systemCtx('test', 'test')

/** The password of every person that `startConsole` makes. */
export const PASSWORD = 'a long enough secret'

export type Visit = {
  page: Page
  context: BrowserContext
  /** What the page did that it should not. `close` refuses when there is anything. */
  misdeeds: string[]
  close(): Promise<void>
}

export type VisitOptions = {
  /** Of the console, such as `/areas`. */
  at?: string
  language?: 'en' | 'fr' | 'ar'
  size?: { width: number; height: number }
}

export type TestConsole = {
  gateway: TestGateway
  browser: Browser
  /** Makes a user with these roles, everywhere or in areas (by their codes), and gives the name to sign in with. */
  person(
    username: string,
    roles: string | string[],
    options?: { name?: string; areas?: string[] },
  ): Promise<string>
  /** Opens the console as somebody comes by: nobody is signed in. */
  open(options?: VisitOptions): Promise<Visit>
  /** Opens it signed in. */
  as(username: string, options?: VisitOptions): Promise<Visit>
  close(): Promise<void>
}

/** How long a page may take to show what is waited for, on a busy machine. */
const PATIENCE_MS = 10_000
const WIDE = { width: 1280, height: 800 }

const NARROW = { width: 320, height: 640 }

/**
 * What makes a page hard to use as it is now: what axe finds, wide and narrow, and what is wider than a small telephone
 * or too small to touch on it. None, when all is well.
 */
export const hardships = async (page: Page): Promise<string[]> => {
  const before = page.viewportSize()
  const found = await axeViolations(page)
  await page.setViewportSize(NARROW)
  // The navigation goes where it does not stand in the way: a moment later.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
  found.push(...(await hardToTouch(page)), ...(await axeViolations(page)))
  if (before) await page.setViewportSize(before)
  return found
}

/** The built console in a real browser, over a gateway and a worker. Start it in `before`, `close()` it in `after`. */
export const startConsole = async (
  ...settings: Parameters<typeof startTestGateway>
): Promise<TestConsole> => {
  await buildConsole()
  // Signing in over plain HTTP on this machine: without an issuer the cookie asks for no TLS.
  const gateway = await startTestGateway({ issuer: '', ...settings[0] }, settings[1])
  const browser = await startChromium('absent')
  const visits = new Set<BrowserContext>()

  const open = async ({ at = '/', language = 'en', size = WIDE }: VisitOptions = {}): Promise<Visit> => {
    const context = await browser.newContext({
      baseURL: gateway.url,
      viewport: size,
      locale: language,
      reducedMotion: 'reduce',
    })
    visits.add(context)
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    const misdeeds = misdeedsOf(page, gateway.url)
    await page.goto(`/console${at === '/' ? '' : at}`)
    return {
      page,
      context,
      misdeeds,
      close: async () => {
        visits.delete(context)
        await context.close()
        assert.deepEqual(misdeeds, [])
      },
    }
  }

  return {
    gateway,
    browser,
    open,
    person: async (username, roles, { name = username, areas } = {}) => {
      const { access } = gateway.services
      const ids = areas ? await gateway.services.areas.idsOf(areas) : undefined
      const grants = [roles].flat().map(role => ({ role, ...(ids ? { areaIds: [...ids.values()] } : {}) }))
      await access.createUser(system, { username, name, password: PASSWORD, grants })
      return username
    },
    as: async (username, options = {}) => {
      const visit = await open(options)
      const answer = await visit.context.request.post('/api/v1/sessions', {
        data: { username, password: PASSWORD, cookie: true },
        headers: { Origin: gateway.url },
      })
      assert.equal(answer.status(), 201, await answer.text())
      await visit.page.reload()
      return visit
    },
    close: async () => {
      await Promise.all([...visits].map(context => context.close()))
      await browser.close()
      await gateway.close()
    },
  }
}
