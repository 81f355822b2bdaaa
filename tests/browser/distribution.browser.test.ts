import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { axeViolations } from '#tests/support/axe.ts'
import { hardships, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { makeCycle, makeEntitlement, type TestCycle } from '#tests/support/entitlements.ts'
import { makeAreas } from '#tests/support/places.ts'

const system = systemCtx('test', 'test')
const SCRIPT = '<img src=x onerror="alert(1)">'
const HOLDER = 'Almaz Tadesse አልማዝ'
/** A millimetre on paper, in the pixels of CSS. */
const MM = 96 / 25.4

describe('cards, handovers and stock in the console', function () {
  this.timeout(120_000)
  this.slow(15_000)

  let app: TestConsole
  let cycle: TestCycle
  let areas: Record<string, string>
  const visits: Visit[] = []
  before(async () => {
    app = await startConsole()
    areas = await makeAreas(app.gateway.db, [['XX'], ['XXN', 'XX']])
    const { inventory } = app.gateway.services
    for (const [code, name, kind, area] of [
      ['STORE', 'Central store', 'warehouse', 'XX'],
      ['NORTH', 'Adi Keyih', 'service_point', 'XXN'],
    ] as const)
      await inventory.createLocation(system, { code, name, kind, area })
    await inventory.createItem(system, { code: 'FLOUR', name: 'Maize flour', unit: 'KGM' })
    cycle = await makeCycle(app.gateway.db, { code: 'FOOD', item: 'FLOUR', ...days() })
    for (const name of [HOLDER, SCRIPT, 'Berhane'])
      await makeEntitlement(app.gateway.db, cycle, { areaId: areas.XXN!, name })
    await app.person('manager', ['program-manager', 'distribution-agent'], { name: 'Manager' })
    await app.person('keeper', ['warehouse-officer'], { name: 'Keeper' })
    await app.person('auditor', ['auditor'], { name: 'Auditor' })
  })
  after(() => app?.close())
  afterEach(async () => {
    for (const visit of visits.splice(0)) await visit.close()
  })

  const days = () => {
    const day = (fromToday: number) =>
      new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10)
    return { validFrom: day(-1), validUntil: day(30) }
  }
  const as = async (...args: Parameters<TestConsole['as']>) => {
    const visit = await app.as(...args)
    visits.push(visit)
    const { page, context } = visit
    return {
      page,
      context,
      heading: (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor(),
      says: (text: string | RegExp) => page.getByText(text).first().waitFor(),
      press: (name: string) => page.getByRole('button', { name, exact: true }).click(),
      follow: (name: string) => page.getByRole('link', { name, exact: true }).first().click(),
      /** By a link of that name to the page of that name, until its heading has taken the focus. */
      goTo: async (name: string) => {
        await page.getByRole('link', { name, exact: true }).first().click()
        await page.locator('h1:focus', { hasText: name }).waitFor()
      },
      fill: (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text),
      choose: async (label: string, typed: string, option: RegExp) => {
        await page.getByRole('combobox', { name: label, exact: true }).fill(typed)
        await page.getByRole('option', { name: option }).click()
      },
      fits: async () => assert.deepEqual(await hardships(page), []),
    }
  }
  type Person = Awaited<ReturnType<typeof as>>
  /** Does something about the card on the page, for a reason. */
  const deed = async ({ page }: Person, name: string, reason: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill(reason)
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  }
  const cardOf = async (holder: string) =>
    (await app.gateway.db.one<{ reference: string; qr: string }>(sql`
      SELECT kernel.reference('CR', ref) AS reference, qr FROM credentials.credentials
      WHERE holder_name = ${holder} ORDER BY id DESC LIMIT 1`))!
  /** What the page for scanning says of a code, in the same browser. */
  const scanned = async ({ context }: Person, qr: string, verdict: string) => {
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto('/verify')
    await page
      .getByRole('button', { name: 'Adi Keyih' })
      .or(page.getByText('Enter the text'))
      .first()
      .waitFor()
    const point = page.getByRole('button', { name: 'Adi Keyih NORTH' })
    if (await point.isVisible()) await point.click()
    await page.getByRole('button', { name: 'Enter the text' }).click()
    await page.getByLabel('Text of the code').fill(qr)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByRole('heading', { name: verdict, exact: true }).waitFor()
    return page
  }

  it('a delivery is taken in once and moved on, with the stock afterwards before anything is booked', async () => {
    const keeper = await as('keeper', { at: '/stock' })
    await keeper.heading('Stock')
    await keeper.says('Nothing is on hand')
    await keeper.fits()
    await keeper.goTo('Take in a delivery')
    await keeper.choose('Location', 'cent', /Central store/)
    await keeper.choose('Item', 'flour', /Maize flour/)
    await keeper.fill('Quantity', '1000')
    await keeper.fill('Delivery note', 'GRN 1')
    await keeper.page.getByRole('region', { name: 'Stock afterwards' }).getByText('1,000 kg').waitFor()
    await keeper.fits()
    await keeper.press('Take in')
    await keeper.heading('Central store')
    await keeper.page.getByRole('cell', { name: '1,000 kg' }).waitFor()
    await keeper.goTo('Take in a delivery')
    await keeper.choose('Item', 'flour', /Maize flour/)
    await keeper.fill('Quantity', '1000')
    await keeper.fill('Delivery note', 'GRN 1')
    await keeper.press('Take in')
    await keeper.page
      .getByRole('alert')
      .getByText('Delivery note: This document was entered already')
      .waitFor()

    await keeper.page.goto('/console/stock/transfer?from=STORE')
    await keeper.choose('To', 'adi', /Adi Keyih/)
    await keeper.choose('Item', 'flour', /Maize flour/)
    await keeper.fill('Quantity', '1001')
    await keeper.fill('Waybill', 'WB 1')
    await keeper.says('Not enough on hand')
    await keeper.press('Transfer')
    await keeper.page.getByRole('alert').getByText('Quantity: There is not so much on hand.').waitFor()
    await keeper.fits()
    await keeper.fill('Quantity', '400')
    await keeper.page.getByRole('region', { name: 'Stock afterwards' }).getByText('600 kg').waitFor()
    await keeper.press('Transfer')
    await keeper.heading('Adi Keyih')
    await keeper.page.getByRole('cell', { name: '400 kg' }).waitFor()
    await keeper.fits()
  })

  it('the cards of a cycle are issued under one’s eyes', async () => {
    const manager = await as('manager', { at: '/credentials' })
    await manager.heading('Cards')
    await manager.says('There are no cards yet')
    await manager.goTo('Issue missing cards')
    await manager.choose('Cycle', 'First', /Program FOOD, First/)
    await manager.says('What is made')
    await manager.fits()
    await manager.press('Issue cards')
    await manager.page.locator('.an-job').getByText('Done').waitFor()
    await manager.page.locator('.an-job').getByText('3', { exact: true }).waitFor()
    await manager.fits()
    await manager.follow('Show the cards of this cycle')
    await manager.page.getByRole('link', { name: HOLDER }).waitFor()
    await manager.fits()
    await manager.fill('Reference of a card, entitlement or person', 'nonsense')
    await manager.says('This is no reference')
    await manager.fill('Reference of a card, entitlement or person', (await cardOf(SCRIPT)).reference)
    await manager.follow(SCRIPT)
    await manager.heading(SCRIPT)
    await manager.fits()
  })

  it('a blocked card gives nothing, a restored one does, once; then stock is less, and it is on the list', async () => {
    const { reference, qr } = await cardOf(HOLDER)
    const manager = await as('manager', { at: `/credentials/${reference}` })
    await manager.heading(HOLDER)
    await manager.page.getByRole('img', { name: `Code of the card ${reference}` }).waitFor()
    await manager.press('Block for now')
    assert.deepEqual(await axeViolations(manager.page, 'dialog'), [])
    await manager.page.keyboard.press('Escape')
    await deed(manager, 'Block for now', SCRIPT)
    await manager.says('Nothing is handed over on it until it is restored.')
    await manager.says(SCRIPT)
    await manager.fits()
    await (await scanned(manager, qr, 'Blocked for now')).close()
    await deed(manager, 'Restore', 'It was a mistake')
    await manager.says('The card is valid again.')
    const scan = await scanned(manager, qr, 'Valid')
    await scan.getByRole('button', { name: 'Hand over', exact: true }).click()
    await scan.getByRole('button', { name: 'Yes, handed over' }).click()
    await scan
      .locator('main')
      .getByText(/^Handed over/)
      .waitFor()
    await scan.close()
    await (await scanned(manager, qr, 'Already handed over')).close()
    await manager.page.goto('/console/redemptions')
    await manager.heading('Handovers')
    await manager.page.getByRole('row').filter({ hasText: 'A household' }).getByText('25 kg').waitFor()
    await manager.fits()
    await manager.page.goto('/console/stock?location=NORTH')
    await manager.page.getByRole('cell', { name: '375 kg' }).waitFor()
  })

  it('a card that was replaced is not good any more, and leads to the one that is', async () => {
    const { reference, qr } = await cardOf('Berhane')
    const manager = await as('manager', { at: `/credentials/${reference}` })
    await manager.heading('Berhane')
    await deed(manager, 'Replace the card', 'Lost on the way')
    await manager.says('There is a new card.')
    await manager.page.waitForURL(url => !url.pathname.endsWith(reference))
    const next = await cardOf('Berhane')
    assert.notEqual(next.reference, reference)
    await (await scanned(manager, qr, 'Withdrawn')).close()
    await (await scanned(manager, next.qr, 'Valid')).close()
    await manager.page.goto(`/console/credentials/${reference}`)
    await manager.says('Lost on the way')
    assert.equal(await manager.page.getByRole('img', { name: reference }).count(), 0)
    const led = manager.page.getByRole('link', { name: next.reference }).first()
    await led.waitFor()
    assert.equal(await manager.page.getByRole('button', { name: 'Replace the card' }).count(), 0)
    await led.click()
    await manager.page.getByRole('button', { name: 'Print the card' }).waitFor()
  })

  it('of two who withdraw a card at once the second is told, and sees how it is', async () => {
    const { reference } = await cardOf('Berhane')
    const [one, other] = [
      await as('manager', { at: `/credentials/${reference}` }),
      await as('manager', { at: `/credentials/${reference}` }),
    ]
    await other.press('Withdraw for good')
    await other.page.getByRole('dialog').getByLabel('Reason').fill('Issued twice')
    await deed(one, 'Withdraw for good', 'Issued in error')
    await one.says('The card is withdrawn.')
    await other.page.getByRole('dialog').getByRole('button', { name: 'Withdraw for good' }).click()
    await other.says('Somebody else was faster')
    await other.says('Issued in error')
    await other.page.getByRole('button', { name: 'Withdraw for good' }).first().waitFor({ state: 'hidden' })
  })

  it('on paper there is one card of the size of a bank card, with a code of three centimetres or more', async () => {
    const { reference } = await cardOf(HOLDER)
    const { page } = await as('manager', { at: `/credentials/${reference}`, language: 'ar' })
    const code = page.getByRole('img', { name: reference })
    await code.waitFor()
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
    assert.deepEqual(await hardships(page), [])
    await page.emulateMedia({ media: 'print' })
    const card = (await page.locator('.cr-card').boundingBox())!
    assert.ok(Math.abs(card.width / MM - 85.6) < 0.5 && Math.abs(card.height / MM - 54) < 0.5)
    // Four modules of the quiet zone on either side are not of the code; it has 57 or more.
    const picture = (await code.boundingBox())!
    assert.ok((picture.width / MM) * (57 / 65) >= 30)
    const seen = await page.locator('body').innerText()
    assert.match(seen, /Almaz Tadesse/)
    assert.match(seen, /صالحة حتى/)
    for (const word of ['طباعة', 'عن هذه البطاقة', 'البطاقات', 'إيقاف']) assert.ok(!seen.includes(word), word)
  })

  it('whoever only reads sees no buttons, and is refused what they ask for by its address', async () => {
    const { reference } = await cardOf(HOLDER)
    const auditor = await as('auditor', { at: `/credentials/${reference}` })
    await auditor.heading(HOLDER)
    for (const name of ['Replace the card', 'Block for now', 'Withdraw for good'])
      assert.equal(await auditor.page.getByRole('button', { name }).count(), 0)
    await auditor.page.goto('/console/locations')
    await auditor.heading('Locations')
    await auditor.page.getByRole('link', { name: 'Adi Keyih' }).waitFor()
    assert.equal(await auditor.page.getByRole('link', { name: 'Open a location' }).count(), 0)
    await auditor.fits()
    await auditor.page.goto('/console/items/new')
    await auditor.page.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(await auditor.page.getByLabel('Name', { exact: true }).count(), 0)
  })

  it('places and items are opened and renamed; a code that is taken is said at its field', async () => {
    const keeper = await as('keeper', { at: '/locations/new' })
    await keeper.page.getByLabel('Service point').check()
    await keeper.fill('Name', SCRIPT)
    await keeper.fill('Code', 'NORTH')
    await keeper.choose('Area', 'XXN', /XXN/)
    await keeper.press('Open a location')
    await keeper.page.getByRole('alert').getByText('Code: This code is taken').waitFor()
    await keeper.fits()
    await keeper.fill('Code', 'NORTH-2')
    await keeper.press('Open a location')
    await keeper.heading(SCRIPT)
    await keeper.fits()
    await keeper.follow('Rename')
    await keeper.fill('Name', 'Senafe')
    await keeper.press('Save')
    await keeper.heading('Senafe')
    await keeper.page.goto('/console/items')
    await keeper.heading('Items')
    await keeper.fits()
    await keeper.follow('Maize flour')
    await keeper.page.getByRole('link', { name: 'Central store' }).waitFor()
    await keeper.fits()
  })
})
