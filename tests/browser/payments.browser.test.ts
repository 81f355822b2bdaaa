import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { hardships, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { manager } from '#tests/support/cycles.ts'
import { bankReport, DEBTOR } from '#tests/support/payments.ts'
import { populate } from '#tests/support/population.ts'

const HOUSEHOLDS = 12
/** One of them has no account. */
const PAID = HOUSEHOLDS - 1
const SCRIPT = '<img src=x onerror="alert(1)">'
const root = systemCtx('fixture', 'fixture')

describe('payments in the console', function () {
  this.timeout(120_000)
  this.slow(20_000)

  let app: TestConsole
  let visit: Visit
  let officer: string
  let approver: string
  let cycles = 0

  before(async () => {
    app = await startConsole()
    const { gateway } = app
    await populate(gateway.db, { households: HOUSEHOLDS })
    await gateway.db.run(sql`
      UPDATE registry.payment_accounts SET preferred = false WHERE registrant_id = (
        SELECT member_id FROM registry.memberships WHERE roles @> '{head}' ORDER BY group_id LIMIT 1)`)
    officer = await gateway.as('finance-officer')
    approver = await gateway.as('payment-approver')
    await app.person('fina', 'finance-officer')
    await app.person('appo', 'payment-approver')
    await app.person('audi', 'auditor')
    const { programs, ledger } = gateway.services
    await ledger.openFund(root, { code: 'FUND', name: 'Drought fund', currency: 'KES' })
    await ledger.allocate(root, 'FUND', { amount: '100000' })
    const component = { code: 'CASH', kind: 'cash', amount: '25.50' } as const
    const terms = { code: 'HSNP', name: SCRIPT, target: 'group', currency: 'KES', fund: 'FUND' } as const
    await programs.createProgram(root, { ...terms, rules: ['true'], components: [component] })
    await programs.changeState(root, 'HSNP', 'active')
    await programs.enrol(root, 'HSNP')
    await lastJob()
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const lastJob = async () => {
    const { items } = await app.gateway.services.jobs.list(root, { limit: 1 })
    await app.gateway.job(items[0]!.reference)
  }
  const post = async (path: string, token = officer, body?: object) => {
    const answer = await app.gateway.call('POST', `/api/v1${path}`, { token, ...(body ? { body } : {}) })
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  /** A batch of a cycle of its own, with all its payments in. */
  const preparedBatch = async (): Promise<string> => {
    const { programs } = app.gateway.services
    const code = `C${++cycles}`
    const days = { validFrom: '2026-07-01', validUntil: '2036-07-31' }
    const { reference } = await programs.openCycle(root, 'HSNP', { code, name: `Cycle ${code}`, ...days })
    await programs.prepareCycle(root, reference)
    await lastJob()
    await programs.submitCycle(manager, reference)
    await post(`/cycles/${reference}/approve`, await app.gateway.as('cycle-approver'))
    const made = await post(`/cycles/${reference}/payment-batches`, officer, { debtor: DEBTOR })
    await app.gateway.job(made.job)
    return made.reference
  }
  const approvedBatch = async (): Promise<string> => {
    const batch = await preparedBatch()
    await post(`/payment-batches/${batch}/submit`)
    await post(`/payment-batches/${batch}/approve`, approver)
    return batch
  }
  const timesSent = async (batch: string): Promise<number> => {
    const { n } = (await app.gateway.db.one<{ n: number }>(sql`
      SELECT count(*)::int AS n FROM audit.entries e JOIN payments.batches b ON b.id = e.subject_id
      WHERE b.message_id = ${batch} AND e.action = 'payment-batch.send'`))!
    return n
  }

  const heading = (name: string | RegExp) => visit.page.getByRole('heading', { level: 1, name }).waitFor()
  const press = (name: string | RegExp, page: Page = visit.page) =>
    page.getByRole('button', { name, exact: true }).click()
  const follow = (name: string | RegExp) =>
    visit.page.getByRole('link', { name, exact: true }).first().click()
  const text = (what: string | RegExp, page: Page = visit.page) =>
    page
      .getByText(what, typeof what === 'string' ? { exact: true } : {})
      .first()
      .waitFor()
  const saved = async (link: string): Promise<string> => {
    const download = visit.page.waitForEvent('download')
    await follow(link)
    return readFile((await (await download).path())!, 'utf8')
  }
  const upload = async (name: string, content: string) => {
    const file = { name, mimeType: 'application/xml', buffer: Buffer.from(content) }
    await visit.page.locator('input[type=file]').setInputFiles(file)
    await press('Upload a report')
  }
  /** Sends the batch that a page shows: the number of payments is typed. */
  const send = async (page: Page = visit.page) => {
    await press('Send the batch', page)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Drought fund').waitFor()
    const button = dialog.getByRole('button', { name: 'Send the batch' })
    assert.ok(await button.isDisabled(), 'nothing is sent before it was typed')
    await dialog.getByRole('textbox').fill(String(PAID))
    await button.click()
  }

  it('lead from a batch to its file, to what the bank reports, and to trying again what failed', async () => {
    const batch = await preparedBatch()
    visit = await app.as('fina', { at: '/payment-batches?state=draft' })
    const { page } = visit
    await page.getByRole('link', { name: batch }).click()
    await heading(new RegExp(batch))
    await page.getByText('KES 280.50').or(page.getByText('280.50')).first().waitFor()
    await page.getByText(/••••/).first().waitFor()
    assert.deepEqual(await hardships(page), [])

    await page.getByLabel('Reference of a payment or beneficiary').fill('Amina')
    await text('Nothing fits the filters')
    await page.getByRole('button', { name: 'Clear all' }).first().click()
    await page.getByText(/••••/).first().waitFor()

    await page.getByRole('tab', { name: /Left out/ }).click()
    await text('The payee has no preferred account.')
    await text('Add an account of the beneficiary.')
    assert.deepEqual(await hardships(page), [])

    await press('Submit for approval')
    await page.getByLabel('A word to those who approve').fill('As every month')
    assert.deepEqual(await hardships(page), [])
    await page.getByRole('dialog').getByRole('button', { name: 'Submit for approval' }).click()
    await text('It waits for those who approve payments.')
    assert.equal(await page.getByRole('button', { name: 'Send the batch' }).count(), 0)
    await press('Take it back')
    await page.getByRole('dialog').getByLabel('Why').fill('Somebody is missing')
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await press('Submit for approval')
    await page.getByRole('dialog').getByRole('button', { name: 'Submit for approval' }).click()
    await text('It waits for those who approve payments.')
    const judge = await app.as('appo', { at: `/payment-batches/${batch}` })
    await judge.page.getByRole('link', { name: 'Decide on it' }).waitFor()
    await judge.close()
    await post(`/payment-batches/${batch}/approve`, approver)
    await page.reload()
    await send()
    await text('Hand the file to the bank. Upload its report when it comes.')
    const file = await saved('File for the bank')
    const ids = [...file.matchAll(/<EndToEndId>([^<]+)</g)].map(m => m[1]!)
    assert.equal(ids.length, PAID)

    await follow('Upload a report')
    const failed = ['AC04', 'AB05', 'MS03']
    const lines = ids.map((endToEndId, i) =>
      failed[i] ? { endToEndId, status: 'RJCT', reason: failed[i] } : { endToEndId, status: 'ACSC' },
    )
    const stranger = { endToEndId: 'X', status: 'ACSC', amount: '1.00' }
    const report = bankReport(batch, { lines: [...lines, stranger] })
    await upload('report.xml', report)
    await text('Reached the beneficiary')
    await page.getByRole('link', { name: 'No such payment' }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await follow('See what failed')
    for (const cause of ['Closed account', 'The bank could not be reached', 'Has to be looked into'])
      await text(cause)
    assert.deepEqual(await hardships(page), [])
    const list = await saved('List as CSV')
    assert.equal(list.trim().split('\r\n').length, 1 + failed.length + 1)
    await follow('The account is closed.')
    await page.waitForURL(/p-reason=AC04/)
    await page.getByRole('cell', { name: /The account is closed/ }).waitFor()

    await page.goto(`/console/payment-batches/${batch}/retry`)
    await text('The payment failed because of the account, and the account is still the same.')
    await page.getByRole('button', { name: 'Make a batch of 1 payment', exact: true }).waitFor()
    await page.getByLabel('The bank gave no reason.').check()
    await page.getByRole('button', { name: 'Make a batch of 2 payments', exact: true }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await press('Make a batch of 2 payments')
    await text(/The new batch was made. It is approved and sent as the first one was./)
    await page.getByText('51.00').first().waitFor()
    assert.equal(await page.getByText(batch).count(), 0)
    await page.getByRole('tab', { name: 'About it' }).click()
    await page.getByRole('link', { name: batch }).waitFor()

    await page.goto('/console/payment-reports/new')
    await upload('again.xml', report)
    await text(/This very report came before. Nothing was applied again./)
  })

  it('leave to a person what only a person can judge', async () => {
    visit = await app.as('appo', { at: '/payment-review-items' })
    const { page } = visit
    await follow('No such payment')
    await heading(/No such payment/)
    await text('There is no such payment in the file that was sent.')
    assert.deepEqual(await hardships(page), [])
    await press('Resolve it')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('What was found out').fill(SCRIPT)
    await press('Resolve it')
    await text('Resolved')
    await text(SCRIPT)
    await page.goto('/console/payment-review-items')
    await text('Nothing to review')
    await page.getByRole('tab', { name: 'Resolved' }).click()
    await page.getByRole('link', { name: 'No such payment' }).waitFor()
  })

  it('are sent once by two pages, and the second is told', async () => {
    const batch = await approvedBatch()
    visit = await app.as('fina', { at: `/payment-batches/${batch}` })
    const other = await visit.context.newPage()
    await other.goto(`/console/payment-batches/${batch}`)
    await press('Send the batch', other)
    await send()
    await text('Hand the file to the bank. Upload its report when it comes.')
    const dialog = other.getByRole('dialog')
    await dialog.getByRole('textbox').fill(String(PAID))
    await dialog.getByRole('button', { name: 'Send the batch' }).click()
    await text(/Somebody was faster/, other)
    assert.equal(await timesSent(batch), 1)
    await other.close()
  })

  it('are sent once when the answer to sending was lost and the button is pressed again', async () => {
    const batch = await approvedBatch()
    visit = await app.as('fina', { at: `/payment-batches/${batch}` })
    const { page, misdeeds } = visit
    await press('Send the batch')
    await page.keyboard.press('Escape')
    const keys: (string | undefined)[] = []
    await page.route(`**/payment-batches/${batch}**`, async route => {
      if (route.request().method() !== 'POST') return route.abort()
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length > 1) return route.continue()
      await route.fetch()
      return route.abort()
    })
    await send()
    await text(/Nobody answered, so it is not known whether it arrived/)
    await send()
    await text(/The batch is being sent./)
    await page.unroute(`**/payment-batches/${batch}**`)
    await text('Hand the file to the bank. Upload its report when it comes.')
    assert.equal(new Set(keys).size, 1)
    assert.equal(await timesSent(batch), 1)
    misdeeds.length = 0
  })

  it('take no report that is none, and say what is wrong with it', async () => {
    visit = await app.as('fina', { at: '/payment-reports/new' })
    const { page } = visit
    await press('Upload a report')
    await page.getByRole('alert').waitFor()
    await upload('letter.xml', 'Dear Sir or Madam')
    await text('This is not an XML file, or a damaged one.')
    assert.deepEqual(await hardships(page), [])
    await page.goto('/console/payment-reports/new')
    const secret = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    await upload('hostile.xml', bankReport('PB-1', {}).replace('<Document', `${secret}<Document`))
    await text(/document type definition, which is not allowed/)
    await page.goto('/console/payment-reports/new')
    await upload('stranger.xml', bankReport('PB-00000-000000', { file: { status: 'ACSC' } }))
    await text('The report is about a file that was not sent from here.')
    await page.goto('/console/payment-reports')
    await page.getByText('Refused').first().waitFor()
    assert.deepEqual(await hardships(page), [])
  })

  it('are only looked at by whoever may not make or approve them, also in Arabic', async () => {
    const batch = await approvedBatch()
    visit = await app.as('audi', { at: '/payment-batches', language: 'ar' })
    const { page } = visit
    await heading('دفعات المدفوعات')
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
    assert.deepEqual(await hardships(page), [])
    await page.getByRole('link', { name: batch }).click()
    await text('ووفق عليها، وتنتظر أن يرسلها المسؤول عن المدفوعات.')
    for (const name of ['إرسال الدفعة', 'إلغاء الدفعة'])
      assert.equal(await page.getByRole('button', { name }).count(), 0)
    assert.deepEqual(await hardships(page), [])
    await page.goto(`/console/payment-batches/${batch}/retry`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(await page.getByRole('button', { name: /إعداد دفعة/ }).count(), 0)
    for (const [at, title] of [
      ['payment-review-items', 'مدفوعات قيد المراجعة'],
      ['payment-reports', 'تقارير الدفع'],
      ['funds/FUND', 'Drought fund'],
    ] as const) {
      await page.goto(`/console/${at}`)
      await heading(title)
      assert.deepEqual(await hardships(page), [], at)
    }
  })

  it('come from funds: opened, filled after a look at what that makes of them, and called otherwise', async () => {
    visit = await app.as('fina', { at: '/funds' })
    const { page } = visit
    await page.getByRole('link', { name: 'Drought fund' }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await follow('Open a fund')
    await page.getByLabel('Name', { exact: true }).fill(SCRIPT)
    await page.getByLabel('Code', { exact: true }).fill('FLOOD')
    await page.getByLabel('Currency', { exact: true }).fill('kes')
    await press('Open a fund')
    await heading(SCRIPT)
    await follow('Put money in')
    await page.getByLabel('Amount', { exact: true }).fill('1,000.10')
    await press('Show what the fund would be')
    await page.getByRole('dialog').getByText('Available then').waitFor()
    assert.deepEqual(await hardships(page), [])
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Put .*1,000.10 in$/ })
      .click()
    await heading(SCRIPT)
    await page.getByRole('cell', { name: 'Put in' }).waitFor()
    assert.deepEqual(await hardships(page), [])
    await follow('Rename')
    await page.getByLabel('Name', { exact: true }).fill('Flood fund')
    await press('Save')
    await heading('Flood fund')
  })
})
