import assert from 'node:assert/strict'
import { hardships, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { makeAreas } from '#tests/support/places.ts'

const SCRIPT = '<img src=x onerror="alert(1)">'

describe('areas in the console', function () {
  this.timeout(90_000)
  this.slow(10_000)

  let app: TestConsole
  let visit: Visit
  before(async () => {
    app = await startConsole()
    await makeAreas(app.gateway.db, [['XX'], ['XXN', 'XX'], ['XXS', 'XX']])
    await app.person('keeper', 'system-administrator')
    await app.person('looker', 'auditor')
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const heading = (name: string) => visit.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const press = (name: string) => visit.page.getByRole('button', { name, exact: true }).click()
  const follow = (name: string) => visit.page.getByRole('link', { name, exact: true }).click()
  const fill = (label: string, text: string) => visit.page.getByLabel(label, { exact: true }).fill(text)

  it('are found, added where one looks, and called otherwise', async () => {
    visit = await app.as('keeper', { at: '/areas' })
    const { page } = visit
    await fill('Name or code', 'XXN')
    await page.waitForURL(/q=XXN/)
    await follow('XXN')
    await heading('XXN')
    await page.getByText('There are no areas in it').waitFor()
    await follow('Add an area here')
    await heading('Add an area')
    await press('Add an area')
    await page.getByRole('alert').getByText('P-code').waitFor()
    assert.deepEqual(await hardships(page), [])
    await fill('Name', SCRIPT)
    await fill('P-code', 'XXN1')
    await press('Add an area')
    await heading(SCRIPT)
    await page.getByRole('link', { name: 'XXN', exact: true }).waitFor()
    await follow('Edit names')
    await fill('Name', 'Adi Quala')
    await page.getByLabel(/^Name in Arabic/).fill('عدي قوالا')
    await press('Save')
    await heading('Adi Quala')
    assert.equal(await page.locator('bdi', { hasText: 'عدي قوالا' }).count(), 1)
    assert.deepEqual(await hardships(page), [])
  })

  it('are refused with the reason at the field, and nothing typed is lost', async () => {
    visit = await app.as('keeper', { at: '/areas/new' })
    await fill('Name', 'Twice')
    await fill('P-code', 'no capitals')
    await press('Add an area')
    await visit.page
      .getByRole('alert')
      .getByRole('link', { name: /^P-code/ })
      .click()
    assert.equal(
      await visit.page.evaluate(() => document.activeElement?.getAttribute('aria-invalid')),
      'true',
    )
    assert.equal(await visit.page.getByLabel('Name', { exact: true }).inputValue(), 'Twice')
  })

  it('that two people change at once show the second what the first did, and lose neither', async () => {
    visit = await app.as('keeper', { at: '/areas/XXS/edit' })
    await fill('Name', 'Mine')
    const token = await app.gateway.as('system-administrator')
    const theirs = { token, body: { name: 'Theirs' }, headers: { 'If-Match': '"v1"' } }
    assert.equal((await app.gateway.call('PATCH', '/api/v1/areas/XXS', theirs)).status, 200)
    await press('Save')
    const changed = visit.page.getByText('Somebody else changed this while you were editing')
    await changed.waitFor()
    await visit.page.getByText('Theirs').first().waitFor()
    assert.equal(await visit.page.getByLabel('Name', { exact: true }).inputValue(), 'Mine')
    assert.deepEqual(await hardships(visit.page), [])
    await press('Keep mine, and save over it')
    await press('Save')
    await heading('Mine')
  })

  it('are only looked at by whoever may not change them, also in Arabic', async () => {
    visit = await app.as('looker', { at: '/areas', language: 'ar' })
    const { page } = visit
    await heading('المناطق')
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
    await page.getByRole('link', { name: 'XXN' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'إضافة منطقة' }).count(), 0)
    assert.deepEqual(await hardships(page), [])
    await page.goto('/console/areas/new')
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(await page.getByLabel('الاسم', { exact: true }).count(), 0)
  })
})
