import assert from 'node:assert/strict'
import { PASSWORD, startConsole, type TestConsole } from '#tests/support/console.ts'
import { scoresOf } from '#tests/support/lighthouse.ts'

describe('Lighthouse, on a telephone', function () {
  this.timeout(120_000)
  this.slow(60_000)

  let app: TestConsole
  before(async () => {
    app = await startConsole()
    await app.person('reader', 'auditor')
  })
  after(() => app?.close())

  for (const [name, path] of [
    ['home', '/'],
    ['a list', '/audit'],
  ] as const)
    it(`has nothing to say against how accessible ${name} is`, async () => {
      const { accessibility, failed } = await scoresOf(app, { username: 'reader', password: PASSWORD, path })
      assert.deepEqual({ accessibility, failed }, { accessibility: 100, failed: [] })
    })
})
