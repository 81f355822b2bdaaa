import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Page } from 'playwright-core'
import sql, { type Sql } from 'sql-template-tag'
import { formatReference, uuid7 } from '#core/kernel/index.ts'
import { hardships, PASSWORD, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { makeAreas } from '#tests/support/places.ts'
import { hardToUse } from '#tests/support/touch.ts'

const PHONE = { width: 320, height: 640 }
const WIDE = { width: 1280, height: 800 }
/** That screen at 200 %: half as many CSS pixels. */
const ZOOMED = { width: 640, height: 400 }

const navigation = (page: Page) => page.getByRole('navigation', { name: 'Parts of the console' })
const entries = (page: Page) => navigation(page).getByRole('link').allInnerTexts()
const search = (page: Page) => page.getByRole('combobox', { name: 'Search' })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()

/** A door before the gateway that can be shut, and opened again at the same address. */
const startDoor = async (to: string) => {
  const { hostname, port } = new URL(to)
  const open = new Set<Socket>()
  const server = createServer(socket => {
    const inner = connect(Number(port), hostname)
    for (const end of [socket, inner]) {
      open.add(end)
      end.on('error', () => end.destroy()).on('close', () => open.delete(end))
    }
    socket.pipe(inner).pipe(socket)
  })
  const listen = async (at: number) => once(server.listen(at, '127.0.0.1'), 'listening')
  await listen(0)
  const at = (server.address() as AddressInfo).port
  const shut = async () => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${at}`, shut, open: () => listen(at) }
}

/** Signs in by what the browser keeps, and shows the page anew. */
const signInHere = async (
  { page, context }: Pick<Visit, 'page' | 'context'>,
  at: string,
  username: string,
) => {
  const data = { username, password: PASSWORD, cookie: true }
  const answer = await context.request.post(`${at}/api/v1/sessions`, { data, headers: { Origin: at } })
  assert.equal(answer.status(), 201)
  await page.goto(`${at}/console`)
}

describe('the frame of the console', function () {
  this.timeout(90_000)
  this.slow(10_000)

  let app: TestConsole
  let visit: Visit | undefined
  let refs = 1n

  before(async () => {
    app = await startConsole()
    await makeAreas(app.gateway.db, [['XX'], ['XXN', 'XX'], ['XXS', 'XX']])
    await app.person('admin', 'system-administrator', { name: 'Amina Osman' })
    await app.person('clerk', 'registrar')
    await app.person('hands', 'distribution-agent')
    await app.person('eyes', 'auditor')
  })
  after(() => app?.close())
  afterEach(async () => {
    await visit?.close()
    visit = undefined
  })

  const idOf = async (username: string): Promise<string> =>
    (await app.gateway.db.one<{ id: string }>(sql`SELECT id FROM access.users WHERE username = ${username}`))!
      .id

  /** A job of somebody's that goes on until the test says otherwise. */
  const begin = async (username: string, kind = 'imports.commit') => {
    const ref = refs++
    await app.gateway.db.run(sql`
      INSERT INTO jobs.jobs (id, ref, kind, state, done, total, created_by, created_by_name, started_at)
      VALUES (${uuid7()}, ${ref}, ${kind}, 'running', 10, 200, ${await idOf(username)}, ${username}, now())`)
    return {
      reference: formatReference('job', ref),
      becomes: (change: Sql) => app.gateway.db.run(sql`UPDATE jobs.jobs SET ${change} WHERE ref = ${ref}`),
      row: () =>
        app.gateway.db.one<{ cancel_requested: boolean }>(sql`SELECT * FROM jobs.jobs WHERE ref = ${ref}`),
    }
  }

  const notify = async (username: string, kind: string, params: Record<string, string>, subject: string) =>
    app.gateway.db.run(sql`
      INSERT INTO notifications.notifications
        (id, user_id, kind, cause, subject_type, subject_name, params, created_at)
      VALUES (${uuid7()}, ${await idOf(username)}, ${kind}, ${`${kind} ${subject}`}, 'job', ${subject},
        ${JSON.stringify(params)}::jsonb, date_trunc('milliseconds', now()))`)

  describe('shows each role where it can go', () => {
    it('an administrator accounts, a registrar none, an auditor the trail, an agent the scanner', async () => {
      const seen: Record<string, string[]> = {}
      for (const who of ['admin', 'clerk', 'eyes', 'hands']) {
        const there = await app.as(who)
        await navigation(there.page).waitFor()
        seen[who] = await entries(there.page)
        await there.close()
      }
      const has = (who: string, name: string) => seen[who]!.includes(name)
      assert.deepEqual(
        ['Users', 'Areas', 'Audit trail', 'Scan a card', 'Jobs'].map(name => [
          name,
          ...['admin', 'clerk', 'eyes', 'hands'].filter(who => has(who, name)),
        ]),
        [
          ['Users', 'admin', 'eyes'],
          ['Areas', 'admin', 'clerk', 'eyes'],
          ['Audit trail', 'admin', 'eyes'],
          ['Scan a card', 'hands'],
          ['Jobs', 'admin', 'clerk', 'eyes'],
        ],
      )
    })

    it('marks where one is, and refuses in words what is typed as an address', async () => {
      visit = await app.as('clerk', { at: '/areas/XXN' })
      const { page } = visit
      await heading(page, 'XXN')
      assert.equal(await navigation(page).locator('[aria-current=page]').innerText(), 'Areas')
      await page.goto('/console/users')
      await heading(page, 'You have no access to this')
    })

    it('follows when somebody is granted more while the page is open', async () => {
      await app.person('rises', 'distribution-agent')
      visit = await app.as('rises')
      const { page } = visit
      await page.getByRole('link', { name: 'Scan a card' }).first().waitFor()
      assert.ok(!(await entries(page)).includes('Users'))
      const token = await app.gateway.as('system-administrator')
      const { headers } = await app.gateway.call('GET', '/api/v1/users/rises', { token })
      const { status } = await app.gateway.call('PUT', '/api/v1/users/rises/grants', {
        token,
        body: { grants: [{ role: 'auditor' }] },
        headers: { 'If-Match': headers.get('ETag')! },
      })
      assert.equal(status, 200)
      await navigation(page).getByRole('link', { name: 'Users' }).waitFor()
      assert.ok(!(await entries(page)).includes('Scan a card'))
    })
  })

  describe('is used by keys alone', () => {
    it('searches for things and for pages', async () => {
      visit = await app.as('admin')
      const { page } = visit
      await search(page).waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('XXN')
      await page.getByRole('group', { name: 'Areas' }).getByRole('option').first().waitFor()
      await page.keyboard.press('Enter')
      await heading(page, 'XXN')

      await page.keyboard.press('/')
      await page.getByRole('group', { name: 'Where you were' }).waitFor()
      await page.keyboard.type('use')
      await page.getByRole('group', { name: 'Pages' }).getByRole('option', { name: 'Users' }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await heading(page, 'Users')

      await page.keyboard.press('/')
      await page.keyboard.type('nobody is called so')
      await page.getByText('Nothing fits').waitFor()
      await page.keyboard.press('Escape')
      assert.equal(await search(page).getAttribute('aria-expanded'), 'false')
    })

    it('opens what a pasted reference is of', async () => {
      const { reference } = await begin('admin', 'audit.export')
      visit = await app.as('admin')
      const { page } = visit
      await search(page).fill(` ${reference.toLowerCase()} `)
      await page.getByRole('option', { name: reference }).waitFor()
      await page.keyboard.press('Enter')
      await heading(page, 'Exporting the audit trail')
    })

    it('goes where two letters say, and tells which; not while somebody types', async () => {
      visit = await app.as('admin')
      const { page } = visit
      await search(page).waitFor()
      await page.keyboard.press('g')
      await page.keyboard.press('j')
      await heading(page, 'Jobs')
      await page.keyboard.press('?')
      const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
      await keys.getByText('This list').waitFor()
      assert.deepEqual(await hardships(page), [])
      await page.keyboard.press('Escape')
      await keys.waitFor({ state: 'detached' })
      await search(page).click()
      await page.keyboard.type('gh?')
      assert.equal(await search(page).inputValue(), 'gh?')
    })
  })

  describe('tells what happens, as it happens', () => {
    it('how far a job is, and cancels it', async () => {
      visit = await app.as('clerk')
      const { page } = visit
      await page.getByRole('button', { name: 'Jobs: 0 running' }).waitFor()
      const job = await begin('clerk')
      await page.getByRole('button', { name: 'Jobs: 1 running' }).click()
      const tray = page.getByRole('dialog', { name: 'Jobs' })
      await tray.getByText('10 / 200').waitFor()
      await job.becomes(sql`done = 120`)
      await tray.getByText('120 / 200').waitFor()
      assert.deepEqual(await hardships(page), [])

      await tray.getByRole('button', { name: 'Cancel this job' }).click()
      const asked = page.getByRole('dialog', { name: 'Cancel this job?' })
      await asked.getByRole('button', { name: 'Cancel this job' }).click()
      await tray.getByText('Stopping').waitFor()
      assert.equal((await job.row())!.cancel_requested, true)
      await job.becomes(sql`state = 'cancelled', finished_at = now()`)
      await tray.getByText('Cancelled').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Jobs: 0 running' }).waitFor()
    })

    it('what came of a job on its page and in lists, what failed and why; elsewhere in a word', async () => {
      const job = await begin('clerk', 'imports.test')
      visit = await app.as('clerk', { at: `/jobs/${job.reference}` })
      const { page } = visit
      await page.getByText('10 / 200').waitFor()
      await job.becomes(
        sql`state = 'succeeded', finished_at = now(), done = 200, subject_type = 'import', subject_name = 'IM-00000-000010',
          result = '{"rows": 200, "errors": 3}'`,
      )
      await page.getByText('Done', { exact: true }).waitFor()
      const file = page.getByRole('link', { name: 'File of what failed' })
      assert.equal(await file.getAttribute('href'), '/api/v1/imports/IM-00000-000010/bad-rows')
      assert.notEqual(await file.getAttribute('download'), null)
      assert.match(
        await page.getByRole('region', { name: 'What came of it' }).innerText(),
        /Rows\s*200\s*Errors\s*3/,
      )

      const other = await begin('clerk', 'imports.undo')
      await page.goto('/console/areas')
      await page.getByRole('button', { name: 'Jobs: 1 running' }).waitFor()
      await other.becomes(sql`state = 'failed', finished_at = now(), error = '<b>The file is gone.</b>'`)
      await page.getByRole('status').getByText(`Failed: Undoing an import (${other.reference})`).waitFor()
      await page.goto('/console/jobs?state=failed')
      await page.getByRole('link', { name: 'Undoing an import' }).click()
      await page.getByText('<b>The file is gone.</b>').waitFor()
      assert.deepEqual(await hardships(page), [])
    })

    it('notifications, in words of which all are read at once or one by opening it', async () => {
      const { reference } = await begin('clerk', 'programs.prepare')
      visit = await app.as('clerk', { at: '/areas' })
      const { page } = visit
      await page.getByRole('button', { name: 'Notifications: 0 unread' }).waitFor()
      await notify('clerk', 'job-failed', { kind: 'programs.prepare', subject: '<i>2026</i>' }, reference)
      await notify('clerk', 'job-succeeded', {}, 'JB-TOMORROW')
      // A newer server has kinds that this page does not know.
      await page.route(/\/api\/v1\/notifications\?/, async route => {
        const response = await route.fetch()
        const text = (await response.text()).replace('"job-succeeded"', '"job-of-tomorrow"')
        await route.fulfill({ response, body: text })
      })
      await page.getByRole('button', { name: 'Notifications: 2 unread' }).click()
      const panel = page.getByRole('dialog', { name: 'Notifications' })
      await panel.getByText('There is news of JB-TOMORROW.').waitFor()
      assert.deepEqual(await hardships(page), [])
      await panel.getByRole('button', { name: 'Preparing a cycle failed: <i>2026</i>' }).click()
      await heading(page, 'Preparing a cycle')
      await page.getByRole('button', { name: 'Notifications: 1 unread' }).click()
      await panel.getByRole('button', { name: 'Mark all as read' }).click()
      await page.getByRole('button', { name: 'Notifications: 0 unread' }).waitFor()
      await panel.getByRole('link', { name: 'All of them' }).click()
      await heading(page, 'Notifications')
      const listed = page.getByRole('main').getByRole('listitem')
      await listed.first().waitFor()
      assert.equal(await listed.count(), 2)
      assert.deepEqual(await hardships(page), [])
    })
  })

  it('begins the day with what waits, the most urgent first, and prints no more than the page', async () => {
    const counts = { decidable: 3, overdue: 1, informed: 2 }
    let isBroken = true
    visit = await app.open()
    const { page } = visit
    await page.route('**/api/v1/approval-counts', route =>
      isBroken ? route.fulfill({ status: 500, json: {} }) : route.fulfill({ json: counts }),
    )
    await signInHere(visit, app.gateway.url, 'clerk')
    const waiting = page.getByRole('region', { name: 'What waits for you' })
    await waiting.getByText('This could not be loaded').waitFor()
    isBroken = false
    await waiting.getByRole('button', { name: 'Try again' }).click()
    await waiting.getByText('1 is overdue').waitFor()
    assert.deepEqual(
      (await waiting.getByRole('link').allInnerTexts()).map(text => text.split('\n')[0]),
      ['3 requests wait for your decision', '2 requests are for your information'],
    )
    assert.deepEqual(await hardships(page), [])
    await page.emulateMedia({ media: 'print' })
    assert.equal(await navigation(page).isVisible(), false)
    assert.equal(await page.getByRole('banner').isVisible(), false)
    assert.equal(await waiting.isVisible(), true)
  })

  describe('holds', () => {
    it('when the server is gone and comes back: it says so, and hears on', async () => {
      await app.person('walker', 'registrar')
      const door = await startDoor(app.gateway.url)
      const context = await app.browser.newContext({ baseURL: door.url })
      const page = await context.newPage()
      await signInHere({ page, context }, door.url, 'walker')
      await page.getByRole('button', { name: /^Jobs: 0/ }).waitFor()
      await door.shut()
      await page.getByText('No connection.').waitFor()
      const job = await begin('walker')
      await door.open()
      await page.getByRole('button', { name: 'Try now' }).click()
      await page.getByText('No connection.').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Jobs: 1 running' }).waitFor()
      await job.becomes(sql`state = 'succeeded', finished_at = now()`)
      await page.getByRole('button', { name: 'Jobs: 0 running' }).waitFor()
      await context.close()
      await door.shut()
    })

    it('when there is another version by now, and a page of the old one is asked for', async () => {
      visit = await app.as('clerk')
      const { page } = visit
      await search(page).waitFor()
      await page.route(/assets\/list-.*\.js$/, route => route.fulfill({ status: 404 }))
      await navigation(page).getByRole('link', { name: 'Areas' }).click()
      await page.getByText('A new version is there').waitFor()
      await page.unroute(/assets\/list-.*\.js$/)
      await page.getByRole('button', { name: 'Load again' }).click()
      await heading(page, 'Areas')
    })

    it('on a phone, at 200 %, in Arabic, and for whoever does not see it', async () => {
      const views = [
        ['en', '/', WIDE],
        ['en', '/', ZOOMED],
        ['ar', '/', WIDE],
        ['ar', '/jobs', WIDE],
        ['ar', '/notifications', WIDE],
      ] as const
      for (const [language, at, size] of views) {
        const there = await app.as('clerk', { at, language, size })
        await there.page.getByRole('heading', { level: 1 }).waitFor()
        await there.page.locator('input[role=combobox]').waitFor()
        await there.page.locator('.an-skeleton').first().waitFor({ state: 'detached' })
        const found = await (size === ZOOMED ? hardToUse(there.page) : hardships(there.page))
        assert.deepEqual(found, [], `${at} in ${language}`)
        await there.close()
      }
    })

    it('its menu over the page of a phone, from which one chooses', async () => {
      visit = await app.as('admin', { size: PHONE, language: 'ar' })
      const { page } = visit
      await page.getByRole('button', { name: 'فتح القائمة' }).click()
      const menu = page.getByRole('dialog', { name: 'القائمة' })
      await menu.waitFor()
      assert.deepEqual(await hardships(page), [])
      await menu.getByRole('link', { name: 'المناطق' }).click()
      await heading(page, 'المناطق')
      await menu.waitFor({ state: 'detached' })
    })
  })
})
