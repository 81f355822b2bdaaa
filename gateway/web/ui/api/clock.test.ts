import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { heardTime, serverNow } from './clock.ts'

const YEAR_MS = 365 * 86_400_000
const isNear = (at: number, other: number): boolean => Math.abs(at - other) < 2_000

describe('the time at the server', () => {
  afterEach(() => heardTime(new Date().toUTCString()))

  it('is that of the browser while the two agree', () => {
    heardTime(new Date().toUTCString())
    assert.equal(serverNow() - Date.now(), 0)
  })

  it('is told by its answers when the clock of the browser is wrong, and follows when that is put right', () => {
    heardTime(new Date(Date.now() + YEAR_MS).toUTCString())
    assert.ok(isNear(serverNow(), Date.now() + YEAR_MS))
    heardTime(new Date().toUTCString())
    assert.equal(serverNow() - Date.now(), 0)
  })

  it('is not guessed from an answer that tells none', () => {
    heardTime(null)
    heardTime('yesterday')
    assert.equal(serverNow() - Date.now(), 0)
  })

  it('is the only time that the pages go by', () => {
    const pages = join(import.meta.dirname, '../..')
    const asked = globSync('{console,ui}/**/*.{ts,tsx}', { cwd: pages }).filter(
      file =>
        !/\.test\.tsx?$|^ui\/api\/clock\.ts$/.test(file) &&
        /Date\.now\(\)|new Date\(\)/.test(readFileSync(join(pages, file), 'utf8')),
    )
    assert.deepEqual(asked, [])
  })
})
