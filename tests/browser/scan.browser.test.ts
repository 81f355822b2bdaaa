import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { renderPng } from '#credentials/index.ts'
import { symbolOf } from '#credentials/symbol.ts'
import { decodeBase45, encodeBase45 } from '#credentials/verify/index.ts'
import { axeViolations } from '#tests/support/axe.ts'
import { hardToTouch, misdeedsOf, startChromium } from '#tests/support/chromium.ts'
import { makeCycle, makeEntitlement, type TestCycle } from '#tests/support/entitlements.ts'
import { photographed, y4m } from '#tests/support/film.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { codeOf, enrol, signedIn, PASSWORD as theirs } from '#tests/support/people.ts'
import { makeAreas } from '#tests/support/places.ts'

const system = systemCtx('test', 'test')
const PASSWORD = 'a long enough secret'
const HOLDER = 'Almaz Tadesse አልማዝ'
const PHONE = { width: 320, height: 640 }

/** A card with one bit of its signature changed. */
const tampered = (text: string): string => {
  const bytes = decodeBase45(text)
  bytes[bytes.length - 1]! ^= 1
  return encodeBase45(bytes)
}

describe('the page at /verify', function () {
  this.timeout(90_000)
  this.slow(10_000)

  const folder = mkdtempSync(join(tmpdir(), 'annona-scan-'))
  let gateway: TestGateway
  let areas: Record<string, string>
  let cycle: TestCycle
  let filmed: string
  let withCamera: Browser
  let without: Browser
  let context: BrowserContext
  let page: Page
  let misdeeds: string[]

  before(async () => {
    // Signing in to the console over plain HTTP: without an issuer the cookie asks for no TLS.
    gateway = await startTestGateway({ issuer: '' })
    areas = await makeAreas(gateway.db, [['XX'], ['XXN', 'XX'], ['XXS', 'XX']])
    await stockUp()
    cycle = await makeCycle(gateway.db, {
      code: 'FOOD',
      item: 'FLOUR',
      validFrom: day(-1),
      validUntil: day(30),
    })
    filmed = await issueCard()
    const film = join(folder, 'card.y4m')
    const view = { width: 640, height: 480, scale: 5, noise: 18 }
    const frames = [4, 5, 6].map(degrees => photographed(symbolOf(filmed), { ...view, degrees }))
    writeFileSync(film, y4m(frames))
    withCamera = await startChromium({ films: film })
    without = await startChromium('absent')
  })
  after(async () => {
    await withCamera?.close()
    await without?.close()
    await gateway?.close()
    rmSync(folder, { recursive: true })
  })
  afterEach(async () => {
    await context?.close()
    assert.deepEqual(misdeeds, [])
  })

  const stockUp = async () => {
    const { access, inventory } = gateway.services
    for (const [code, name, area] of [
      ['NORTH', 'Adi Keyih store', 'XXN'],
      ['SOUTH', 'Mai Aini store', 'XXS'],
    ] as const)
      await inventory.createLocation(system, { code, name, kind: 'service_point', area })
    await inventory.createItem(system, { code: 'FLOUR', name: 'Maize flour', unit: 'KGM' })
    const delivery = { location: 'NORTH', item: 'FLOUR', quantity: 1000n, reference: 'GRN 1' }
    await inventory.receive(system, delivery)
    const grants = [{ role: 'distribution-agent' }]
    await access.createUser(system, { username: 'agent', name: 'Agent', password: PASSWORD, grants })
  }

  const day = (fromToday: number) => new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10)

  /** An entitlement to 25 kg of flour, and the text of its card. */
  const issueCard = async (area = 'XXN') => {
    const { id } = await makeEntitlement(gateway.db, cycle, { areaId: areas[area]!, name: HOLDER })
    const { reference } = await gateway.services.credentials.issueForCycle(system, cycle.reference)
    await gateway.job(reference)
    const issued = await gateway.db.one<{ qr: string }>(
      sql`SELECT qr FROM credentials.credentials WHERE entitlement_id = ${id}`,
    )
    return issued!.qr
  }

  const open = async (browser: Browser, prepare?: (page: Page) => Promise<unknown>, locale = 'en') => {
    context = await browser.newContext({ viewport: PHONE, baseURL: gateway.url, locale })
    page = await context.newPage()
    misdeeds = misdeedsOf(page, gateway.url)
    await prepare?.(page)
    await page.goto('/verify')
  }
  const heading = (text: string) => page.getByRole('heading', { name: text, exact: true }).waitFor()
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const signIn = async () => {
    await page.getByLabel('User name').fill('agent')
    await page.getByLabel('Password').fill(PASSWORD)
    await press('Sign in')
  }
  const choosePoint = () => page.getByRole('button', { name: 'Adi Keyih store' }).click()
  const startWork = async (browser: Browser) => {
    await open(browser)
    await signIn()
    await choosePoint()
    await heading('Scan a code')
  }
  const upload = async (data: Buffer) => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByText('Use a picture', { exact: true }).click(),
    ])
    await chooser.setFiles({ name: 'card.png', mimeType: 'image/png', buffer: data })
  }
  const type = async (text: string) => {
    await press('Enter the text')
    await page.getByLabel('Text of the code').fill(text)
    await press('Check')
  }
  /** The token in the page's keeping. */
  const token = () =>
    page.evaluate(() => (JSON.parse(sessionStorage.getItem('annona-verifier')!) as { token: string }).token)
  const fits = async () =>
    assert.deepEqual([...(await hardToTouch(page)), ...(await axeViolations(page))], [])
  const stock = async () =>
    (await gateway.services.inventory.stock(system, { location: 'NORTH' }, { limit: 1 })).items[0]?.onHand

  it('reads a card with the camera, hands over what is due, and does so once', async () => {
    await open(withCamera)
    await fits()
    await signIn()
    await heading('Where do you work today?')
    await fits()
    await choosePoint()

    await heading('Valid')
    await fits()
    const announced = page.locator('[aria-live=assertive]')
    assert.match((await announced.textContent())!, /^Valid\. Genuine/)
    assert.equal(await page.locator('bdi', { hasText: HOLDER }).count(), 1)
    assert.equal(await page.getByText('Maize flour, 25 kg').count(), 2)

    await press('Hand over')
    await heading('Hand over now?')
    await fits()
    await page.getByLabel('Quantity to hand over (kg)').fill('26')
    await press('Yes, handed over')
    await page.getByText('Enter a whole number from 1 to').waitFor()
    await page.getByLabel('Quantity to hand over (kg)').fill('25')
    await press('Yes, handed over')
    await page
      .locator('main')
      .getByText(/^Handed over: .* Receipt .*RD-/)
      .waitFor()
    await fits()
    assert.equal(await stock(), 975n)

    await heading('Already handed over')
    assert.equal(await page.getByRole('button', { name: 'Hand over', exact: true }).count(), 0)
    assert.equal(await stock(), 975n)
  })

  it('reads a card from a picture; a changed one is not genuine, and nothing of it is shown', async () => {
    await startWork(without)
    await upload(renderPng(await issueCard()))
    await heading('Valid')
    await press('Scan next')
    await upload(renderPng(tampered(filmed)))
    await heading('Not genuine')
    assert.equal(await page.getByText(HOLDER).count(), 0)
    await press('Scan next')
    await upload(Buffer.from('no picture at all'))
    await page.getByText('This file is not a picture that can be read.').waitFor()
    await fits()
  })

  it('takes the text of a code, and says of any other text that it is none', async () => {
    await startWork(without)
    await type('HTTPS://EXAMPLE.ORG/ nothing of ours')
    await heading('Not readable')
    await fits()
    await press('Scan next')
    const [start, end] = [filmed.slice(0, 70), filmed.slice(70)]
    await type(`${start}\r\n${end}\n`)
    await heading('Already handed over')
  })

  it('sends the holder of a card for another place there', async () => {
    await startWork(without)
    await type(await issueCard('XXS'))
    await heading('Not at this place')
    await page.locator('main').getByText('Mai Aini store (SOUTH)').waitFor()
    assert.equal(await page.getByText(HOLDER).count(), 0)
  })

  it('uses the decoder of the device where there is one, and loads no other', async () => {
    const card = await issueCard()
    await open(withCamera, page =>
      page.addInitScript(text => {
        const Detector = class {
          static getSupportedFormats = async () => ['qr_code']
          detect = async () => [{ rawValue: `${text}\r\n` }]
        }
        Object.assign(globalThis, { BarcodeDetector: Detector })
      }, card),
    )
    const loaded: string[] = []
    page.on('request', request => loaded.push(request.url()))
    await signIn()
    await choosePoint()
    await heading('Valid')
    assert.ok(loaded.length > 0)
    assert.deepEqual(
      loaded.filter(url => url.includes('decoder')),
      [],
    )
  })

  it('books a handover once though its answer was lost and it was sent again', async () => {
    await startWork(without)
    await type(await issueCard())
    await press('Hand over')
    await page.getByLabel('Quantity to hand over (kg)').fill('10')
    const before = await stock()
    await page.route('**/api/v1/redemptions', async route => {
      await route.fetch()
      await route.abort()
    })
    await press('Yes, handed over')
    await page.getByText('No answer came').waitFor()
    await page.unroute('**/api/v1/redemptions')
    await press('Yes, handed over')
    await page
      .locator('main')
      .getByText(/^Handed over: .*10.kg/)
      .waitFor()
    assert.equal(await stock(), before! - 10n)
  })

  it('keeps the scanned code while there is no connection', async () => {
    await startWork(without)
    await page.getByText('This device has no camera').waitFor()
    await context.setOffline(true)
    await type(await issueCard())
    await heading('No connection')
    await fits()
    await context.setOffline(false)
    await press('Try again')
    await heading('Valid')
  })

  it('says that the sign-in has ended, and goes on at the same place after a new one', async () => {
    await startWork(without)
    await gateway.call('DELETE', '/api/v1/sessions/current', { token: await token() })
    await type(filmed)
    await page.getByText('Your sign-in has ended').waitFor()
    await heading('Sign in to verify')
    await signIn()
    await heading('Scan a code')
    await press('Sign out')
    await heading('Sign in to verify')
    assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0)
    assert.deepEqual(await context.cookies(), [])
  })

  it('says when nobody is signed in by that name and password', async () => {
    await open(without)
    await press('Sign in')
    await page.getByText('Enter your user name and your password.').waitFor()
    await page.getByLabel('User name').fill('agent')
    await page.getByLabel('Password').fill('something else')
    await press('Sign in')
    await page.getByText('The user name or the password is not right').waitFor()
  })

  it('asks for a code whoever has a second factor', async () => {
    const grants = [{ role: 'distribution-agent' }]
    const user = { username: 'careful', name: 'Abrehet', password: theirs, grants }
    await gateway.services.access.createUser(system, user)
    const { secret } = await enrol(gateway, await signedIn(gateway, 'careful'))
    await open(without)
    await page.getByLabel('User name').fill('careful')
    await page.getByLabel('Password').fill(theirs)
    assert.equal(await page.getByLabel('Code of your authenticator app').isVisible(), false)
    await press('Sign in')
    await page.getByText('Enter a code as well').waitFor()
    await page.getByLabel('Code of your authenticator app').fill(codeOf(secret, -10))
    await press('Sign in')
    await page.getByText('The password or the code is not right').waitFor()
    await fits()
    await page.getByLabel('Code of your authenticator app').fill(codeOf(secret))
    await press('Sign in')
    await heading('Where do you work today?')
  })

  it('speaks Arabic to those who do, from right to left, and another language once it is chosen', async () => {
    await open(without, undefined, 'ar-EG')
    await heading('تسجيل الدخول للتحقق')
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
    await fits()
    await page.getByLabel('اسم المستخدم').fill('agent')
    await page.getByLabel('كلمة المرور').fill(PASSWORD)
    await press('تسجيل الدخول')
    await choosePoint()
    await heading('مسح رمز')
    await fits()
    const typeIn = async (text: string) => {
      await press('إدخال النص')
      await page.getByLabel('نص الرمز').fill(text)
      await press('التحقق')
    }
    await typeIn(await issueCard('XXS'))
    await heading('ليس في هذه النقطة')
    await page.locator('main').getByText('Mai Aini store (SOUTH)').waitFor()
    await fits()
    await press('مسح التالي')
    await typeIn(await issueCard())
    await heading('صالحة')
    await page.locator('main').getByText('أصلية ومستحقة اليوم').waitFor()
    await fits()
    await press('تسليم')
    await heading('التسليم الآن؟')
    await fits()
    await press('ليس بعد')
    await press('مسح التالي')
    await press('تسجيل الخروج')
    await press('Français')
    await heading('Se connecter pour vérifier')
    await fits()
    const kept = await context.cookies()
    assert.deepEqual(
      kept.map(({ name, value }) => [name, value]),
      [['annona-language', 'fr']],
    )
  })

  it('counts the sign-in of the console, also after it was made anew, and leads back there', async () => {
    const session = (data: object) =>
      context.request.post('/api/v1/sessions', { data, headers: { Origin: gateway.url } })
    await open(without)
    await heading('Sign in to verify')
    const data = { username: 'agent', password: PASSWORD, cookie: true }
    assert.equal((await session(data)).status(), 201)
    await page.reload()
    await choosePoint()
    await heading('Scan a code')
    assert.equal(await token(), undefined)
    await fits()
    assert.equal((await session(data)).status(), 201)
    await type(await issueCard())
    await heading('Valid')
    await press('Hand over')
    await page.getByLabel('Quantity to hand over (kg)').fill('5')
    await press('Yes, handed over')
    await page
      .locator('main')
      .getByText(/^Handed over: .*5.kg/)
      .waitFor()
    await page.getByRole('link', { name: 'Console' }).click()
    await page.waitForURL(/\/console/)
  })

  it('asks whoever may not verify to sign in as somebody who may', async () => {
    const grants = [{ role: 'warehouse-officer' }]
    const user = { username: 'keeper', name: 'Keeper', password: PASSWORD, grants }
    await gateway.services.access.createUser(system, user)
    await open(without)
    const data = { username: 'keeper', password: PASSWORD, cookie: true }
    await context.request.post('/api/v1/sessions', { data, headers: { Origin: gateway.url } })
    await page.reload()
    await heading('Sign in to verify')
    await signIn()
    await choosePoint()
    await heading('Scan a code')
    assert.equal(await page.getByRole('link', { name: 'Console' }).count(), 0)
  })

  it('needs no pointing device', async () => {
    await open(without)
    await heading('Sign in to verify')
    const keys = async (...pressed: string[]) => {
      for (const key of pressed) await page.keyboard.press(key)
    }
    await keys('Tab')
    await page.keyboard.type('agent')
    await keys('Tab')
    await page.keyboard.type(PASSWORD)
    await keys('Enter')
    await page.getByRole('button', { name: 'Adi Keyih store' }).waitFor()
    await keys('Tab', 'Enter')
    await heading('Scan a code')
    await page.getByText('This device has no camera').waitFor()
    await keys('Tab', 'Tab', 'Tab', 'Enter')
    await page.keyboard.insertText(filmed)
    await keys('Tab', 'Enter')
    await heading('Already handed over')
    await keys('Tab', 'Enter')
    await heading('Scan a code')
  })

  it('says why there is no picture from the camera, and leaves the other ways open', async () => {
    const refusing = await startChromium('refused')
    try {
      await startWork(refusing)
      await page.getByText('The camera is not allowed.').waitFor()
      await fits()
      await type(filmed)
      await heading('Already handed over')
    } finally {
      await refusing.close()
    }
    await startWork(without)
    await page.getByText('This device has no camera').waitFor()
  })
})
