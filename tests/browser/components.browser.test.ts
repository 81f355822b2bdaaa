import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { axeViolations } from '#tests/support/axe.ts'
import { startConsole, type TestConsole, type Visit, type VisitOptions } from '#tests/support/console.ts'
import { hardToUse } from '#tests/support/touch.ts'

/** The id of what has the focus, or its words. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: at } = document
    return at?.getAttribute('aria-label') ?? at?.textContent ?? ''
  })

describe('the components of the console', function () {
  this.timeout(120_000)
  this.slow(20_000)

  let app: TestConsole
  let visit: Visit
  let page: Page
  before(async () => {
    app = await startConsole()
  })
  after(() => app?.close())
  afterEach(() => visit?.close())

  /** The page of components, open to whoever comes by. */
  const open = async (options: VisitOptions = {}): Promise<void> => {
    visit = await app.open({ at: '/components', ...options })
    page = visit.page
    await page.getByRole('heading', { name: 'Components', level: 1 }).waitFor()
    await page.getByText('Somebody has this name.').first().waitFor()
  }

  describe('for everybody', () => {
    for (const language of ['en', 'ar'] as const)
      it(`have no fault that axe finds, in light and dark, in ${language}`, async () => {
        await open({ language })
        assert.equal(
          await page.evaluate(() => document.documentElement.dir),
          language === 'ar' ? 'rtl' : 'ltr',
        )
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          assert.deepEqual(await axeViolations(page), [], colorScheme)
        }
      })

    it('have none over the page either: dialogs, menus, suggestions, messages', async () => {
      await open()
      const check = async () => assert.deepEqual(await axeViolations(page), [])
      await page.getByRole('combobox', { name: 'Area', exact: false }).first().click()
      await page
        .getByRole('option', { name: /^Kasaba/ })
        .first()
        .waitFor()
      await check()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'More', exact: true }).click()
      await check()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Columns' }).first().click()
      await check()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Say that it failed' }).click()
      await check()
      await page.getByRole('button', { name: 'Ask for a word' }).click()
      await check()
    })

    it('would be found at fault: a picture without words, grey on grey', async () => {
      await open()
      await page.evaluate(() => {
        const button = document.createElement('button')
        const words = document.createElement('p')
        words.textContent = 'Hardly seen'
        words.style.color = '#ddd'
        document.querySelector('main')?.append(button, words)
      })
      const found = (await axeViolations(page, 'main')).map(line => line.split(' ')[0])
      assert.deepEqual(new Set(found), new Set(['button-name', 'color-contrast']))
      assert.deepEqual(
        (await hardToUse(page)).map(line => line.split(':')[0]),
        ['button '],
      )
    })

    for (const language of ['en', 'ar'] as const)
      it(`fit a screen of 320 px and a finger, in ${language}`, async () => {
        await open({ language, size: { width: 320, height: 640 } })
        assert.deepEqual(await hardToUse(page), [])
        await page.setViewportSize({ width: 1280, height: 800 })
        assert.deepEqual(await hardToUse(page), [])
      })

    it('show what people typed as text, whatever it is', async () => {
      await open()
      assert.equal(await page.locator('main script, main img').count(), 0)
      assert.ok((await page.getByText('<script>alert("x")</script>').count()) > 3)
    })
  })

  describe('by keyboard', () => {
    it('suggestions are moved in by arrows, chosen by Enter, left by Escape', async () => {
      await open()
      const box = page.getByRole('combobox', { name: /^Area/ }).first()
      await box.focus()
      await page.keyboard.type('kasaba')
      await page.getByText('3 suggestions').waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      const at = await box.getAttribute('aria-activedescendant')
      assert.equal(await page.locator(`[id="${at}"]`).getAttribute('aria-selected'), 'true')
      await page.keyboard.press('Enter')
      assert.equal(await box.inputValue(), 'Kasaba North')
      assert.equal(await box.getAttribute('aria-expanded'), 'false')
      await page.keyboard.type(' and more')
      await page.getByText('Nothing fits.').waitFor()
      await page.keyboard.press('Escape')
      assert.equal(await box.getAttribute('aria-expanded'), 'false')
      await page.keyboard.press('Tab')
      assert.equal(await box.inputValue(), 'Kasaba North', 'what was chosen is shown again')
    })

    it('tabs are changed by arrows along the line of reading, and are in the address', async () => {
      await open()
      await page.getByRole('tab', { name: 'Summary' }).focus()
      await page.keyboard.press('ArrowRight')
      await page.getByText('Who lives here.').waitFor()
      assert.match(page.url(), /\?tab=members$/)
      await page.keyboard.press('End')
      await page.keyboard.press('ArrowRight')
      await page.getByText('What is known at a glance.').waitFor()
      await visit.close()

      await open({ language: 'ar', at: '/components?tab=members' })
      await page.getByText('Who lives here.').waitFor()
      await page.getByRole('tab', { name: 'Members' }).focus()
      await page.keyboard.press('ArrowRight')
      await page.getByText('What is known at a glance.').waitFor()
    })

    it('dialogs keep the focus, close by Escape, and give it back', async () => {
      await open()
      const opener = page.getByRole('button', { name: 'Open a dialog' })
      await opener.click()
      const dialog = page.getByRole('dialog', { name: 'Merge two people' })
      await dialog.waitFor()
      for (let presses = 0; presses < 5; presses++) {
        await page.keyboard.press('Tab')
        const isOutside = await page.evaluate(
          () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
        )
        assert.equal(isOutside, false)
      }
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      assert.equal(await focused(page), 'Open a dialog')

      await page.getByRole('button', { name: 'Ask for a word' }).click()
      const yes = page.getByRole('button', { name: 'Cancel the batch', exact: true }).last()
      assert.equal(await yes.isDisabled(), true)
      // What has to be typed has the focus.
      await page.keyboard.type('PB-2026-11')
      await yes.click()
      await page.locator('[data-answer=yes]').waitFor({ state: 'attached' })
    })

    it('menus open by an arrow, are moved in by arrows and letters, and do what is chosen', async () => {
      await open()
      await page.getByRole('button', { name: 'More', exact: true }).focus()
      await page.keyboard.press('ArrowDown')
      await page.getByRole('menu').waitFor()
      assert.equal(await focused(page), 'Open')
      await page.keyboard.press('ArrowUp')
      assert.equal(await focused(page), 'Remove')
      await page.keyboard.press('h')
      assert.equal(await focused(page), 'Hold')
      await page.keyboard.press('Enter')
      await page.locator('[data-chosen=hold]').waitFor({ state: 'attached' })
      assert.equal(await focused(page), 'More')
    })

    it('tables are moved in by j and k, chosen from by x, opened by Enter, and sorted', async () => {
      await open()
      await page.keyboard.press('j')
      assert.equal(await focused(page), 'Amina Okello')
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await page.getByText('1 selected').waitFor()
      await page.getByRole('button', { name: 'Approve 1' }).waitFor()
      await page.keyboard.press('k')
      await page.keyboard.press('Enter')
      await page.waitForURL(/opened=GR-7K3M1/)
      // Where letters are typed they are letters.
      const search = page.getByLabel('Name or reference')
      await search.fill('')
      await search.focus()
      await page.keyboard.type('jkx')
      assert.equal(await search.inputValue(), 'jkx')

      const header = page.getByRole('columnheader', { name: 'Name' }).first()
      assert.equal(await header.getAttribute('aria-sort'), 'ascending')
      await header.getByRole('button').press('Enter')
      assert.equal(await header.getAttribute('aria-sort'), 'descending')
    })

    it('columns that are chosen are remembered', async () => {
      await open()
      const born = page.getByRole('columnheader', { name: 'Born' })
      assert.equal(await born.count(), 0)
      await page.getByRole('button', { name: 'Columns' }).first().press('Enter')
      await page.getByRole('checkbox', { name: 'Born' }).press('Space')
      await born.first().waitFor()
      await page.reload()
      await born.first().waitFor()
    })
  })

  describe('of forms', () => {
    it('show an error at its field, and lead to it from the summary', async () => {
      await open()
      const form = page.locator('form').nth(1)
      await form.getByRole('link', { name: 'Role of the first grant: There is no such role.' }).click()
      const role = form.getByLabel('Role of the first grant')
      assert.equal(await role.evaluate(element => element === document.activeElement), true)
      assert.equal(await role.getAttribute('aria-invalid'), 'true')
      assert.match((await role.getAttribute('aria-describedby')) ?? '', /-error$/)
      await form.getByText('The programme has ended.').waitFor()
    })

    it('send a day, an amount and a number as the API takes them, and refuse a day that does not exist', async () => {
      await open()
      const form = page.locator('form').first()
      await page.getByLabel('Calendar').selectOption('ethiopic')
      await form.getByLabel('Full name').fill('Abebe')
      await form.getByLabel('Income').fill('1,250.50')
      await form.getByRole('textbox', { name: /^Age/ }).fill('67')
      await form.getByLabel('Day', { exact: true }).fill('6')
      await form.getByLabel('Month').selectOption('13')
      await form.getByLabel('Year').fill('2016')
      await form.getByRole('button', { name: 'Register' }).click()
      await form.getByRole('alert').getByText('There is no such day: the month has 5 days.').waitFor()
      assert.equal(await focused(page), 'There is a problem')
      await form.getByLabel('Year').fill('2015')
      await form.getByText('in the Gregorian calendar').waitFor()
      await form.getByRole('button', { name: 'Register' }).click()
      const saved = form.locator('[data-saved]')
      await saved.getByText('2023-09-11').waitFor()
      const values = JSON.parse((await saved.textContent()) ?? '')
      assert.deepEqual([values.born, values.amount, values.age], ['2023-09-11', '1250.50', 67])
    })

    it('keep what was typed through a reload until it is sent, but no secret', async () => {
      await open()
      page.on('dialog', dialog => void dialog.accept())
      const form = page.locator('form').first()
      await form.getByLabel('Full name').fill('Amina')
      await form.getByLabel('Password', { exact: false }).first().fill('a secret')
      await page.reload()
      await page.waitForFunction(() => document.querySelector('form input')?.getAttribute('id'))
      assert.equal(await form.getByLabel('Full name').inputValue(), 'Amina')
      assert.equal(await form.getByLabel('Password', { exact: false }).first().inputValue(), '')
      await form.getByRole('button', { name: 'Register' }).click()
      await form.locator('[data-saved]').getByText('Amina').waitFor()
      await page.reload()
      await page.getByText('Somebody has this name.').first().waitFor()
      assert.equal(await form.getByLabel('Full name').inputValue(), '')
    })

    it('ask before what was typed is left behind', async () => {
      visit = await app.open()
      page = visit.page
      await page.waitForLoadState('networkidle')
      await page.evaluate(() => history.pushState(null, '', '/console/components'))
      await page.getByLabel('Full name').first().fill('Amina')
      await page.getByRole('link', { name: 'To the start page' }).first().click()
      const question = page.getByRole('dialog', { name: 'Leave this page?' })
      await question.getByRole('button', { name: 'Go back' }).click()
      await question.waitFor({ state: 'detached' })
      assert.equal(await page.getByLabel('Full name').first().inputValue(), 'Amina')
      await page.evaluate(() => history.back())
      await question.getByRole('button', { name: 'Go back' }).click()
      await question.waitFor({ state: 'detached' })
      await page.getByRole('link', { name: 'To the start page' }).first().click()
      await question.getByRole('button', { name: 'Leave without saving' }).click()
      await page.waitForURL(/\/console\/?$/)
    })
  })
})
