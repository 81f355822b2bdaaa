import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { hardships, PASSWORD, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'
import { makeAreas } from '#tests/support/places.ts'

const HEADER = 'Ménage,Lien,Nom complet,Sexe,Date de naissance,Téléphone,Zone,CNI,Remarques'
const SCRIPT = '<img src=x onerror=alert(1)> Awa'
const SOUND = [
  `H1,chef,${SCRIPT},F,1984-03-21,77 123 45 67,XXN,ID-1,"a, b"`,
  'H1,fils,أحمد محمد,M,2015-05-06,,XXN,,',
  'H2,chef,አበበ በቀለ,M,1970-01-02,,XXS,ID-2,',
]
const FAULTY = ['H3,chef,,F,1990-01-01,,XXN,ID-3,', 'H4,chef,Moussa Fall,M,2051-01-01,,XXN,ID-4,']
const CORRECTED = ['H3,chef,Fatou Sow,F,1990-01-01,,XXN,ID-3,', 'H4,chef,Moussa Fall,M,1951-01-01,,XXN,ID-4,']

const csv = (rows: readonly string[], name = 'ménages.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from([HEADER, ...rows, ''].join('\n')),
})

const choose = (page: Page, file: ReturnType<typeof csv>) => page.setInputFiles('input[type=file]', file)
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const heading = (page: Page, name: string, level = 2) =>
  page.getByRole('heading', { name, level, exact: true }).waitFor()

