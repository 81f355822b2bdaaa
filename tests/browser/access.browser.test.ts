import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { systemCtx } from '#core/kernel/index.ts'
import { hardships, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { makeAreas } from '#tests/support/places.ts'

const NEW_PASSWORD = 'lanterns over the harbour'
const HOSTILE = `<img src=x onerror="document.title='hacked'">"><script>alert(1)</script>${'ع'.repeat(100)}`

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click()
const more = async (page: Page, name: string) => {
  await press(page, 'More')
  await page.getByRole('menuitem', { name }).click()
}

/** Chooses what a field suggests for a text. */
const suggest = async (page: Page, label: string, text: string) => {
  await page.getByRole('combobox', { name: label }).fill(text)
  await page.getByRole('option', { name: text }).first().click()
}

/** An identity provider, unless it is there. */
const makeProvider = async ({ gateway }: TestConsole, code = 'ministry', name = 'Ministry staff') => {
  const token = await gateway.as('system-administrator')
  const body = {
    code,
    name,
    issuer: 'https://id.example.org/realms/staff',
    clientId: 'annona',
    clientSecret: 'a secret of the provider',
    groupClaim: 'groups',
    mappings: [{ group: name, role: 'registrar', areas: ['XXN'] }],
  }
  const { status } = await gateway.call('POST', '/api/v1/identity-providers', { token, body })
  assert.ok([201, 409].includes(status))
}

describe('access in the console', function () {
  this.timeout(120_000)
  this.slow(20_000)

  let app: TestConsole
  let visit: Visit
  before(async () => {
    app = await startConsole()
    await makeAreas(app.gateway.db, [['XX'], ['XXN', 'XX'], ['XXS', 'XX']])
    await app.person('abeba', 'system-administrator', { name: 'Abeba Tesfaye' })
    await app.person('berhane', 'system-administrator', { name: 'Berhane Araya' })
    await app.person('auditor', 'auditor')
    await app.person('yonas', 'registrar', { name: 'Yonas Bekele' })
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  it('is given to a new user in one area, who comes in and sees that one alone', async () => {
    visit = await app.as('abeba', { at: '/users' })
    const { page } = visit
    await follow(page, 'Add a user')
    await page.getByLabel('Name', { exact: true }).fill('Sara Haile')
    await page.getByLabel('User name').fill('sara')
    await suggest(page, 'Supervisor', 'Yonas Bekele')
    await page.getByLabel('Role', { exact: true }).selectOption('Registrar')
    await press(page, 'Add a user')
    await page.getByRole('alert').getByText('Where: Choose one.').waitFor()
    await page.getByLabel('Only in some areas').check()
    await suggest(page, 'Areas', 'XXN')
    await page.getByText('Gains in XXN').waitFor()
    assert.deepEqual(await hardships(page), [])
    await press(page, 'Add a user')

    await heading(page, 'Sara Haile was added')
    const password = (await page.locator('[data-secret]').textContent())!
    assert.match(password, /^[a-z2-9-]{19}$/)
    await press(page, 'I have kept it')
    await heading(page, 'Sara Haile')
    await page.getByRole('tab', { name: 'Roles' }).click()
    await page.getByText('in XXN').waitFor()

    const hers = await app.open({ at: '/areas' })
    await hers.page.getByLabel('User name').fill('sara')
    await hers.page.getByLabel('Password', { exact: true }).fill(password)
    await press(hers.page, 'Sign in')
    await hers.page.getByLabel('Current password').fill(password)
    await hers.page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
    await hers.page.getByLabel('New password again').fill(NEW_PASSWORD)
    await press(hers.page, 'Change password')
    await hers.page.getByRole('link', { name: 'XXN' }).waitFor()
    assert.equal(await hers.page.getByRole('link', { name: 'XXS' }).count(), 0)
    assert.equal(await hers.page.getByRole('link', { name: 'Users' }).count(), 0)
    await hers.close()
  })

  it('of a user is changed by two at once, and nothing of either is lost', async () => {
    visit = await app.as('abeba', { at: '/users/yonas/edit' })
    const { page } = visit
    await page.getByLabel('Email').fill('yonas@demeria.example')
    const other = await app.as('berhane', { at: '/users/yonas/edit' })
    await other.page.getByLabel('Name').fill('Yonas Bekele Abebe')
    await press(other.page, 'Save')
    await heading(other.page, 'Yonas Bekele Abebe')
    await other.close()

    await press(page, 'Save')
    await page.getByText('Somebody else changed this while you were editing').waitFor()
    await page.getByRole('insertion').getByText('Yonas Bekele Abebe').waitFor()
    assert.equal(await page.getByLabel('Email').inputValue(), 'yonas@demeria.example')
    await press(page, 'Keep mine, and save over it')
    await press(page, 'Save')
    await heading(page, 'Yonas Bekele Abebe')
    await page.getByText('yonas@demeria.example').waitFor()
  })

  it('is told in words before it is saved, and refused in words to whoever changes their own', async () => {
    visit = await app.as('abeba', { at: '/users/yonas/grants' })
    const { page } = visit
    await page.getByLabel('Only in some areas').check()
    await suggest(page, 'Areas', 'XXS')
    await page.getByText('Loses everywhere, except in XXS').waitFor()
    await press(page, 'Save')
    await page.getByText('The roles were changed.').waitFor()
    await page.goto('/console/users/abeba?tab=grants')
    await page.getByText('Nobody changes what they are granted themselves').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Change roles' }).count(), 0)
    await page.goto('/console/users/abeba/grants')
    await page.getByLabel('Role', { exact: true }).selectOption('Auditor')
    await press(page, 'Save')
    await page.getByRole('alert').getByText('Another administrator does.').waitFor()
  })

  it('is made a role of its own from a copy, and given', async () => {
    visit = await app.as('abeba', { at: '/roles/registrar' })
    const { page } = visit
    await follow(page, 'Copy')
    await page.getByLabel('Code').fill('front-office')
    await page.getByLabel('Name', { exact: true }).fill('Front office')
    await page.getByLabel('Search permissions').fill('import')
    await page.getByLabel('Import files of people, and undo an import').uncheck()
    await page.getByLabel('Search permissions').fill('')
    await press(page, 'Choose all of: Programs and enrolment')
    await page.getByLabel('Numbers of identity documents').check()
    assert.deepEqual(await hardships(page), [])
    await press(page, 'Make a role')
    await heading(page, 'Front office')
    await page.getByText('Enrol people, suspend enrolments and end them').waitFor()
    assert.equal(await page.getByText('Import files of people').count(), 0)

    await page.goto('/console/users/yonas/grants')
    await page.getByLabel('Role', { exact: true }).selectOption('Front office')
    await press(page, 'Save')
    await page.getByText('The roles were changed.').waitFor()
    await page.getByText('Seen only in part: numbers of identity documents').waitFor()
    await page.goto('/console/roles/front-office')
    await page.getByRole('link', { name: '1 account' }).waitFor()
    await press(page, 'Delete')
    await page.getByText('1 account has this role.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Take it from them first.', { exact: false }).last().waitFor()
  })

  it('of another system is by a secret that is shown once', async () => {
    visit = await app.as('abeba', { at: '/clients/new' })
    const { page } = visit
    await page.getByLabel('Name', { exact: true }).fill('Civil registry')
    await page.getByLabel('Client id').fill('civil-registry')
    await page.getByLabel('Role', { exact: true }).selectOption('Integrator')
    await page.getByLabel('Everywhere').check()
    await press(page, 'Add an API client')
    await heading(page, 'civil-registry was added')
    const secret = (await page.locator('[data-secret]').textContent())!
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Save as a file')])
    assert.equal(file.suggestedFilename(), 'civil-registry.secret.txt')
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'civil-registry',
      client_secret: secret,
    })
    assert.equal((await fetch(`${app.gateway.url}/oauth2/token`, { method: 'POST', body })).status, 200)
    assert.deepEqual(await hardships(page), [])

    await page.reload()
    await page.getByLabel('Client id').waitFor()
    assert.equal((await page.content()).includes(secret), false)
    await page.goto('/console/clients/civil-registry')
    await page.getByText(`…${secret.slice(-4)}`).waitFor()
    assert.equal((await page.content()).includes(secret), false)
    await press(page, 'New secret')
    await page.getByLabel('Hours that the secret before goes on working').fill('48')
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await press(page, 'I have kept it')
    assert.equal(await page.getByRole('button', { name: 'End now' }).count(), 2)
  })

  it('by keys takes public ones: a private one does not leave the page', async () => {
    visit = await app.as('abeba', { at: '/clients/new' })
    const { page } = visit
    await app.gateway.services.access.createClient(systemCtx('test', 'test'), {
      clientId: 'by-keys',
      name: 'By keys',
      grants: [],
    })
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      { name: 'ECDSA', namedCurve: 'P-256' },
      true,
      ['sign', 'verify'],
    )
    const jwk = async (key: CryptoKey) =>
      JSON.stringify({ keys: [{ ...(await crypto.subtle.exportKey('jwk', key)), kid: '2026-11' }] })
    const sent: string[] = []
    page.on('request', request => request.method() === 'PUT' && sent.push(request.postData() ?? ''))
    await page.goto('/console/clients/by-keys/keys')
    await page.getByLabel('JWK Set').fill(await jwk(privateKey))
    await press(page, 'Replace the keys')
    await page.getByRole('alert').getByText('This holds a private key.').waitFor()
    assert.deepEqual(sent, [])
    await page.getByLabel('JWK Set').fill(await jwk(publicKey))
    await press(page, 'Replace the keys')
    await page.getByText('The keys were replaced.').waitFor()
    await page.getByText('Keys work only once').waitFor()
    await page.getByText('2026-11').waitFor()
  })

  it('ends when a user is disabled, and begins again', async () => {
    await app.person('lula', 'registrar', { name: 'Lula' })
    const hers = await app.as('lula', { at: '/areas' })
    visit = await app.as('abeba', { at: '/users/lula?tab=sign-ins' })
    const { page } = visit
    await page.getByText('By password').waitFor()
    assert.deepEqual(await hardships(page), [])
    await more(page, 'Disable')
    await page.getByRole('dialog').getByText('All their sign-ins end at once').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await page.getByText('Disabled', { exact: true }).waitFor()
    await page.getByText('Not signed in anywhere').waitFor()
    assert.equal((await hers.context.request.get('/api/v1/areas')).status(), 401)
    await hers.context.close()
    await more(page, 'Enable')
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click()
    await page.getByText('Active', { exact: true }).waitFor()
    await more(page, 'Set a temporary password')
    await page.getByLabel('Temporary password').fill('lula lula lula')
    await press(page, 'Set a temporary password')
    await page.getByRole('dialog').getByText('Leave').first().waitFor()
    await press(page, 'Make another one')
    await press(page, 'Set a temporary password')
    await press(page, 'I have kept it')
  })

  it('is seen by an auditor, who is offered nothing that changes it', async () => {
    await makeProvider(app)
    visit = await app.as('auditor', { at: '/users' })
    const { page } = visit
    for (const path of ['/users', '/roles', '/clients', '/identity-providers']) {
      await page.goto(`/console${path}`)
      await page.getByRole('main').getByRole('link').first().waitFor()
      assert.equal(await page.getByRole('link', { name: /^(Add|Make) / }).count(), 0, path)
    }
    for (const path of [
      '/users/yonas',
      '/users/yonas?tab=grants',
      '/roles/registrar',
      '/identity-providers/ministry',
    ]) {
      await page.goto(`/console${path}`)
      await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor()
      const offered = await page
        .getByRole('main')
        .getByRole('link', { name: /Edit|Change|Copy/ })
        .count()
      const buttons = await page
        .getByRole('main')
        .getByRole('button', { name: /Delete|Switch|Link/ })
        .count()
      assert.equal(offered + buttons, 0, path)
    }
    await press(page, 'More')
    await page.getByRole('menuitem', { name: 'Audit trail' }).waitFor()
    await page.goto('/console/users/new')
    await page.getByText('You have no access to this').waitFor()
  })

  it('shows whatever people typed as text', async () => {
    const token = await app.gateway.as('system-administrator')
    const call = async (method: string, path: string, body: unknown) => {
      const answer = await app.gateway.call(method, path, { token, body })
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
    }
    await call('PATCH', '/api/v1/users/auditor', { name: HOSTILE })
    const role = { name: HOSTILE, description: HOSTILE, permissions: ['area:read'] }
    await call('POST', '/api/v1/roles', { code: 'hostile', ...role })
    await call('POST', '/api/v1/clients', {
      clientId: 'hostile',
      name: HOSTILE,
      grants: [{ role: 'hostile' }],
    })
    await makeProvider(app, 'hostile', HOSTILE.slice(0, 100))
    visit = await app.as('abeba', { at: '/users' })
    const { page } = visit
    const lists = ['/users', '/roles', '/clients', '/identity-providers']
    const forms = [
      '/users/auditor/edit',
      '/roles/hostile/edit',
      '/clients/hostile/edit',
      '/clients/hostile/grants',
    ]
    const details = [
      '/users/auditor',
      '/roles/hostile',
      '/clients/hostile?tab=grants',
      '/identity-providers/hostile',
    ]
    for (const path of [...lists, ...forms, ...details]) {
      await page.goto(`/console${path}`)
      const shown = page.getByRole('main').getByText(HOSTILE.slice(0, 40)).filter({ visible: true })
      await shown.first().waitFor()
      assert.notEqual(await page.title(), 'hacked')
      if (details.includes(path)) assert.deepEqual(await hardships(page), [], path)
    }
  })

  it('by an identity provider is set up, linked, and switched off', async () => {
    visit = await app.as('abeba', { at: '/identity-providers/new' })
    const { page } = visit
    await page.getByText('The installation has no public address yet').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Health staff')
    await page.getByLabel('Code').fill('health')
    await page.getByLabel('Issuer').fill('https://id.example.org/realms/health?realm=1')
    await page.getByLabel('Client id').fill('annona')
    await page.getByLabel('Client secret').fill('a secret of the provider')
    await press(page, 'Add a role')
    await page.getByLabel('Group at the provider').fill('clinics')
    await page.getByLabel('Role', { exact: true }).selectOption('Registrar')
    await page.getByLabel('Only in some areas').check()
    await suggest(page, 'Areas', 'XXN')
    await press(page, 'Add an identity provider')
    await page.getByRole('alert').getByText('Enter an https address without query and fragment.').waitFor()
    await page.getByLabel('Issuer').fill('https://id.example.org/realms/health')
    await press(page, 'Add an identity provider')
    await heading(page, 'Health staff')
    await page.getByText('clinics').waitFor()

    await page.goto('/console/users/yonas?tab=identities')
    await press(page, 'Link an identity')
    await page.getByLabel('Identity provider').selectOption('Health staff')
    await page.getByLabel('Identifier at the provider').fill('f3a1')
    await page.getByRole('dialog').getByRole('button', { name: 'Link an identity' }).click()
    await page.getByText('Waits for the user to confirm it').waitFor()

    await page.goto('/console/identity-providers/health')
    await press(page, 'Switch off')
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click()
    await page.getByText('Health staff is switched off.').waitFor()
    await page.getByText('Disabled', { exact: true }).waitFor()
  })

  it('is administered in Arabic, on a wide screen and on a telephone', async () => {
    await makeProvider(app)
    visit = await app.as('abeba', { at: '/users', language: 'ar' })
    const { page } = visit
    for (const [path, title] of [
      ['/users', 'المستخدمون'],
      ['/users/yonas/grants', 'أدوار'],
      ['/roles/registrar', 'موظف تسجيل'],
      ['/clients', 'عملاء واجهة البرمجة'],
      ['/identity-providers', 'موفّرو الهوية'],
      ['/identity-providers/ministry/edit', 'Ministry'],
    ] as const) {
      await page.goto(`/console${path}`)
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      assert.deepEqual(await hardships(page), [], path)
    }
  })
})
