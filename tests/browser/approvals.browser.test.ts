import assert from 'node:assert/strict'
import { cyclesOf } from '#tests/support/approval-console.ts'
import { hardships, startConsole, type TestConsole, type Visit } from '#tests/support/console.ts'

const SCRIPT = '<img src=x onerror="alert(1)">'

describe('approvals in the console', function () {
  this.timeout(120_000)
  this.slow(15_000)

  let app: TestConsole
  let cycles: Awaited<ReturnType<typeof cyclesOf>>
  const visits: Visit[] = []
  before(async () => {
    app = await startConsole()
    await app.person('mary', 'program-manager', { name: 'Mary' })
    await app.person('ann', 'cycle-approver', { name: 'Ann' })
    await app.person('bob', 'cycle-approver', { name: 'Bob' })
    await app.person('chief', 'system-administrator', { name: 'Chief' })
    cycles = await cyclesOf(app, 'mary')
    await cycles.policy('TWICE', 2)
  })
  after(() => app?.close())
  afterEach(async () => {
    for (const visit of visits.splice(0)) await visit.close()
  })

  const as = async (...args: Parameters<TestConsole['as']>) => {
    const visit = await app.as(...args)
    visits.push(visit)
    const { page } = visit
    return {
      page,
      heading: (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor(),
      says: (text: string | RegExp) => page.getByText(text).first().waitFor(),
      press: (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click(),
      follow: (name: string | RegExp) => page.getByRole('link', { name, exact: true }).first().click(),
      fill: (label: string, text: string) =>
        page
          .getByLabel(label, { exact: true })
          .or(page.getByLabel(`${label} (optional)`, { exact: true }))
          .fill(text),
      dialog: page.getByRole('dialog'),
      row: (name: string) => page.getByRole('row').filter({ hasText: name }),
    }
  }
  type Person = Awaited<ReturnType<typeof as>>
  const inDialog = ({ dialog }: Person, name: string) =>
    dialog.getByRole('button', { name, exact: true }).click()
  const choose = ({ page }: Person, label: string, option: string) =>
    page.getByLabel(label, { exact: true }).selectOption(option)
  const enter = async ({ page }: Person, group: string, iso: string) => {
    const [year, month, day] = iso.split('-').map(part => String(Number(part)))
    const date = page.getByRole('group', { name: group })
    await date.getByLabel('Day').fill(day!)
    await date.getByLabel('Month').selectOption(month!)
    await date.getByLabel('Year').fill(year!)
  }
  const begin = async (visit: Person, code: string, need: number) => {
    await visit.heading('Approval policies')
    await visit.follow('Write a policy')
    await visit.fill('Name', 'Large cycles')
    await visit.fill('Code', code)
    await choose(visit, 'For', 'cycle')
    await choose(visit, 'Role', 'cycle-approver')
    await choose(visit, 'How many have to agree', `${need}`)
  }

  it('a policy is written in words one understands, and put in force', async () => {
    const chief = await as('chief', { at: '/approval-policies' })
    await begin(chief, 'large', 2)
    await chief.press('Add a deadline')
    await chief.says(/2 different people of these agree: those with the role “Cycle approver” there/)
    await chief.says(/After 48 hours it is shown as overdue/)
    await chief.fill('Condition', 'totl > 1000000')
    await chief.press('Save as a draft')
    await chief.page.getByRole('alert').getByRole('link', { name: /^Code/ }).waitFor()
    assert.deepEqual(await hardships(chief.page), [])
    await chief.fill('Code', 'LARGE')
    await chief.press('Save as a draft')
    await chief.page
      .getByRole('alert')
      .getByRole('link', { name: /^Condition/ })
      .waitFor()
    await chief.fill('Condition', 'total > 1000000')
    await chief.press('Save as a draft')
    await chief.heading(/Large cycles/)
    await chief.press('Put in force')
    await inDialog(chief, 'Put in force')
    await chief.says('The policy is in force.')
    await chief.page.getByRole('button', { name: 'Put in force' }).waitFor({ state: 'detached' })
    assert.deepEqual(await hardships(chief.page), [])
    await chief.follow('Approval policies')
    await chief.row('Large cycles').getByText('In force').waitFor()
    assert.deepEqual(await hardships(chief.page), [])
  })

  it('a cycle is agreed to by two people, and never by who prepared it', async () => {
    const { approval } = await cycles.submitted('July')
    const mary = await as('mary', { at: `/approvals/${approval}` })
    await mary.says('You, or whom you act for, prepared or submitted it.')
    assert.equal(await mary.page.getByRole('button', { name: 'Approve' }).count(), 0)

    const ann = await as('ann', { at: '/approvals' })
    await ann.row('July').getByText('First time').waitFor()
    assert.deepEqual(await hardships(ann.page), [])
    await ann.follow('Cash support, July')
    await ann.heading(/July/)
    await ann.says('First time')
    await ann.says('It is the first cycle of the program: there is nothing to compare it with.')
    await ann.says(/2 more are needed\. Can decide now: Ann and Bob\./)
    await ann.page.keyboard.press('a')
    await ann.dialog.getByLabel(/^Comment/).fill(SCRIPT)
    assert.deepEqual(await hardships(ann.page), [])
    await inDialog(ann, 'Approve')
    await ann.says('Nothing else waits for you.')
    await ann.says(/Agreed: ann\. 1 more is needed/)

    const bob = await as('bob', { at: '/approvals' })
    await bob.page
      .getByRole('tab', { name: /Waiting for me/ })
      .getByText('1')
      .waitFor()
    await bob.follow('Cash support, July')
    await bob.says(SCRIPT)
    await bob.press('Approve')
    await inDialog(bob, 'Approve')
    await bob.page.getByRole('heading', { level: 1 }).getByText('Approved').waitFor()
  })

  it('what one decides in one tab is said in the other, which shows what is there now', async () => {
    const { approval } = await cycles.submitted('August')
    const first = await as('ann', { at: `/approvals/${approval}` })
    const second = await as('ann', { at: `/approvals/${approval}` })
    await second.press('Return')
    await second.dialog.getByLabel('Comment').fill('August has 31 days.')
    await first.press('Approve')
    await inDialog(first, 'Approve')
    await first.says('Your decision is recorded')
    await inDialog(second, 'Return')
    await second.says('Something has changed in the meantime')
    await second.says('You, or whom you act for, have decided on it already.')
    await second.says(/Agreed: ann/)
    assert.equal(await second.page.getByRole('button', { name: 'Return' }).count(), 0)
  })

  it('many are decided at once, as they were shown and with what was left out', async () => {
    const { approval: third } = await cycles.submitted('September')
    await cycles.submitted('October')
    const bob = await as('bob', { at: '/approvals' })
    await bob.row('September').getByRole('checkbox').check()
    await bob.row('October').getByRole('checkbox').check()
    await bob.press('Decide on 2 requests')
    await bob.dialog.getByText('KES 4,000.00').waitFor()
    assert.deepEqual(await hardships(bob.page), [])
    await cycles.post(`/approvals/${third}/withdraw`, { comment: 'Too early.' })
    await bob.dialog.getByLabel(/^Comment/).fill('Both are well.')
    await inDialog(bob, 'Decide on 2 requests')
    await bob.dialog.getByText('What you can decide is not what was shown.', { exact: false }).waitFor()
    await bob.dialog.getByText('It is decided already, or was taken back.').waitFor()
    assert.equal(await bob.dialog.getByLabel(/^Comment/).inputValue(), 'Both are well.')
    await inDialog(bob, 'Decide on 1 request')
    await bob.dialog.getByText('1 request decided').waitFor()
    await bob.dialog.getByText('1 of them now waits for the next step.').waitFor()
    await inDialog(bob, 'Done')
    await bob.row('October').waitFor({ state: 'detached' })
  })

  it('whoever is away has a deputy, who says in whose place they decide; and ends that again', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const bob = await as('bob', { at: '/delegations/new' })
    await bob.fill('Deputy', 'bob')
    await enter(bob, 'First day', today)
    await enter(bob, 'Last day', today)
    await bob.fill('Why', SCRIPT)
    await bob.press('Name a deputy')
    await bob.page.getByRole('alert').getByText('Choose another person.').waitFor()
    await bob.fill('Deputy', 'ann')
    assert.deepEqual(await hardships(bob.page), [])
    await bob.press('Name a deputy')
    await bob.row(SCRIPT).getByText('Running').waitFor()

    const { approval } = await cycles.submitted('November')
    const ann = await as('ann', { at: '/approvals' })
    await choose(ann, 'You decide', 'bob')
    await ann.follow('Cash support, November')
    await ann.says('You are deciding in the place of bob.')
    await ann.press('Approve')
    await inDialog(ann, 'Approve')
    await ann.says('ann, in the place of bob')
    assert.match(ann.page.url(), new RegExp(approval))

    await bob.press('End now')
    await inDialog(bob, 'End now')
    await bob.row(SCRIPT).getByText('Ended early').waitFor()
  })

  it('an emergency is approved with a reason and a confirmation, and reviewed by somebody else', async () => {
    const { approval } = await cycles.submitted('December')
    const ann = await as('ann', { at: `/approvals/${approval}` })
    await ann.press('Emergency…')
    await ann.dialog.getByLabel('Why it cannot wait').fill('Too short')
    await inDialog(ann, 'Approve at once')
    const sure = ann.page.getByRole('dialog', { name: 'Approve past everybody else?' })
    await sure.getByRole('textbox').fill(approval)
    await sure.getByRole('button', { name: 'Approve at once' }).click()
    await ann.dialog.getByRole('alert').waitFor()
    await ann.dialog.getByLabel('Why it cannot wait').fill('The river broke its banks tonight.')
    await inDialog(ann, 'Approve at once')
    await sure.getByRole('textbox').fill(approval)
    await sure.getByRole('button', { name: 'Approve at once' }).click()
    await ann.says('Approved in an emergency.')

    const mary = await as('mary', { at: '/approvals/emergencies' })
    await mary.row('December').getByText('To be reviewed').waitFor()
    assert.deepEqual(await hardships(mary.page), [])
    const bob = await as('bob', { at: `/approvals/${approval}` })
    await bob.says('The river broke its banks tonight.')
    assert.equal(await bob.page.getByRole('button', { name: 'Record the review' }).count(), 0)
    await app.person('rita', 'program-manager', { name: 'Rita' })
    const rita = await as('rita', { at: `/approvals/${approval}` })
    await rita.page.getByLabel('Justified', { exact: true }).check()
    await rita.fill('Comment', 'It did.')
    await rita.press('Record the review')
    await rita.says('The review is recorded.')
  })

  it('a role that is lost while the page is open is said, not shown as a fault', async () => {
    const { approval } = await cycles.submitted('January')
    await app.person('tom', 'cycle-approver', { name: 'Tom' })
    const tom = await as('tom', { at: `/approvals/${approval}` })
    await tom.press('Approve')
    const token = await app.gateway.as('system-administrator')
    const change = { token, body: { grants: [] }, headers: { 'If-Match': '"v1"' } }
    const answer = await app.gateway.call('PUT', '/api/v1/users/tom/grants', change)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    await inDialog(tom, 'Approve')
    await tom.says('You have no access to this')
  })

  it('a freeze is declared, seen by whoever would decide, and ended', async () => {
    const { approval } = await cycles.submitted('February')
    const today = new Date().toISOString().slice(0, 10)
    const chief = await as('chief', { at: '/freezes/new' })
    await enter(chief, 'First day', today)
    await enter(chief, 'Last day', today)
    await chief.fill('Why', 'Year end')
    assert.deepEqual(await hardships(chief.page), [])
    await chief.press('Declare a freeze')
    await chief.row('Year end').getByText('Running').waitFor()
    const ann = await as('ann', { at: `/approvals/${approval}` })
    await ann.says('Nothing is decided at this time.')
    await ann.says('Decisions go on after')
    await chief.press('End now')
    await inDialog(chief, 'End now')
    await chief.row('Year end').getByText('Over').waitFor()
  })

  it('in Arabic, from right to left: the inbox, a request, a policy being written', async () => {
    const { approval } = await cycles.submitted('مارس')
    const ann = await as('ann', { at: '/approvals', language: 'ar' })
    await ann.heading('الموافقات')
    assert.equal(await ann.page.locator('html').getAttribute('dir'), 'rtl')
    await ann.follow('Cash support, مارس')
    await ann.says('من عليه أن يوافق')
    assert.deepEqual(await hardships(ann.page), [])
    await ann.page.goto('/console/approvals')
    await ann.page.getByRole('link', { name: /مارس/ }).waitFor()
    assert.deepEqual(await hardships(ann.page), [])
    const chief = await as('chief', { at: '/approval-policies/TWICE/edit', language: 'ar' })
    await chief.says('بعبارة بسيطة')
    assert.deepEqual(await hardships(chief.page), [])
    assert.ok(approval)
  })
})
