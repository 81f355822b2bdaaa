import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { loadDemo } from '#gateway/demo/index.ts'
import { navigation, routes } from '#gateway/web/console/routes.ts'
import { axeViolations } from '#tests/support/axe.ts'
import { hardToTouch } from '#tests/support/chromium.ts'
import { startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'

/** Where the first part of an address finds its things: a list of the API, and the field that names one. */
const LISTS: Record<string, [path: string, name: string]> = {
  'approval-policies': ['/approval-policies', 'code'],
  approvals: ['/approvals', 'reference'],
  areas: ['/areas', 'code'],
  audit: ['/audit-entries', 'id'],
  clients: ['/clients', 'clientId'],
  credentials: ['/credentials', 'reference'],
  cycles: ['/cycles', 'reference'],
  funds: ['/funds', 'code'],
  history: ['/programs', 'code'],
  'identity-providers': ['/identity-providers', 'code'],
  imports: ['/imports', 'reference'],
  items: ['/items', 'code'],
  jobs: ['/jobs', 'reference'],
  locations: ['/locations', 'code'],
  'payment-batches': ['/payment-batches', 'reference'],
  programs: ['/programs', 'code'],
  registrants: ['/registrants', 'reference'],
  roles: ['/roles', 'code'],
  users: ['/users', 'username'],
}
/** What the demo country has none of: such pages are looked at in the journeys that make it. */
const NONE_IN_DEMO = [
  '/payment-reports/:reference',
  '/payment-review-items/:reference',
  '/payment-batches/:reference/retry',
]
/** Pages that send on at once, and the page of components, which shows every fault and has a test of its own. */
const OTHERS = ['/signed-in', '/components']

describe('every page of the console', function () {
  this.timeout(480_000)
  this.slow(120_000)

  let app: TestConsole
  let visit: Visit
  let roles: string[]
  before(async () => {
    app = await startConsole({ validateResponses: false })
    const { gateway } = app
    const demo = await loadDemo({ config: gateway.services.config, url: gateway.url, say: () => {} })
    assert.ok(demo)
    roles = (await all('/roles')).filter(role => role.predefined).map(role => String(role.code))
    assert.ok(roles.length >= 8, `saw ${roles.length} roles`)
    await app.person('everybody', roles)
    await provider()
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const call = async (method: string, path: string, body?: unknown) => {
    const token = await app.gateway.as(roles ?? 'system-administrator')
    const answer = await app.gateway.call(method, `/api/v1${path}`, { token, ...(body ? { body } : {}) })
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.body?.detail}`)
    return answer.body
  }
  const all = async (path: string): Promise<Record<string, unknown>[]> => (await call('GET', path)).items

  /** The demo signs in by password alone: one provider to look at. */
  const provider = () =>
    call('POST', '/identity-providers', {
      code: 'ministry',
      name: 'Ministry',
      issuer: 'https://id.example.org',
      clientId: 'annona',
      clientSecret: 'a secret of the provider',
      groupClaim: 'groups',
      mappings: [],
    })

  /** The addresses of a route: with the first thing of its list where it shows one. */
  const addressesOf = async (path: string): Promise<string[]> => {
    if (NONE_IN_DEMO.includes(path) || OTHERS.includes(path)) return []
    if (!path.includes(':')) return [path]
    const [, kind = ''] = path.split('/')
    if (kind === 'entitlements') {
      for (const cycle of await all('/cycles')) {
        const [one] = await all(`/cycles/${String(cycle.reference)}/entitlements`)
        if (one) return [path.replace(/:\w+/, String(one.reference))]
      }
      return assert.fail('the demo has no entitlement')
    }
    const list = LISTS[kind] ?? assert.fail(`No list is known for ${path}: add one to LISTS.`)
    const [one] = await all(list[0])
    assert.ok(one, `the demo has nothing for ${path}`)
    return [path.replace(/:\w+/, encodeURIComponent(String(one[list[1]])))]
  }

  /** Until the page has its heading, and what it shows. */
  const settled = async (page: Page) => {
    await page.locator('h1').first().waitFor()
    await page.waitForFunction(
      () => document.querySelector('main .an-loading, main [aria-busy=true], #app > .an-boot') === null,
    )
  }
  /** What is wrong with the page as it stands. */
  const faults = async (page: Page): Promise<string[]> => [
    ...((await page.locator('h1').count()) === 1 ? [] : ['has not one heading']),
    ...((await page.locator('main [role=alert] .an-state').count()) === 0 ? [] : ['could not be read']),
    ...((await page.title()).endsWith('– Annona') ? [] : [`is called ${await page.title()}`]),
    ...(await axeViolations(page)),
  ]

  const walk = async (language: 'en' | 'ar', look: (page: Page) => Promise<string[]>) => {
    const found: string[] = []
    visit = await app.as('everybody', { language })
    const { page } = visit
    let seen = 0
    for (const { path } of routes) {
      for (const address of await addressesOf(path)) {
        await page.goto(`/console${address === '/' ? '' : address}`)
        await settled(page).catch(error => found.push(`${address}: did not settle: ${error.message}`))
        found.push(...(await look(page)).map(fault => `${address}: ${fault}`))
        seen += 1
      }
    }
    assert.ok(
      seen >= routes.length - NONE_IN_DEMO.length - OTHERS.length,
      `saw ${seen} of ${routes.length} pages`,
    )
    assert.deepEqual(found, [])
  }

  it('is easy for everybody, in English', async () => {
    await walk('en', faults)
  })

  it('is easy for everybody, in Arabic on a small telephone', async () => {
    await walk('ar', async page => {
      await page.setViewportSize({ width: 320, height: 640 })
      return [...(await faults(page)), ...(await hardToTouch(page))]
    })
  })

  it('is offered to the roles that may use it, and to no other', async () => {
    const found: string[] = []
    for (const role of roles) {
      const name = await app.person(`one-${role}`, role)
      const one = await app.as(name)
      const { page } = one
      await settled(page)
      const { permissions } = await (await one.context.request.get('/api/v1/sessions/current')).json()
      const may = (permission: string) => permission === 'any' || permissions.includes(permission)
      const expected = navigation.filter(entry => may(entry.permission)).map(({ path }) => path)
      const links = await page
        .locator('nav a[href]')
        .evaluateAll(anchors =>
          anchors.map(a => a.getAttribute('href')!.replace(/^\/console(?=\/|$)/, '') || '/'),
        )
      assert.deepEqual([...new Set(links)].sort(), [...new Set(expected)].sort(), role)
      for (const entry of navigation.filter(
        ({ permission, isElsewhere }) => may(permission) && !isElsewhere,
      )) {
        await page
          .locator(`nav a[href="/console${entry.path === '/' ? '/' : entry.path}"]`)
          .first()
          .click()
        await settled(page)
        const state = await page.locator('h1.an-state__title').count()
        if (state > 0) found.push(`${role} at ${entry.path}: ${await page.locator('h1').textContent()}`)
      }
      await one.close()
    }
    assert.deepEqual(found, [])
  })
})
