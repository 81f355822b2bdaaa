import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runFile } from './run-file.ts'
import { unexplainedSkips } from './skips.ts'
import { kindOf } from './suites.ts'

const root = dirname(dirname(import.meta.dirname))

describe('the test runner', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'annona-runner-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const run = (name: string, source: string, timeoutMs = 15_000) => {
    const file = join(folder, `${name}.test.ts`)
    writeFileSync(file, source)
    return runFile(file, { root, timeoutMs, env: { TEST_LINGER_MS: '200' } })
  }

  it('counts what passed, failed and was skipped, and keeps the reason of a failure', async () => {
    const result = await run(
      'mixed',
      `it('good', () => {}); it('bad', () => { throw new Error('seven is not eight') }); it.skip('later', () => {})`,
    )
    assert.deepEqual({ passed: result.passed, skipped: result.skipped }, { passed: 1, skipped: ['later'] })
    assert.equal(result.failures.length, 1)
    assert.equal(result.failures[0]!.title, 'bad')
    assert.match(result.failures[0]!.detail, /seven is not eight/)
  })

  it('ends a file that never ends, and says so', async () => {
    const result = await run('endless', `it('spins', () => { for (;;); })`, 1_500)
    assert.match(result.failures[0]!.title, /did not end within 1.5 s/)
  })

  it('fails a file that leaves something open, names what, and does not wait for it', async () => {
    const result = await run('open', `it('listens', () => { setInterval(() => {}, 1000) })`)
    assert.equal(result.passed, 1)
    assert.match(result.failures[0]!.title, /left something open/)
    assert.match(result.failures[0]!.detail, /Timeout/)
    assert.ok(result.seconds < 10)
  })

  it('does not wait for a process that a test started and forgot', async () => {
    const result = await run(
      'orphan',
      `import { spawn } from 'node:child_process'
       it('forgets', () => { spawn('sleep', ['60'], { stdio: 'inherit' }).unref() })`,
    )
    assert.deepEqual([result.passed, result.failures], [1, []])
    assert.ok(result.seconds < 10)
  })

  it('fails a file that cannot be loaded, holds no test, has an only, or exits half way', async () => {
    const [broken, empty, only, half] = await Promise.all([
      run('broken', `import './absent.ts'`),
      run('empty', `describe('nothing', () => {})`),
      run('only', `it.only('alone', () => {})`),
      run('half', `it('leaves', () => { process.exit(0) }); it('never', () => {})`),
    ])
    assert.match(broken.failures[0]!.detail, /absent\.ts/)
    assert.match(empty.failures[0]!.title, /holds no test/)
    assert.match(only.failures[0]!.detail, /only/)
    assert.match(half.failures[0]!.title, /ended before its tests did/)
  })

  it('tells everyday tests from the others by their names', () => {
    const names = ['a.test.ts', 'a.slow.test.ts', 'a.browser.test.ts', 'a.pg15.test.ts', 'slow.test.ts']
    assert.deepEqual(names.map(kindOf), ['everyday', 'slow', 'browser', 'pg15', 'everyday'])
  })

  it('accepts a skipped test only with its own file, title and reason', () => {
    const skip = { file: 'a.test.ts', title: 'x' }
    const allowed = (reason: string, title = 'x') => [{ file: 'a.test.ts', title, reason }]
    assert.deepEqual(unexplainedSkips([skip], allowed('no such processor')), [])
    assert.deepEqual(unexplainedSkips([skip], allowed(' ')), ['a.test.ts: x'])
    assert.deepEqual(unexplainedSkips([skip], allowed('no such processor', 'y')), ['a.test.ts: x'])
  })
})
