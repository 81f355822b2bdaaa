import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import sql from 'sql-template-tag'
import { hardships, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { populate } from '#tests/support/population.ts'

const SCRIPT = '<script>alert(1)</script> Almaz'

describe('registrants in the console', function () {
  this.timeout(90_000)
  this.slow(20_000)

  let app: TestConsole
  let visit: Visit
  let page: Page
  /** A household, its head, and somebody of another region. */
  let home: string
  let head: string
  let elsewhere: string
  before(async () => {
    app = await startConsole()
    const { db } = app.gateway
    await populate(db, { households: 40 })
    const references = async (where: ReturnType<typeof sql>) =>
      (
        await db.query<{ reference: string }>(sql`
          SELECT kernel.reference(CASE r.kind WHEN 'group' THEN 'GR' ELSE 'IN' END, r.ref) AS reference
          FROM registry.registrants r JOIN areas.areas a ON a.id = r.area_id WHERE ${where} ORDER BY r.id LIMIT 1`)
      )[0]!.reference
    home = await references(sql`
      r.kind = 'group' AND a.code LIKE 'XA01%' AND (SELECT count(*) FROM registry.memberships m WHERE m.group_id = r.id) > 2`)
    elsewhere = await references(sql`r.kind = 'group' AND a.code LIKE 'XA02%'`)
    const one = await app.gateway.as('registry-manager')
    const { body } = await app.gateway.call('GET', `/api/v1/registrants/${home}`, { token: one })
    head = body.members[0].reference
    await db.query(sql`
      UPDATE registry.registrants SET name = ${SCRIPT}, phones = '{+251911234567}'
      WHERE kernel.reference('IN', ref) = ${head}`)
    await db.query(sql`
      INSERT INTO registry.identifiers (id, registrant_id, type, value, status, created_at)
      SELECT kernel.uuid7(), id, 'national_id', '4711-0815', 'live', now() FROM registry.registrants WHERE kernel.reference('IN', ref) = ${head}`)
    await app.person('rita', 'registry-manager')
    await app.person('nora', 'registrar', { areas: ['XA01'] })
    await app.person('tara', 'targeting-officer')
    await app.person('sam', 'system-administrator')
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const open = async (...args: Parameters<TestConsole['as']>): Promise<void> => {
    visit = await app.as(...args)
    page = visit.page
  }
  const search = () => page.getByRole('button', { name: 'Search' }).click()

  it('are looked for before anybody is shown, by whatever is known of them', async () => {
    await open('rita', { at: '/registrants' })
    await page.getByText('Whom are you looking for?').waitFor()
    assert.equal(await page.getByRole('table').count(), 0)
    assert.deepEqual(await hardships(page), [])

    const field = (name: string) => page.getByRole('search').getByLabel(name)
    await field('Name').fill('x')
    await search()
    await page.getByText('Enter at least two letters.').waitFor()
    await field('Name').fill('')
    await field('Phone').fill('00251 91 123 4567')
    await search()
    await page.getByRole('link', { name: SCRIPT }).waitFor()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await field('Identifier').fill('4711-0815')
    await search()
    await page.getByRole('link', { name: SCRIPT }).click()
    await page.getByRole('heading', { name: SCRIPT, level: 1 }).waitFor()
    await page.getByText('4711-0815').waitFor()
    await page.goBack()
    await page.getByRole('link', { name: SCRIPT }).waitFor()

    await field('Identifier').fill('nobody has this')
    await search()
    await page.getByText('Nobody was found').waitFor()
  })

  it('are listed by area and kind, page by page, forwards and back', async () => {
    await open('rita', { at: '/registrants' })
    await page.getByRole('combobox', { name: 'Area' }).fill('XA01')
    await page.getByRole('option', { name: 'Area XA01' }).first().click()
    await page.getByLabel('Kind').selectOption('individual')
    await search()
    const first = page.locator('[data-open]').first()
    await first.waitFor()
    const name = await page.locator('[data-row]').first().getAttribute('data-row')
    assert.deepEqual(await hardships(page), [])
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('Page 2').waitFor()
    await page.locator(`[data-row="${name}"]`).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.locator(`[data-row="${name}"]`).waitFor()
    assert.match(page.url(), /area=XA01.*kind=individual/)
    await page.getByRole('button', { name: 'Name' }).click()
    await page.waitForURL(/sort=name/)
  })

  it('show a household with its members, and the way to its history and to who looked', async () => {
    await open('rita', { at: `/registrants/${home}` })
    await page.getByRole('heading', { name: /^Members \(\d\)$/ }).waitFor()
    await page.getByText('Poverty score').or(page.getByText('About').first()).first().waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.getByRole('link', { name: SCRIPT }).click()
    await page.getByRole('heading', { name: SCRIPT, level: 1 }).waitFor()
    await page.getByRole('heading', { name: 'Belongs to' }).waitFor()
    await page.getByText('Mobile wallet').waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.getByRole('link', { name: 'Who looked' }).click()
    await page.getByRole('row').filter({ hasText: 'rita' }).first().waitFor()
  })

  it('are shown in part to a role that needs no more, which says so', async () => {
    await open('tara', { at: `/registrants/${head}` })
    await page.getByText('Some of this is shown only in part').waitFor()
    await page.getByText('identifiers, phones, and payment accounts', { exact: false }).waitFor()
    assert.equal(await page.getByText('4711-0815').count(), 0)
    assert.equal(await page.locator('.an-value--masked').count(), 3)
    assert.equal(await page.getByRole('link', { name: 'Who looked' }).count(), 0)
    assert.deepEqual(await hardships(page), [])
  })

  it('of other areas are as if they did not exist, and of no business to other roles', async () => {
    await open('nora', { at: `/registrants/${elsewhere}` })
    await page.getByText('Nothing was found here').waitFor()
    await page.goto('/console/registrants?kind=group&sort=name')
    await page.locator('[data-open]').first().waitFor()
    assert.equal(await page.locator(`[data-row="${elsewhere}"]`).count(), 0)
    await visit.close()
    await open('sam', { at: '/registrants' })
    await page.getByText('You have no access to this').waitFor()
  })

  it('are shown in Arabic, from right to left', async () => {
    await open('rita', { at: `/registrants/${head}`, language: 'ar' })
    await page.getByRole('heading', { name: 'المعرّفات' }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.goto('/console/registrants?kind=group')
    await page.locator('[data-open]').first().waitFor()
    assert.deepEqual(await hardships(page), [])
  })
})