describe('importing people in the console', function () {
  this.timeout(120_000)
  this.slow(30_000)

  let app: TestConsole
  let visit: Visit
  let page: Page
  before(async () => {
    app = await startConsole()
    await makeAreas(app.gateway.db, [['XX'], ['XXN', 'XX'], ['XXS', 'XX']])
    await app.person('rita', 'registrar')
    await app.person('rami', 'registrar')
    await app.person('nora', 'registrar', { areas: ['XXN'] })
    await app.person('max', 'registry-manager')
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  const open = async (...args: Parameters<TestConsole['as']>): Promise<void> => {
    visit = await app.as(...args)
    page = visit.page
  }
  /** From a file to the page of its import, tested. */
  const tested = async (file: ReturnType<typeof csv>): Promise<void> => {
    await choose(page, file)
    await press(page, 'Upload')
    await press(page, 'Test the file')
    await heading(page, 'What the test found')
  }

  it('goes from a file with faults through its correction to the registry, and back', async () => {
    await open('rita', { at: '/imports' })
    await page.getByText('No file has been imported yet').waitFor()
    await page.getByRole('link', { name: 'Import a file' }).first().click()

    await choose(page, csv([...SOUND, ...FAULTY]))
    await press(page, 'Upload')
    await heading(page, 'What each column is')
    const column = (name: string) => page.getByLabel(`Column ${name}`, { exact: true })
    assert.equal(await column('Nom complet').inputValue(), 'name')
    assert.equal(await column('Remarques').inputValue(), '')
    await page.getByText(SCRIPT, { exact: true }).waitFor()
    await column('Nom complet').selectOption('')
    await press(page, 'Test the file')
    await page.getByRole('alert').getByText('No column is chosen for: Full name.').waitFor()
    assert.deepEqual(await hardships(page), [])
    await column('Nom complet').selectOption('name')
    await page.getByLabel('Country of phone numbers').selectOption('SN')
    await page.reload()
    assert.equal(await page.getByLabel('Country of phone numbers').inputValue(), 'SN', 'is kept')

    await press(page, 'Test the file')
    await page.waitForURL(/\/imports\/IM-/)
    await page.reload()
    await page.getByText('Some rows cannot be imported as they are.').waitFor()
    await page.getByText('A person needs a name.').waitFor()
    await page.getByText('2051-01-01 has not come yet.').waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.getByRole('button', { name: 'Only these: The name is missing' }).click()
    await page.getByText('2051-01-01 has not come yet.').waitFor({ state: 'detached' })
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download the rows left out' }).click()
    assert.match((await downloading).suggestedFilename(), /-to-correct\.csv$/)

    await page.getByRole('link', { name: 'Test a corrected file' }).click()
    await choose(page, csv([...SOUND, ...CORRECTED], 'ménages-2.csv'))
    await press(page, 'Upload')
    assert.equal(
      await page.getByLabel('Country of phone numbers').inputValue(),
      'SN',
      'as it was tested before',
    )
    await press(page, 'Test the file')
    await heading(page, 'ménages-2.csv', 1)
    await page.getByText('Every row can be imported.').waitFor()
    await page.reload()
    await press(page, 'Import')
    const question = page.getByRole('dialog', { name: 'Import this file?' })
    await question.getByText('People to be added').waitFor()
    await question.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('The file is in the registry.').waitFor()
    assert.deepEqual(await hardships(page), [])

    await page.getByRole('link', { name: 'See who was added' }).click()
    await page.getByRole('row').filter({ hasText: 'አበበ በቀለ' }).first().waitFor()
    await page
      .getByRole('row')
      .filter({ hasText: SCRIPT })
      .filter({ hasText: 'Household' })
      .getByRole('link')
      .first()
      .click()
    await heading(page, 'Members (2)')
    await page.getByRole('link', { name: 'أحمد محمد' }).click()
    await heading(page, 'أحمد محمد', 1)
    await page.getByText('Child').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: SCRIPT }).click()
    await heading(page, 'Members (2)')
  })

  it('is undone, when that is typed, and says what that means', async () => {
    await open('max', { at: '/imports' })
    await page.getByRole('link', { name: 'ménages-2.csv' }).click()
    await press(page, 'Undo the import')
    const question = page.getByRole('dialog', { name: 'Undo this import?' })
    await question.getByText('People who will be disabled, with their households').waitFor()
    const yes = question.getByRole('button', { name: 'Undo the import' })
    assert.equal(await yes.isDisabled(), true)
    await question.getByRole('textbox').fill(new URL(page.url()).pathname.split('/').at(-1)!)
    await yes.click()
    await page.getByText('The import was undone.').waitFor()
    await page.reload()
    await page.getByText('The import was undone.').waitFor()
    await page.getByRole('link', { name: 'See who was added' }).click()
    await page.getByText('Disabled').first().waitFor()
  })

  it('remembers the columns of the last file that looked so', async () => {
    await open('rita', { at: '/imports/new' })
    await choose(page, csv([...SOUND, ''], 'again.csv'))
    await press(page, 'Upload')
    await page.getByText('The columns are matched as in your last import of such a file').waitFor()
    assert.equal(await page.getByLabel('Country of phone numbers').inputValue(), 'SN')
  })

  it('asks what only people know, and goes on with the answer', async () => {
    await open('rami', { at: '/imports/new' })
    const file = csv(['H9,chef,Binta Ba,F,03/04/1990,,XXN,ID-9,'])
    await choose(page, file)
    await press(page, 'Upload')
    await press(page, 'Test the file')
    await heading(page, 'Which comes first, the day or the month?')
    assert.deepEqual(await hardships(page), [])
    await press(page, 'Day first: 3 April')
    await page.getByText('Every row can be imported.').waitFor()
  })

  it('imports the sound rows alone when that is wanted', async () => {
    await open('rami', { at: '/imports/new' })
    await tested(csv(['H5,chef,Ndeye Sy,F,1980-01-01,,XXN,ID-5,', FAULTY[0]!]))
    await press(page, 'Import the other rows')
    const question = page.getByRole('dialog')
    await question.getByText('Rows with errors').waitFor()
    await question.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('The file is in the registry.').waitFor()
    await page.getByRole('link', { name: 'Download the rows left out' }).waitFor()
  })

  it('waits for approval where a policy asks for it', async () => {
    const { approvals } = app.gateway.services
    await approvals.createPolicy(systemCtx('test', 'test'), {
      code: 'FILE',
      name: 'Files to approve',
      subjectType: 'import',
      condition: 'file == "approve.csv"',
      rank: 1,
      tiers: [{ kind: 'decide', approvers: [{ role: 'registry-manager' }] }],
    })
    await approvals.activatePolicy(systemCtx('test', 'test'), 'FILE')
    await open('rami', { at: '/imports/new' })
    await tested(csv(['H7,chef,Aïssa Bâ,F,1980-01-01,,XXN,ID-7,'], 'approve.csv'))
    await page.getByText('This import needs approval before it is written.').waitFor()
    await press(page, 'Submit for approval')
    await page.getByRole('dialog').getByRole('button', { name: 'Submit for approval' }).click()
    await page.getByText('This import waits for approval.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Import', exact: true }).count(), 0)
    const link = page.locator('.an-banner').getByText(/^AP-/)
    const session = await app.gateway.call('POST', '/api/v1/sessions', {
      body: { username: 'max', password: PASSWORD },
    })
    const decided = await app.gateway.call('POST', `/api/v1/approvals/${await link.textContent()}/decision`, {
      token: session.body.token,
      body: { verdict: 'approve' },
    })
    assert.ok(decided.status < 300, JSON.stringify(decided.body))
    await page.reload()
    await page.getByText('This import was approved.').waitFor()
    await press(page, 'Import')
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('The file is in the registry.').waitFor()
  })

  describe('refuses', () => {
    it('what is no CSV file, before it is sent', async () => {
      await open('rita', { at: '/imports/new' })
      await page.setInputFiles('input[type=file]', {
        name: 'people.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('504b030414000600', 'hex'),
      })
      await press(page, 'Upload')
      await page.getByRole('alert').getByText('This is not a CSV file.', { exact: false }).waitFor()
      await page.setInputFiles('input[type=file]', csv([], 'empty.csv'))
      await press(page, 'Try again')
      await page.getByText('There is a header, but no rows').waitFor()
      await page.getByRole('link', { name: 'Choose another file' }).waitFor()
    })

    it('a table that cannot be one, and says where', async () => {
      await open('rita', { at: '/imports/new' })
      await page.setInputFiles('input[type=file]', {
        name: 'people.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('Nom,Nom\nA,B\n'),
      })
      await press(page, 'Upload')
      await page.getByText('Two columns have the same name').waitFor()
      await page.getByRole('link', { name: 'Choose another file' }).click()
      await page.getByRole('button', { name: 'Upload' }).waitFor()
    })
  })

  it('keeps the file when the connection is lost while it is sent, and sends it again', async () => {
    await open('rita', { at: '/imports/new' })
    await choose(page, csv(SOUND))
    await page.route('**/api/v1/files?*', route => route.abort('connectionreset'))
    await press(page, 'Upload')
    await page.getByText('The connection was lost while the file was sent.', { exact: false }).waitFor()
    await page.unroute('**/api/v1/files?*')
    await press(page, 'Try again')
    await heading(page, 'What each column is')
  })

  it('is nobody else’s business, but of those who may see all', async () => {
    await open('nora', { at: '/imports' })
    await page.getByText('No file has been imported yet').waitFor()
    await visit.close()
    await open('max', { at: '/imports?mine=false&sort=fileName' })
    await page.getByRole('link', { name: 'ménages-2.csv' }).waitFor()
  })

  it('cannot be undone when somebody has touched what it wrote, and says so', async () => {
    await open('rami', { at: '/imports/new' })
    await tested(csv(['H8,chef,Kine Faye,F,1980-01-01,,XXN,ID-8,']))
    await press(page, 'Import')
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('The file is in the registry.').waitFor()
    const { db } = app.gateway
    await db.query(sql`UPDATE registry.registrants SET version = version + 1 WHERE name = 'Kine Faye'`)
    await press(page, 'Undo the import')
    const question = page.getByRole('dialog')
    await question.getByRole('textbox').fill(new URL(page.url()).pathname.split('/').at(-1)!)
    await question.getByRole('button', { name: 'Undo the import' }).click()
    await page.getByText('The import could not be undone.').waitFor()
    await page.getByText('The file is in the registry.').waitFor()
  })

  it('brings areas too, after a look at what would happen', async () => {
    await open('max', { at: '/areas' })
    await page.getByRole('link', { name: 'Import from a file' }).click()
    const file = (text: string) => ({ name: 'areas.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.setInputFiles('input[type=file]', file('code,name,parent\nXXW,West,NOWHERE\n'))
    await press(page, 'Look at the file')
    await page.getByText('Line 2, parent').waitFor()
    assert.deepEqual(await hardships(page), [])
    await page.setInputFiles('input[type=file]', file('code,name,parent\nXXW,<b>West</b>,XX\nXXN,XXN,XX\n'))
    await press(page, 'Try again')
    await page.getByText('New areas').waitFor()
    assert.deepEqual(await hardships(page), [])
    await press(page, 'Import the areas')
    await page.getByText('The areas were imported.').last().waitFor()
    await page.getByRole('link', { name: 'To the areas' }).click()
    await page.getByRole('link', { name: '<b>West</b>' }).waitFor()
  })

  it('is said in Arabic, from right to left', async () => {
    await open('rami', { at: '/imports/new', language: 'ar' })
    await choose(page, csv([...SOUND, ...FAULTY], 'أسر.csv'))
    assert.deepEqual(await hardships(page), [])
    await press(page, 'رفع')
    await heading(page, 'ما هو كل عمود')
    assert.deepEqual(await hardships(page), [])
    await press(page, 'اختبار الملف')
    await heading(page, 'ما وجده الاختبار')
    await page.getByText('الاسم ناقص').first().waitFor()
    assert.deepEqual(await hardships(page), [])
  })
})
