import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Page, Route } from 'playwright-core'
import sql from 'sql-template-tag'
import { hardships, PASSWORD, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { startOidcProvider, type TestProvider } from '#tests/support/oidc-provider.ts'
import { codeOf } from '#tests/support/people.ts'
import { makeAreas } from '#tests/support/places.ts'
import { ministryAt } from '#tests/support/single-sign-on.ts'

const NEW_PASSWORD = 'lanterns over the harbour'
const YEAR_MS = 365 * 86_400_000

/** A port that nobody listens on: the public address has to be known before the gateway is there. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const credentials = (page: Page) => ({
  username: page.getByLabel('User name'),
  password: page.getByLabel('Password', { exact: true }),
  submit: page.getByRole('button', { name: 'Sign in', exact: true }),
})

const fillIn = async (page: Page, username: string, password = PASSWORD): Promise<void> => {
  const fields = credentials(page)
  await fields.username.fill(username)
  await fields.password.fill(password)
  await fields.submit.click()
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()
const ended = (page: Page) => page.getByRole('dialog', { name: 'Sign in again to go on' })

describe('signing in to the console', function () {
  this.timeout(90_000)
  this.slow(10_000)

  let app: TestConsole
  let provider: TestProvider
  let visit: Visit | undefined

  before(async () => {
    const port = await freePort()
    const issuer = `http://127.0.0.1:${port}`
    provider = await startOidcProvider(`${issuer}/api/v1/sign-in/ministry/callback`)
    app = await startConsole({ issuer, port, outboundAllow: provider.place })
    const { gateway } = app
    await makeAreas(gateway.db, [['XX'], ['XXN', 'XX']])
    const token = await gateway.as('system-administrator')
    const body = ministryAt(provider.issuer)
    const made = await gateway.call('POST', '/api/v1/identity-providers', { token, body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    for (const name of ['keeper', 'almaz', 'tadesse', 'hanna', 'worku', 'selam'])
      await app.person(name, 'system-administrator', { name: `${name} <b>of XX</b>` })
  })
  after(async () => {
    await app?.close()
    await provider?.close()
  })
  afterEach(async () => {
    await visit?.close()
    visit = undefined
  })

  const endSignIns = (username: string) =>
    app.gateway.db.run(sql`
      UPDATE access.sessions SET ended_at = now()
      WHERE ended_at IS NULL AND user_id = (SELECT id FROM access.users WHERE username = ${username})`)
  /** Sends the form that adds an area; the sign-in ends while it is on its way. */
  const sendAsItEnds = async (page: Page, username: string): Promise<void> => {
    const onItsWay = async (route: Route): Promise<void> => {
      await endSignIns(username)
      await route.continue()
    }
    await page.route('**/api/v1/areas', onItsWay, { times: 1 })
    await page.getByRole('button', { name: 'Add an area' }).click()
    await ended(page).waitFor()
  }
  const areasNamed = async (name: string) =>
    (await app.gateway.db.query(sql`SELECT code FROM areas.areas WHERE name = ${name}`)).length

  describe('by password', () => {
    it('leads to where one wanted to go, and says what is wrong before', async () => {
      visit = await app.open({ at: '/areas?q=XXN' })
      const { page } = visit
      await heading(page, 'Sign in')
      await fillIn(page, 'keeper', 'not the password')
      await page.getByRole('alert').getByText('The name or the password is not right').waitFor()
      assert.deepEqual(await hardships(page), [])
      await fillIn(page, 'keeper')
      await heading(page, 'Areas')
      assert.equal(new URL(page.url()).search, '?q=XXN')
    })

    it('says how long to wait after too many that were wrong, and when nobody answers', async () => {
      visit = await app.open()
      const { page } = visit
      for (let i = 0; i < 12; i++)
        await app.gateway.call('POST', '/api/v1/sessions', { body: { username: 'worku', password: `${i}` } })
      await fillIn(page, 'worku')
      await page
        .getByRole('alert')
        .getByText(/^Too many attempts\. Wait/)
        .waitFor()
      await visit.context.setOffline(true)
      await credentials(page).submit.click()
      await page.getByRole('alert').getByText('The server cannot be reached').waitFor()
    })

    it('is in Arabic from right to left, chosen on the page', async () => {
      visit = await app.open()
      const { page } = visit
      await page.getByRole('button', { name: 'العربية' }).click()
      await heading(page, 'تسجيل الدخول')
      assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl')
      await page.getByLabel('اسم المستخدم').fill('keeper')
      await page.getByLabel('كلمة المرور', { exact: true }).fill('خطأ')
      await page.getByRole('button', { name: 'تسجيل الدخول', exact: true }).click()
      await page.getByRole('alert').getByText('الاسم أو كلمة المرور غير صحيحة').waitFor()
      assert.deepEqual(await hardships(page), [])
    })

    it('does not depend on the clock of the browser, and tells times by that of the server', async () => {
      visit = await app.open({ at: '/account?tab=sign-ins' })
      const { page } = visit
      await page.clock.install({ time: Date.now() + YEAR_MS })
      await page.reload()
      await fillIn(page, 'selam')
      await page.getByText('This one').waitFor()
      const used = page.getByRole('listitem').filter({ hasText: 'This one' }).locator('time').first()
      assert.match((await used.textContent())!, /^(now|\d+ seconds? ago)$/)
      await page.getByRole('tab', { name: 'Language and calendar' }).click()
      const year = new Date().getUTCFullYear()
      await page.getByText(new RegExp(`^Today is .*${year}$`)).waitFor()
      await page.getByRole('tab', { name: 'Password and second factor' }).click()
      await page.getByLabel('Current password').fill(PASSWORD)
      await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
      await page.getByLabel('New password again').fill(NEW_PASSWORD)
      await page.getByRole('button', { name: 'Change password' }).click()
      await page.getByText('Your password has been changed.').waitFor()
    })
  })

  describe('with something to set up first', () => {
    /** What the installation asks for, from now on. */
    const ask = (secondFactor: 'optional' | 'required') =>
      Object.assign(app.gateway.services.config, { secondFactor })
    after(() => ask('optional'))

    it('goes on after a password of one’s own and a second factor, which is asked for from then on', async () => {
      await app.gateway.db.run(
        sql`UPDATE access.users SET must_change_password = true WHERE username = 'hanna'`,
      )
      ask('required')
      visit = await app.open({ at: '/areas' })
      const { page } = visit
      await fillIn(page, 'hanna')
      await heading(page, 'Choose a password of your own')
      assert.deepEqual(await hardships(page), [])
      await page.getByLabel('Current password').fill(PASSWORD)
      await page.getByLabel('New password', { exact: true }).fill('hanna-2026-hanna')
      await page.getByLabel('New password again').fill('hanna-2026-hanna')
      await page.getByRole('button', { name: 'Change password' }).click()
      await page.getByText('Leave your name out of it.').waitFor()
      await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
      await page.getByLabel('New password again').fill(NEW_PASSWORD)
      await page.getByRole('button', { name: 'Change password' }).click()

      await heading(page, 'Set up your second factor')
      await page.getByLabel('Your password').fill(NEW_PASSWORD)
      await page.getByRole('button', { name: 'Go on' }).click()
      const qr = page.getByRole('img', { name: 'QR code for the authenticator app' })
      await qr.waitFor()
      assert.ok(await qr.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0))
      const secret = (await page.locator('.an-code').textContent())!.replaceAll(' ', '')
      assert.deepEqual(await hardships(page), [])
      await page.getByLabel('Code', { exact: true }).fill('000000')
      await page.getByRole('button', { name: 'Turn it on' }).click()
      await page.getByText('The code is not right').waitFor()
      await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, -1))
      await page.getByRole('button', { name: 'Turn it on' }).click()

      const kept = page.getByLabel('I have kept these codes')
      await kept.waitFor()
      const codes = await page
        .getByRole('region', { name: 'Recovery codes' })
        .getByRole('listitem')
        .allTextContents()
      assert.ok(codes.length >= 8 && codes.every(code => code.length >= 16), codes.join())
      assert.deepEqual(await hardships(page), [])
      const saving = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download' }).click()
      assert.equal((await saving).suggestedFilename(), 'annona-recovery-codes.txt')
      // Looking at something else meanwhile takes nothing away.
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
      await kept.check()
      await page.getByRole('button', { name: 'Go on' }).click()
      await heading(page, 'Areas')

      await page.context().clearCookies()
      await page.goto('/console/areas')
      await fillIn(page, 'hanna', NEW_PASSWORD)
      const code = page.getByLabel('Code', { exact: true })
      await code.waitFor()
      assert.equal(await code.getAttribute('autocomplete'), 'one-time-code')
      assert.deepEqual(await hardships(page), [])
      await code.fill('123456')
      await credentials(page).submit.click()
      await page.getByText('The code is not right').waitFor()
      // As people type it who write Arabic digits.
      const arabic = codeOf(secret).replaceAll(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)]!)
      await code.fill(`${arabic.slice(0, 3)} ${arabic.slice(3)}`)
      await credentials(page).submit.click()
      await heading(page, 'Areas')

      await page.context().clearCookies()
      await page.goto('/console/areas')
      await fillIn(page, 'hanna', NEW_PASSWORD)
      await page.getByRole('button', { name: 'Use a recovery code' }).click()
      await page.getByLabel('Recovery code').fill(codes[0]!.trim())
      await credentials(page).submit.click()
      await heading(page, 'Areas')
    })
  })

  describe('by an identity provider', () => {
    const claims = (name: string, ...roles: string[]) =>
      provider.accounts.set(name, { preferred_username: name, name, realm_access: { roles } })
    /** The provider is another host: going there is no misdeed. */
    const mayLeave = () => {
      const place = `request to ${provider.place}`
      const others = visit!.misdeeds.filter(misdeed => misdeed !== place)
      visit!.misdeeds.splice(0, Infinity, ...others)
    }

    it('comes back to the address that was asked for', async () => {
      claims('abebe', 'registry')
      provider.signsIn = 'abebe'
      visit = await app.open({ at: '/areas?q=XXN' })
      const { page } = visit
      await page.getByRole('link', { name: 'Ministry <staff>' }).click()
      await heading(page, 'Areas')
      assert.equal(new URL(page.url()).search, '?q=XXN')
      mayLeave()
    })

    it('says in the console why it did not let somebody in, in their language', async () => {
      claims('nobody', 'unmapped')
      provider.signsIn = 'nobody'
      visit = await app.open({ at: '/areas', language: 'fr' })
      const { page } = visit
      await page.getByRole('link', { name: 'Ministry <staff>' }).click()
      await page.getByRole('alert').getByText('Aucun de vos groupes').waitFor()
      assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/console/areas')
      await heading(page, 'Connexion')
      mayLeave()
    })

    it('signs in again in another window what has ended in this one', async () => {
      provider.signsIn = 'abebe'
      visit = await app.open({ at: '/areas/new' })
      const { page, context } = visit
      await page.getByRole('link', { name: 'Ministry <staff>' }).click()
      await page.getByLabel('Name', { exact: true }).fill('Adi Keyih')
      await page.getByLabel('P-code').fill('XXS')
      await sendAsItEnds(page, 'abebe')
      const other = context.waitForEvent('page')
      await ended(page)
        .getByRole('link', { name: /Ministry/ })
        .click()
      await heading(await other, 'You are signed in')
      await heading(page, 'Adi Keyih')
      assert.equal(await areasNamed('Adi Keyih'), 1)
      mayLeave()
    })
  })

  describe('after the sign-in has ended in the middle of something', () => {
    const typed = async (page: Page, name: string, code: string): Promise<void> => {
      await page.getByLabel('Name', { exact: true }).fill(name)
      await page.getByLabel('P-code').fill(code)
    }
    const begun = async (username: string, name: string, code: string): Promise<Page> => {
      visit = await app.as(username, { at: '/areas/new' })
      await typed(visit.page, name, code)
      return visit.page
    }

    it('sends what was typed, once, when the same person is back', async () => {
      const page = await begun('almaz', 'Senafe', 'XXE')
      await sendAsItEnds(page, 'almaz')
      // The name is there already.
      await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'password')
      assert.deepEqual(await hardships(page), [])
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await ended(page).waitFor()
      assert.equal(await credentials(page).username.inputValue(), 'almaz')
      await fillIn(page, 'almaz', 'wrong')
      await ended(page).getByText('The name or the password is not right').waitFor()
      await fillIn(page, 'almaz')
      await heading(page, 'Senafe')
      assert.equal(await areasNamed('Senafe'), 1)
    })

    it('shows another person who signs in nothing of the first, and does nothing in their name', async () => {
      const page = await begun('tadesse', 'Secret place', 'XXT')
      await sendAsItEnds(page, 'tadesse')
      await fillIn(page, 'keeper')
      await page.waitForURL(/\/console\/?$/)
      await ended(page).waitFor({ state: 'hidden' })
      await page.getByText('keeper').first().waitFor()
      assert.doesNotMatch(await page.content(), /tadesse|Secret place/)
      assert.equal(await areasNamed('Secret place'), 0)
      await page.goto('/console/areas/new')
      assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '')
    })

    it('leaves nothing when whoever was there leaves', async () => {
      const page = await begun('tadesse', 'Secret place', 'XXT')
      await sendAsItEnds(page, 'tadesse')
      await ended(page).getByRole('button', { name: 'Leave, and lose what was typed' }).click()
      await heading(page, 'Sign in')
      assert.equal(await page.evaluate(() => sessionStorage.length), 0)
      await page.goto('/console/areas/new')
      await fillIn(page, 'keeper')
      assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '')
    })

    it('gives a draft back to its own person alone, after a reload', async () => {
      const page = await begun('almaz', 'Dekemhare', 'XXD')
      await endSignIns('almaz')
      page.on('dialog', dialog => void dialog.accept())
      await page.reload()
      await fillIn(page, 'almaz')
      assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Dekemhare')
      await endSignIns('almaz')
      await page.reload()
      await fillIn(page, 'keeper')
      await page.waitForURL(/\/console\/?$/)
      await page.goto('/console/areas/new')
      assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '')
    })

    it('ends in all windows by signing out in one, and goes on in all of them', async () => {
      const page = await begun('almaz', 'Keren', 'XXK')
      const other = await visit!.context.newPage()
      await other.goto('/console/areas')
      await heading(other, 'Areas')
      await other.getByRole('button', { name: /almaz/ }).click()
      await other.getByText('Sign out').click()
      await heading(other, 'Sign in')
      await ended(page).waitFor()
      await fillIn(other, 'almaz')
      await ended(page).waitFor({ state: 'hidden' })
      await page.getByRole('button', { name: 'Add an area' }).click()
      await heading(page, 'Keren')
      assert.equal(await areasNamed('Keren'), 1)
    })
  })

  describe('my account', () => {
    it('says what I may do where, in words, and lets me end my other sign-ins and choose my calendar', async () => {
      await app.person('limited', 'payment-approver', { name: 'Limited <i>Lemlem</i>', areas: ['XXN'] })
      visit = await app.as('limited', { at: '/account' })
      const { page } = visit
      await app.gateway.call('POST', '/api/v1/sessions', {
        body: { username: 'limited', password: PASSWORD },
      })
      await page.getByText('Limited <i>Lemlem</i>').first().waitFor()
      const grant = page.getByRole('region', { name: 'Payment approver' })
      await grant.getByText('XXN').first().waitFor()
      await grant.getByText('Numbers of identity documents', { exact: false }).waitFor()
      await grant.locator('summary').click()
      assert.deepEqual(await hardships(page), [])

      await page.getByRole('tab', { name: 'My sign-ins' }).click()
      await page.getByText('This one').waitFor()
      assert.deepEqual(await hardships(page), [])
      await page.getByRole('button', { name: 'End all others' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click()
      await page.getByText('1 sign-in has ended.').waitFor()

      for (const tab of ['Linked identities', 'Password and second factor', 'Language and calendar']) {
        await page.getByRole('tab', { name: tab }).click()
        await page.getByRole('tabpanel').getByRole('heading').first().waitFor()
        assert.deepEqual(await hardships(page), [])
      }
      await page.getByLabel('Ethiopic calendar').check()
      await page.getByLabel('العربية').check()
      await heading(page, 'حسابي')
      assert.deepEqual(await hardships(page), [])
    })

    it('confirms or declines who an administrator says I am, and tells why it cannot', async () => {
      await app.person('linked', 'registrar')
      const token = await app.gateway.as('system-administrator')
      const made = await app.gateway.call('POST', '/api/v1/users/linked/identities', {
        token,
        body: { provider: 'ministry', subject: 'linked-there' },
      })
      assert.equal(made.status, 201, JSON.stringify(made.body))
      visit = await app.as('linked', { at: '/account?tab=identities' })
      const { page } = visit
      await page.getByText('To be confirmed').waitFor()
      assert.deepEqual(await hardships(page), [])
      await page.getByRole('button', { name: 'It is mine' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'It is mine' }).click()
      await page.getByText('Confirmed', { exact: true }).waitFor()
    })
  })

  it('lets a page follow when a permission is lost while it is open', async () => {
    await app.person('losing', ['system-administrator', 'registrar'])
    visit = await app.as('losing', { at: '/areas/new' })
    const { page } = visit
    const navigation = page.getByRole('navigation').first()
    await navigation.getByRole('link', { name: 'Users' }).waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Mendefera')
    await page.getByLabel('P-code').fill('XXM')
    const onItsWay = async (route: Route): Promise<void> => {
      await app.gateway.db.run(sql`
        DELETE FROM access.grants WHERE role = 'system-administrator'
          AND holder_id = (SELECT id FROM access.users WHERE username = 'losing')`)
      // What an account may do is remembered for a second.
      await page.waitForTimeout(1_100)
      await route.continue()
    }
    await page.route('**/api/v1/areas', onItsWay, { times: 1 })
    await page.getByRole('button', { name: 'Add an area' }).click()
    await page.getByText('What you may do has changed').waitFor()
    await page.getByText('You have no access to this').waitFor()
    assert.equal(await areasNamed('Mendefera'), 0)
    await navigation.getByRole('link', { name: 'Areas' }).waitFor()
    assert.equal(await navigation.getByRole('link', { name: 'Users' }).count(), 0)
  })
})
