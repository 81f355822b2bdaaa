import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { checkProof, type Proof, STEPS } from '#gateway/web/console/screens/audit/check-proof.ts'
import type { Entry } from '#gateway/web/console/screens/deeds/sentence.tsx'
import { hardships, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { populate } from '#tests/support/population.ts'

const SCRIPT = '<img src=x onerror="alert(1)">'
const NARROW = { width: 320, height: 700 }

describe('the audit trail in the console', function () {
  this.timeout(90_000)
  this.slow(15_000)

  let app: TestConsole
  let visit: Visit
  /** That `sam` changed the name of the user `kofi`. */
  let entry: Entry
  let beforeIt: string
  let token: string
  /** Of a household whose record somebody opened. */
  let household: string
  const call = async (path: string, as = token) => {
    const answer = await app.gateway.call('GET', path, { token: as })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }

  before(async () => {
    app = await startConsole()
    const { gateway } = app
    await populate(gateway.db, { households: 3 })
    await app.person('ada', 'auditor')
    await app.person('sam', 'system-administrator')
    await app.person('reg', 'registrar')
    await app.person('kofi', 'registrar', { name: 'Kofi Mensah' })
    token = await gateway.as('auditor')
    beforeIt = new Date().toISOString()
    const secret = { username: 'sam', password: 'a long enough secret' }
    const { body: signedIn } = await gateway.call('POST', '/api/v1/sessions', { body: secret })
    const { headers } = await gateway.call('GET', '/api/v1/users/kofi', { token: signedIn.token })
    const change = await gateway.call('PATCH', '/api/v1/users/kofi', {
      token: signedIn.token,
      body: { name: SCRIPT },
      headers: { 'If-Match': headers.get('ETag') ?? '' },
    })
    assert.equal(change.status, 200, JSON.stringify(change.body))
    entry = (await call('/api/v1/audit-entries?action=user.update&limit=1')).items[0]
    const registrar = await gateway.as('registrar')
    household = (await call('/api/v1/registrants?limit=1', registrar)).items[0].reference
    await call(`/api/v1/registrants/${household}`, registrar)
    await gateway.services.audit.seal()
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const heading = (name: string | RegExp) => visit.page.getByRole('heading', { level: 1, name }).waitFor()
  const press = (name: string) => visit.page.getByRole('button', { name, exact: true }).click()
  const text = (what: string) => visit.page.getByText(what, { exact: true }).first().waitFor()

  it('tells who changed a user, and what: found by whom, what and to whom', async () => {
    visit = await app.as('ada', { at: '/audit' })
    const { page } = visit
    await heading('Audit trail')
    await page.getByLabel('About', { exact: true }).selectOption({ label: 'Users' })
    await page.getByLabel('What was done', { exact: true }).selectOption({ label: 'changed a user' })
    await page.getByLabel(/^Record/).fill('user:kofi')
    await page.waitForURL(/subject=user%3Akofi/)
    await page.getByRole('row', { name: /sam changed a user – kofi/ }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await press('Details')
    await page.locator('del', { hasText: 'Kofi Mensah' }).waitFor()
    assert.equal(await page.locator('ins', { hasText: SCRIPT }).count(), 1)
    assert.deepEqual(await hardships(page), [])
    await page.reload()
    await page
      .getByRole('row', { name: /sam changed a user/ })
      .getByRole('link')
      .first()
      .click()
    await heading('sam changed a user – kofi')
    await page.locator('del', { hasText: 'Kofi Mensah' }).waitFor()
    assert.deepEqual(await hardships(page), [])
  })

  it('says so when nothing fits, when the period is still to come, and when there is no such thing', async () => {
    visit = await app.as('ada', { at: '/audit?actor=nobody-at-all' })
    const { page } = visit
    await text('No entries')
    await press('Remove filter Who: nobody-at-all')
    await page.getByRole('row').nth(3).waitFor()
    await page.goto('/console/audit?from=2199-01-01')
    await text('This period lies in the future')
    await page.goto('/console/audit?from=2026-01-02&to=2026-01-01')
    await text('This period ends before it begins')
    await page.goto('/console/audit?subject=user:nobody')
    await page.getByText('There is nothing called user:nobody').waitFor()
    assert.deepEqual(await hardships(page), [])
  })

  it('proves in the page that an entry is sealed, and compares it with a head that was kept', async () => {
    visit = await app.as('ada', { at: `/audit/${entry.id}` })
    const { page } = visit
    await press('Check the proof')
    await text('The entry is sealed as it is shown')
    assert.equal(await page.getByText('Holds', { exact: true }).count(), STEPS.length)
    assert.deepEqual(await hardships(page), [])
    const { items } = await call('/api/v1/audit-heads')
    const lines = items.map((head: object) => `${JSON.stringify(head)}\n`).join('')
    const keep = (content: string) =>
      page.getByLabel('File of heads (heads.jsonl)').setInputFiles({
        name: 'heads.jsonl',
        mimeType: 'application/jsonl',
        buffer: Buffer.from(content),
      })
    await page.getByText('Compare with a head that was kept elsewhere').click()
    await keep(lines)
    await press('Compare')
    await page.getByText(/The head of block \d+ that was kept is the same/).waitFor()
    await keep(lines.replaceAll(/"hash":"../g, '"hash":"zz'))
    await press('Compare')
    await page.getByText(/The head of block \d+ that was kept is another one/).waitFor()
    const saving = page.waitForEvent('download')
    await press('Save the proof')
    const saved = JSON.parse(await readFile(await (await saving).path(), 'utf8')) as Proof
    assert.equal(saved.entry, entry.id)
  })

  it('reports a proof that was tampered with on its way, and an entry that is shown other than it was sealed', async () => {
    visit = await app.as('ada', { at: '/audit' })
    const { page } = visit
    const lie = (path: string, change: (body: string) => string) =>
      page.route(path, async route => {
        const answer = await route.fetch()
        await route.fulfill({ response: answer, body: change(await answer.text()) })
      })
    await lie('**/proof', body => body.replace('Kofi Mensah', 'Kofi Mensa'))
    await page.goto(`/console/audit/${entry.id}`)
    await press('Check the proof')
    await text('The proof does not match')
    assert.equal(await page.getByText('Does not match', { exact: true }).count(), 1)
    assert.deepEqual(await hardships(page), [])
    await page.unroute('**/proof')
    await lie(`**/api/v1/audit-entries/${entry.id}?*`, body => body.replace('"name":"sam"', '"name":"eve"'))
    await page.goto(`/console/audit/${entry.id}`)
    await heading('eve changed a user – kofi')
    await press('Check the proof')
    await text('The proof does not match')
  })

  it('says that an entry is not sealed yet, and when to ask again', async () => {
    visit = await app.as('ada', { at: '/audit' })
    const { page } = visit
    const problem = { status: 409, title: 'Conflict', detail: 'Not sealed.', rule: 'not-sealed' }
    await page.route('**/proof', route =>
      route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    )
    await page.goto(`/console/audit/${entry.id}`)
    await press('Check the proof')
    await text('Not sealed yet')
  })

  it('has proofs that hold for every entry of a block, and for none when a bit differs', async () => {
    const { keys } = await call('/api/v1/audit-keys')
    const { items } = (await call('/api/v1/audit-entries?limit=25')) as { items: Entry[] }
    let proved = 0
    for (const one of items) {
      const { status, body } = await app.gateway.call('GET', `/api/v1/audit-entries/${one.id}/proof`, {
        token,
      })
      if (status === 409) continue
      const proof = body as Proof
      const findings = await checkProof(proof, one, keys)
      assert.deepEqual(
        Object.values(findings),
        STEPS.map(() => 'holds'),
        JSON.stringify(findings),
      )
      const turned = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1)
      const wrong = await checkProof({ ...proof, leaf: turned(proof.leaf) }, one, keys)
      assert.deepEqual([wrong.text, wrong.path], ['fails', 'fails'])
      const head = { ...proof.head, entries: proof.head.entries + 1 }
      assert.equal((await checkProof({ ...proof, head }, one, keys)).head, 'fails')
      const signature = turned(proof.head.signature)
      const forged = await checkProof({ ...proof, head: { ...proof.head, signature } }, one, keys)
      assert.equal(forged.signature, 'fails')
      proved++
    }
    assert.ok(proved > 5, `only ${proved} were sealed`)
  })

  it('is exported as a file, with what it is narrowed by', async () => {
    visit = await app.as('ada', { at: '/audit?action=user.' })
    const { page } = visit
    await page.getByRole('link', { name: 'Export', exact: true }).click()
    await heading('Export')
    await page.getByRole('button', { name: 'Remove filter About: Users' }).waitFor()
    await page.getByLabel('Lines of JSON, with what proves them').check()
    assert.deepEqual(await hardships(page), [])
    await press('Write the file')
    const link = page.getByRole('link', { name: 'Save the file' })
    await link.waitFor()
    assert.deepEqual(await hardships(page), [])
    const saving = page.waitForEvent('download')
    await link.click()
    const lines = (await readFile(await (await saving).path(), 'utf8')).trim().split('\n')
    const actions = lines.map(line => (JSON.parse(line) as Entry).action)
    assert.ok(actions.includes('user.update') && actions.every(action => action.startsWith('user.')))
  })

  it('has its heads and keys to be kept elsewhere', async () => {
    visit = await app.as('ada', { at: '/audit/heads' })
    const { page } = visit
    await heading('Heads and keys')
    await page.getByRole('row').nth(1).waitFor()
    assert.deepEqual(await hardships(page), [])
    const saving = page.waitForEvent('download')
    await press('Save the newest heads')
    const [line] = (await readFile(await (await saving).path(), 'utf8')).split('\n')
    assert.equal(JSON.parse(line!).height, '1')
  })

  it('shows a user as they were, what has changed since, and who changed it', async () => {
    visit = await app.as('ada', { at: `/history/${encodeURIComponent('user:kofi')}` })
    const { page } = visit
    await heading('History of kofi')
    await page.locator('.an-summary').getByText(SCRIPT).waitFor()
    await page.getByRole('list', { name: 'Who changed what' }).getByText('changed a user').waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.goto(`/console/history/user:kofi?at=${beforeIt}`)
    await page.locator('.an-summary').getByText('Kofi Mensah').waitFor()
    await page.getByRole('heading', { name: 'What has changed since' }).waitFor()
    assert.deepEqual(await hardships(page), [])
    const yesterday = new Date(Date.now() - 86_400_000)
    await page.getByLabel('Day', { exact: true }).fill(String(yesterday.getDate()))
    await page.getByLabel('Month', { exact: true }).selectOption(String(yesterday.getMonth() + 1))
    await page.getByLabel('Year', { exact: true }).fill(String(yesterday.getFullYear()))
    await page.getByLabel(/^Time/).fill('12:00')
    await press('Show as it was')
    await page.getByText(/It did not exist yet on/).waitFor()
    await page.goto('/console/history/user:kofi?at=2199-01-01T00:00:00Z')
    await text('This moment lies in the future')
  })

  it('tells who has seen a person’s data', async () => {
    visit = await app.as('ada', { at: `/registrants/${household}/access` })
    const { page } = visit
    await heading('Who has seen this person’s data')
    await page.getByRole('cell', { name: 'opened the record' }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.setViewportSize(NARROW)
    assert.deepEqual(await hardships(page), [])
    await page.goto(`/console/registrants/${household}/access?from=2199-01-01`)
    await page.getByText('This period lies in the future: nobody has looked yet.').waitFor()
  })

  it('fits a small phone, and reads from right to left', async () => {
    visit = await app.as('ada', { at: '/audit?action=user.update', language: 'ar', size: NARROW })
    const { page } = visit
    await heading('سجل التدقيق')
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
    await page.locator('tbody').getByText('عدّل مستخدمًا').waitFor()
    await press('التفاصيل')
    assert.deepEqual(await hardships(page), [])
    for (const [at, title] of [
      [`/audit/${entry.id}`, /sam/],
      ['/audit/export', 'تصدير'],
      ['/audit/heads', 'رؤوس الكتل والمفاتيح'],
      ['/history/user:kofi', /سجل تغييرات/],
      [`/registrants/${household}/access`, 'من اطّلع على بيانات هذا الشخص'],
    ] as const) {
      await page.goto(`/console${at}`)
      await heading(title)
      if (at.includes(entry.id)) {
        await press('التحقق من الإثبات')
        await text('القيد مختوم كما هو معروض')
      }
      assert.deepEqual(await hardships(page), [], at)
    }
  })

  it('is not for whoever may not read it', async () => {
    visit = await app.as('reg', { at: '/audit' })
    await visit.page.getByText('You have no access to this').waitFor()
    assert.equal(await visit.page.getByRole('link', { name: 'Audit trail' }).count(), 0)
  })
})
