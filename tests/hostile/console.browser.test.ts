import assert from 'node:assert/strict'
import { PASSWORD, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { makeAreas } from '#tests/support/places.ts'

describe('the console, when all goes wrong', function () {
  this.timeout(90_000)
  this.slow(10_000)

  let app: TestConsole
  let visit: Visit
  before(async () => {
    app = await startConsole()
    await makeAreas(app.gateway.db, [['XX']])
    await app.person('keeper', 'system-administrator')
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const press = (name: string) => visit.page.getByRole('button', { name, exact: true }).click()
  const fill = (label: string, text: string) => visit.page.getByLabel(label, { exact: true }).fill(text)

  it('does once what was done while its answer was lost, however often it is sent', async () => {
    visit = await app.as('keeper', { at: '/areas/new?parent=XX' })
    const { page } = visit
    const keys: (string | undefined)[] = []
    await page.route('**/api/v1/areas', async route => {
      if (route.request().method() !== 'POST') return route.fallback()
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length > 1) return route.continue()
      assert.equal((await route.fetch()).status(), 201)
      await route.abort('connectionreset')
    })
    await fill('P-code', 'XXN')
    await fill('Name', 'North')
    await press('Add an area')
    await page.getByRole('alert').getByText('The server cannot be reached').first().waitFor()
    await press('Add an area')
    await page.getByRole('heading', { level: 1, name: 'North' }).waitFor()
    assert.equal(keys.length, 2)
    assert.equal(keys[0], keys[1])
  })

  it('shows nothing of a page whose sign-in has ended, while what was typed on it stays', async () => {
    visit = await app.as('keeper', { at: '/users/keeper' })
    const { page } = visit
    await page.getByRole('heading', { level: 1, name: 'keeper' }).waitFor()
    const { body } = await app.gateway.call('POST', '/api/v1/sessions', {
      body: { username: 'keeper', password: PASSWORD },
    })
    await app.gateway.call('POST', '/api/v1/sessions/end-others', { token: body.token })
    const dialog = page.getByRole('dialog', { name: 'Sign in again to go on' })
    await dialog.waitFor()
    const veil = await dialog.evaluate(element => getComputedStyle(element, '::backdrop').backgroundColor)
    assert.match(veil, /^rgb\(/)
  })

  it('is read in full on a small telephone also where the API is described', async () => {
    visit = await app.open({ size: { width: 320, height: 640 } })
    await visit.page.goto('/docs')
    await visit.page.evaluate(() => {
      for (const part of document.querySelectorAll('details')) part.open = true
    })
    const [wide, room] = await visit.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return [scrollWidth, clientWidth]
    })
    assert.ok(wide! <= room!, `${wide} px`)
  })
})
