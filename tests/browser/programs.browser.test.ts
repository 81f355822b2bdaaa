import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { hardships, PASSWORD, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { populate } from '#tests/support/population.ts'

const SCRIPT = '<img src=x onerror="alert(1)">'
const HOUSEHOLDS = 40
const system = systemCtx('test', 'test')

describe('programs and cycles in the console', function () {
  this.timeout(120_000)
  this.slow(20_000)

  let app: TestConsole
  let visit: Visit
  let manager: string
  before(async () => {
    app = await startConsole()
    const { db, services } = app.gateway
    await populate(db, { households: HOUSEHOLDS, adminUrl: db.adminUrl })
    await services.ledger.openFund(system, { code: 'FUND', name: 'Fund', currency: 'KES' })
    await services.ledger.allocate(system, 'FUND', { amount: '1000000.00' })
    await app.person('manager', 'program-manager')
    await app.person('looker', 'auditor')
    manager = await app.gateway.as('program-manager')
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const heading = (name: string | RegExp) => visit.page.getByRole('heading', { level: 1, name }).waitFor()
  const press = (name: string | RegExp) =>
    visit.page.getByRole('button', { name, exact: true }).first().click()
  const confirm = (name: string) =>
    visit.page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  const follow = (name: string | RegExp) =>
    visit.page.getByRole('link', { name, exact: true }).first().click()
  const tab = (name: string | RegExp) => visit.page.getByRole('tab', { name }).click()
  const fill = (label: string, text: string) => visit.page.getByLabel(label, { exact: true }).fill(text)
  const text = (words: string | RegExp) => visit.page.getByText(words).first().waitFor()

  const ask = async (method: string, path: string, body?: unknown, token = manager) => {
    const answer = await app.gateway.call(method, `/api/v1/${path}`, { token, body })
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  /** An active program with everybody enrolled, and a cycle of it. */
  const program = async (code: string, more: object = {}) => {
    await ask('POST', 'programs', {
      code,
      name: `Program ${code}`,
      target: 'group',
      currency: 'KES',
      fund: 'FUND',
      rules: ['true'],
      components: [{ code: 'CASH', kind: 'cash', amount: '12.50' }],
      ...more,
    })
    await ask('POST', `programs/${code}/activate`)
    await app.gateway.job((await ask('POST', `programs/${code}/enrolments`)).job)
  }
  const cycle = async (code: string, name = 'July'): Promise<string> => {
    const days = { validFrom: '2026-07-01', validUntil: '2026-07-31' }
    const { reference } = await ask('POST', `programs/${code}/cycles`, {
      code: name.toUpperCase(),
      name,
      ...days,
    })
    await app.gateway.job((await ask('POST', `cycles/${reference}/prepare`, {})).job)
    return reference
  }

  it('go from a rule that is wrong to a cycle that another person approves', async () => {
    visit = await app.as('manager', { at: '/programs' })
    const { page } = visit
    await follow('New program')
    await heading('New program')
    await fill('Name', SCRIPT)
    await fill('Code', 'PENSION')
    await fill('Currency', 'KES')
    await page.getByLabel('Fund', { exact: true }).fill('FUND')
    await page.getByRole('option', { name: /FUND/ }).click()
    await fill('Rule 1', 'sise >= 3')
    // At the rule, while it is written: where, and what would be right.
    await text(/Line 1, column 1 \(unknown name\): .*"size"/)
    await text('Put the rule right')
    assert.deepEqual(await hardships(page), [])
    await fill('Rule 1', 'size >= 3')
    const [counted] = await app.gateway.db.query<{ n: number }>(sql`
      SELECT count(*)::int AS n FROM (SELECT group_id FROM registry.memberships GROUP BY 1 HAVING count(*) >= 3) x`)
    const eligible = counted!.n
    assert.ok(eligible > 5 && eligible < HOUSEHOLDS)
    await text(`${eligible} households and groups would be eligible today.`)
    await press('Make the program')
    await page.getByRole('alert').getByText('Amount for each').waitFor()
    await fill('Amount for each', '1250.50')
    await press('Make the program')
    await heading(SCRIPT)
    await press('Activate')
    await confirm('Activate')
    await text('The program is active.')

    await tab('Enrolled')
    await press(`Enrol ${eligible}`)
    await page.getByRole('dialog').getByText(`${eligible} households and groups are enrolled`).waitFor()
    await confirm('Enrol')
    await text('Everybody who is eligible is enrolled')
    await page.getByRole('cell', { name: 'Enrolled' }).first().waitFor()
    assert.deepEqual(await hardships(page), [])

    await tab('Cycles')
    await text('There are no cycles yet')
    await follow('Open a cycle')
    await heading('Open a cycle')
    assert.deepEqual(await hardships(page), [])
    await fill('Name of the cycle', 'July')
    await fill('Code', '2026-07')
    for (const [group, day] of [
      ['First day', '1'],
      ['Last day', '31'],
    ] as const) {
      const date = page.getByRole('group', { name: group })
      await date.getByLabel('Day').fill(day)
      await date.getByLabel('Month').selectOption({ index: 7 })
      await date.getByLabel('Year').fill('2026')
    }
    await press('Open a cycle')
    await heading('July')
    await text(`${eligible} enrolled`)
    await press('Prepare')
    await confirm('Prepare')
    const total = new Intl.NumberFormat('en', { style: 'currency', currency: 'KES', currencyDisplay: 'code' })
    const amount = total.format(`${BigInt(eligible) * 125_050n}e-2` as unknown as number)
    await text(`${eligible} entitlements · ${amount}`)
    await text('It is the first cycle of the program')
    assert.deepEqual(await hardships(page), [])
    await press('Submit for approval')
    await page.getByRole('dialog').getByText(amount).waitFor()
    await confirm('Submit for approval')
    await text('Who has to agree')
    await page.getByRole('link', { name: 'Open the request' }).waitFor()

    const reference = new URL(page.url()).pathname.split('/').at(-1)!
    await ask('POST', `cycles/${reference}/approve`, undefined, await app.gateway.as('cycle-approver'))
    // Nobody reloads the page.
    await text(`0 of ${eligible} given`)
    await tab('Distribution')
    await page.getByRole('row', { name: new RegExp(`Still open ${eligible}`) }).waitFor()
    assert.deepEqual(await hardships(page), [])
  })

  it('say why somebody is in, and let one person go with a reason', async () => {
    await program('PEOPLE', { rules: ['size >= 1', 'attributes.score < 500'] })
    const unknown = await app.gateway.db.one<{ ref: string }>(sql`
      SELECT kernel.reference('GR', ref) AS ref FROM registry.registrants
      WHERE kind = 'group' AND attributes->>'score' IS NULL LIMIT 1`)
    visit = await app.as('manager', { at: '/programs/PEOPLE?tab=people' })
    const { page } = visit
    const menu = page.getByRole('button', { name: /^More: / }).first()
    await menu.click()
    await page.getByRole('menuitem', { name: 'Suspend' }).click()
    await confirm('Suspend')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await fill('Reason', SCRIPT)
    await confirm('Suspend')
    await page.getByRole('cell', { name: SCRIPT }).waitFor()
    await page.getByRole('link', { name: /^Suspended 1/ }).waitFor()
    await menu.click()
    await page.getByRole('menuitem', { name: 'Why, or why not?' }).click()
    await text(/^Eligible on/)
    assert.equal(await page.getByText('Holds', { exact: true }).count(), 2)
    assert.deepEqual(await hardships(page), [])
    if (unknown) {
      await page.getByRole('combobox', { name: 'Household or group' }).fill(unknown.ref)
      await page.getByRole('option').first().click()
      await press('Show why')
      await text('something needed to decide is not recorded')
      await text('attributes.score is not recorded.')
    }
    await page.goto('/console/programs/PEOPLE?tab=people&q=GR-1')
    await text('This is no reference')
  })

  it('that two people change at once keep what both did in sight', async () => {
    await program('TWICE')
    visit = await app.as('manager', { at: '/programs/TWICE/edit' })
    const { page } = visit
    await fill('Name', 'Mine')
    const { state: _state, version: _version, code: _code, ...now } = await ask('GET', 'programs/TWICE')
    await ask('PUT', 'programs/TWICE', { ...now, name: 'Theirs' })
    await press('Save')
    await text('Somebody else changed this while you were editing')
    await text('Theirs')
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Mine')
    assert.deepEqual(await hardships(page), [])
    await press('Keep mine, and save over it')
    await press('Save')
    await heading(/Mine/)
  })

  it('are those within reach alone, and nothing is offered that one may not do', async () => {
    await program('NEAR')
    await program('FAR')
    const [near, far] = [await cycle('NEAR'), await cycle('FAR')]
    const found = await app.gateway.db.one<{ id: string }>(
      sql`SELECT id FROM programs.programs WHERE code = 'NEAR'`,
    )
    await app.gateway.services.access.createUser(system, {
      username: 'limited',
      name: 'Limited',
      password: PASSWORD,
      grants: [{ role: 'program-manager', programIds: [found!.id] }],
    })
    visit = await app.as('limited', { at: '/cycles' })
    const { page } = visit
    await page.getByRole('cell', { name: 'Program NEAR' }).waitFor()
    assert.equal(await page.getByText('Program FAR').count(), 0)
    await page.goto(`/console/cycles/${far}`)
    await heading('Nothing was found here')
    await page.goto('/console/programs/FAR')
    await heading('Nothing was found here')
    await page.goto(`/console/cycles/${near}?tab=entitlements`)
    await page
      .getByRole('cell', { name: /KES\s12\.50/ })
      .first()
      .waitFor()
    await page.locator('tbody a').first().click()
    await text('Why this amount')
    assert.deepEqual(await hardships(page), [])
    await visit.close()

    visit = await app.as('looker', { at: `/cycles/${near}` })
    await text('40 entitlements')
    assert.equal(await visit.page.getByRole('button', { name: 'Submit for approval' }).count(), 0)
  })

  it('are paid in a batch, by somebody who says from which account', async () => {
    await program('PAID')
    const reference = await cycle('PAID')
    await ask('POST', `cycles/${reference}/submit`, {})
    await ask('POST', `cycles/${reference}/approve`, undefined, await app.gateway.as('cycle-approver'))
    await app.person('payer', 'finance-officer')
    visit = await app.as('payer', { at: `/cycles/${reference}` })
    const { page } = visit
    await press('Make a payment batch')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('KES 500.00').waitFor()
    await fill('Who pays', SCRIPT)
    await fill('Account', 'DE00')
    await fill('Bank of the payer', 'COBADEFFXXX')
    await confirm('Make a payment batch')
    await dialog
      .getByRole('alert')
      .getByRole('link', { name: /^Account/ })
      .waitFor()
    assert.deepEqual(await hardships(page), [])
    await fill('Account', 'DE89370400440532013000')
    await confirm('Make a payment batch')
    await text('The batch is being filled.')
    const { items } = await ask('GET', `payment-batches?cycle=${reference}`)
    assert.deepEqual(
      items.map((batch: { debtor: { name: string } }) => batch.debtor.name),
      [SCRIPT],
    )
    // From then on the next step of the cycle is that batch, not another one.
    await page.goto(`/console/cycles/${reference}`)
    await page.getByRole('link', { name: 'Open the payment batch' }).waitFor()
  })

  it('are read in Arabic, from right to left', async () => {
    await program('ARABIC', { name: 'برنامج الدعم النقدي' })
    const first = await cycle('ARABIC', 'July')
    await ask('POST', `cycles/${first}/submit`, {})
    await ask('POST', `cycles/${first}/approve`, undefined, await app.gateway.as('cycle-approver'))
    const second = await cycle('ARABIC', 'August')
    visit = await app.as('manager', { at: `/cycles/${second}`, language: 'ar' })
    const { page } = visit
    await heading(/August/)
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
    await page.getByRole('heading', { name: 'مقارنةً بآخر دورة موافَق عليها' }).waitFor()
    await page.getByRole('row', { name: /كما كانوا/ }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await tab('الفروق')
    await text('لا ينطبق هذا على أحد.')
    assert.deepEqual(await hardships(page), [])
    await page.goto('/console/programs/ARABIC')
    await page.getByRole('heading', { name: 'ما يمنحه' }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.goto('/console/cycles')
    await page.getByRole('cell', { name: 'موافَق عليها' }).first().waitFor()
    assert.deepEqual(await hardships(page), [])
  })
})
