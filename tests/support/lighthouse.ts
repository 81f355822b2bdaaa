import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import lighthouse from 'lighthouse'
import { chromium } from 'playwright-core'
import { freePort } from '#core/db/embedded/ports.ts'
import { EXECUTABLE, QUIET } from './chromium.ts'
import type { TestConsole } from './console.ts'

export type Scores = {
  /** From 0 to 100. */
  performance: number
  accessibility: number
  /** What accessibility lost points for. */
  failed: string[]
}

/** What Lighthouse gives a page of the console to somebody who is signed in: a telephone on slow 4G. */
export const scoresOf = async (
  { gateway }: Pick<TestConsole, 'gateway'>,
  { username, password, path }: { username: string; password: string; path: string },
): Promise<Scores> => {
  const port = await freePort()
  const profile = mkdtempSync(join(tmpdir(), 'annona-lighthouse-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    args: [...QUIET, `--remote-debugging-port=${port}`],
  })
  try {
    const answer = await context.request.post(`${gateway.url}/api/v1/sessions`, {
      data: { username, password, cookie: true },
      headers: { Origin: gateway.url },
    })
    assert.equal(answer.status(), 201, await answer.text())
    const run = await lighthouse(`${gateway.url}/console${path === '/' ? '' : path}`, {
      port,
      logLevel: 'error',
      onlyCategories: ['performance', 'accessibility'],
      disableStorageReset: true,
    })
    assert.ok(run, 'Lighthouse gave no result')
    const { categories, audits, runtimeError } = run.lhr
    assert.equal(runtimeError, undefined)
    const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100)
    return {
      performance: score('performance'),
      accessibility: score('accessibility'),
      failed: (categories.accessibility?.auditRefs ?? [])
        .filter(({ id, weight }) => weight > 0 && audits[id]?.score === 0)
        .map(({ id }) => id),
    }
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
}
