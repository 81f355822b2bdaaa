import assert from 'node:assert/strict'
import { hardToTouch } from '#tests/support/chromium.ts'
import { startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { makeAreas } from '#tests/support/places.ts'

describe('areas in the console', function () {
  this.timeout(90_000)
  this.slow(10_000)

  let app: TestConsole
  let visit: Visit
  before(async () => {
    app = await startConsole()
    await makeAreas(app.gateway.db, [['XX'], ['XXN', 'XX'], ['XXS', 'XX']])
    await app.person('keeper', 'system-administrator')
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  it('are found, added and renamed', async () => {
    visit = await app.as('keeper', { at: '/areas' })
    const { page } = visit
    await page.getByRole('link', { name: 'Add an area' }).click()
    await page.getByLabel('Name').fill('<script>alert(1)</script>')
    await page.getByLabel('P-code').fill('XXN1')
    await page.getByRole('combobox', { name: 'Lies in' }).fill('XXN')
    await page.getByRole('option').first().click()
    await page.getByRole('button', { name: 'Add an area' }).click()
    await page.getByRole('heading', { name: '<script>alert(1)</script>', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Edit names' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Adi Quala')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Adi Quala', level: 1 }).waitFor()
    assert.deepEqual(await hardToTouch(page), [])
  })
})
