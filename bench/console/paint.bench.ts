import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { PASSWORD, startConsole, type TestConsole } from '#tests/support/console.ts'
import { type Metrics, median, metric } from '../kit/index.ts'

/** 400 kbit/s, 400 ms from a request to the beginning of its answer, and a processor four times as slow. */
const NETWORK = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }
const SLOWER = 4
const RUNS = 5

type Shown = { paint: number; usable: number }

/**
 * Seconds until something of the console is painted and until it can be used (the sign-in form; the home page of
 * whoever is signed in), with nothing in the browser and when it was there before. The floor is a page of one word.
 */
export const metrics: Metrics = async () => {
  const app = await startConsole({ validateResponses: false })
  const floor = await plainPage()
  try {
    await app.person('reader', 'auditor')
    const runs: Record<'first' | 'repeat' | 'home' | 'homeAgain' | 'floor', Shown[]> = {
      first: [],
      repeat: [],
      home: [],
      homeAgain: [],
      floor: [],
    }
    while (runs.first.length < RUNS) {
      const signIn = await twice(app, async () => {}, 'form')
      runs.first.push(signIn[0])
      runs.repeat.push(signIn[1])
      const home = await twice(app, context => signedIn(app, context), 'nav')
      runs.home.push(home[0])
      runs.homeAgain.push(home[1])
      const context = await app.browser.newContext()
      runs.floor.push(await show(await slow(context), floor.url, 'p'))
      await context.close()
    }
    const of = (name: keyof typeof runs, what: keyof Shown) => median(runs[name].map(shown => shown[what]))
    return [
      metric({ name: 'first paint s', value: of('first', 'paint'), unit: 's', goal: { atMost: 3 } }),
      metric({ name: 'repeat s', value: of('repeat', 'paint'), unit: 's', goal: { atMost: 1 } }),
      metric({ name: 'sign-in to use s', value: of('first', 'usable'), unit: 's' }),
      metric({ name: 'home to use s', value: of('home', 'usable'), unit: 's' }),
      metric({ name: 'home again s', value: of('homeAgain', 'usable'), unit: 's' }),
      metric({ name: 'one word s', value: of('floor', 'paint'), unit: 's' }),
    ]
  } finally {
    floor.close()
    await app.close()
  }
}

/** The console shown in a browser that has never seen it, and again. */
const twice = async (
  app: TestConsole,
  prepare: (context: BrowserContext) => Promise<void>,
  selector: string,
): Promise<[Shown, Shown]> => {
  const context = await app.browser.newContext({ locale: 'en' })
  await prepare(context)
  const url = `${app.gateway.url}/console`
  const page = await slow(context)
  const first = await show(page, url, selector)
  await page.close()
  const again = await show(await slow(context), url, selector)
  await context.close()
  return [first, again]
}

const signedIn = async ({ gateway }: TestConsole, context: BrowserContext): Promise<void> => {
  const answer = await context.request.post(`${gateway.url}/api/v1/sessions`, {
    data: { username: 'reader', password: PASSWORD, cookie: true },
    headers: { Origin: gateway.url },
  })
  if (answer.status() !== 201) throw new Error(`not signed in: ${await answer.text()}`)
}

const slow = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', NETWORK)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  return page
}

const show = async (page: Page, url: string, selector: string): Promise<Shown> => {
  await page.goto(url, { waitUntil: 'commit', timeout: 60_000 })
  await page.waitForSelector(selector, { timeout: 60_000 })
  const usable = await page.evaluate(() => performance.now())
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  )
  return { paint: paint / 1000, usable: usable / 1000 }
}

const plainPage = async () => {
  const server = createServer((_, answer) =>
    answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>One</title><p>Annona</p>'),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  }
}
