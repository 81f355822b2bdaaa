import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { DEBIAN, installDebian } from './install-debian.ts'
import { type ScratchServer, startPostgres15 } from './testing/postgres15.ts'
import type { FileResult } from './testing/run-file.ts'
import { runFiles } from './testing/run-files.ts'
import { type AllowedSkip, unexplainedSkips } from './testing/skips.ts'
import { findTests, type Kind, kindOf } from './testing/suites.ts'

const USAGE = `npm test [-- [--all] [--coverage] [--jobs N] [PART OF A PATH ...]]

Runs the everyday tests, or those of the files whose path contains one of the parts.
--all       also the slow and the browser tests, and the everyday tests again on PostgreSQL 15
--coverage  writes which lines ran to coverage/
--jobs N    files at a time (as many as there are cores, at most 4)`

const root = dirname(import.meta.dirname)
const coverageFolder = join(root, 'coverage')

/** A part of the run: which files, how many at a time, how long each may take, and on which server. */
type Phase = {
  name: string
  kinds: readonly Kind[]
  jobs: number
  minutesPerFile: number
  server: 'embedded' | 'postgres15'
}

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      coverage: { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(Math.min(availableParallelism(), 4)) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const jobs = Number(values.jobs)
  if (values.help || !(jobs >= 1)) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }

  const files = findTests(root, positionals)
  const couldNotRun = values.all ? installDebian(Object.values(DEBIAN)) : []
  const absent = new Set(couldNotRun.map(c => c.missing.name))
  const named = new Set(positionals.length > 0 ? files.map(kindOf) : [])
  const phases = (values.all ? everything(jobs) : asked(jobs, named)).filter(
    phase =>
      !(phase.server === 'postgres15' && absent.has(DEBIAN.postgres15.name)) &&
      !(phase.kinds.includes('browser') && absent.has(DEBIAN.chromium.name)),
  )
  if (values.coverage) rmSync(coverageFolder, { recursive: true, force: true })

  const results: FileResult[] = []
  for (const phase of phases) {
    const chosen = files.filter(file => phase.kinds.includes(kindOf(file)))
    if (chosen.length === 0) continue
    console.log(`\n${phase.name}: ${chosen.length} files`)
    const verbose = positionals.length > 0 || phase.kinds.includes('slow')
    results.push(...(await runPhase(phase, chosen, { coverage: values.coverage, verbose })))
  }

  if (values.coverage) reportCoverage()
  for (const { missing, why } of couldNotRun) {
    console.log(`could not run: what needs ${missing.name}, ${missing.reason} (${why})`)
  }
  return verdict(results, couldNotRun.length)
}

const everyday = (jobs: number): Phase => ({
  name: 'Everyday tests, embedded PostgreSQL',
  kinds: ['everyday'],
  jobs,
  minutesPerFile: 3,
  server: 'embedded',
})

// Slow tests kill processes and watch clocks: one at a time, so that they do not disturb each other.
const slow: Phase = { name: 'Slow tests', kinds: ['slow'], jobs: 1, minutesPerFile: 15, server: 'embedded' }
const browser: Phase = {
  name: 'Browser tests',
  kinds: ['browser'],
  jobs: 2,
  minutesPerFile: 10,
  server: 'embedded',
}
const onPostgres15 = (jobs: number, kinds: readonly Kind[]): Phase => ({
  name: 'Tests on PostgreSQL 15',
  kinds,
  jobs,
  minutesPerFile: 3,
  server: 'postgres15',
})

const everything = (jobs: number): Phase[] => [
  everyday(jobs),
  slow,
  browser,
  onPostgres15(jobs, ['everyday', 'pg15']),
]

/** Without `--all`: the everyday tests, and whatever other kind was asked for by its path. */
const asked = (jobs: number, named: ReadonlySet<Kind>): Phase[] => [
  everyday(jobs),
  ...(named.has('slow') ? [slow] : []),
  ...(named.has('browser') ? [browser] : []),
  ...(named.has('pg15') ? [onPostgres15(jobs, ['pg15'])] : []),
]

const runPhase = async (
  phase: Phase,
  files: readonly string[],
  { coverage, verbose }: { coverage: boolean; verbose: boolean },
): Promise<FileResult[]> => {
  const server = await startServer(phase.server)
  try {
    return await runFiles(files, {
      root,
      jobs: phase.jobs,
      timeoutMs: phase.minutesPerFile * 60_000,
      env: {
        ...(server && { TEST_DATABASE_ADMIN_URL: server.adminUrl }),
        ...(phase.server === 'postgres15' && { TEST_PG: '15' }),
        // Code from the compile cache is counted imprecisely.
        ...(coverage && { NODE_V8_COVERAGE: join(coverageFolder, 'raw'), NODE_DISABLE_COMPILE_CACHE: '1' }),
      },
      onResult: result => printResult(result, verbose),
    })
  } finally {
    await server?.stop()
  }
}

/**
 * One server for all files of a phase: each makes databases of its own in it. Where the embedded server cannot be
 * started, the files that need none still run, and the others say what they miss.
 */
const startServer = async (kind: Phase['server']): Promise<ScratchServer | undefined> => {
  if (kind === 'postgres15') return startPostgres15()
  const given = process.env.TEST_DATABASE_ADMIN_URL
  if (given) return { adminUrl: given, stop: async () => {} }
  try {
    const { startScratch } = await import('#core/db/embedded/scratch.ts')
    return await startScratch()
  } catch (error) {
    console.log(`The embedded server could not be started: ${String(error)}`)
    return undefined
  }
}

const printResult = (result: FileResult, verbose: boolean): void => {
  const { file, passed, skipped, failures, seconds, output } = result
  const word = failures.length > 0 ? 'FAILED' : 'ok'
  const skips = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  console.log(`${word.padEnd(7)}${file}  ${passed} passed${skips}  ${seconds.toFixed(1)} s`)
  for (const { title, detail } of failures) console.log(`${indent(title, 2)}\n${indent(detail, 4)}\n`)
  const shown = failures.some(f => f.detail === output.trimEnd())
  if (output.trim() !== '' && !shown && (verbose || failures.length > 0))
    console.log(indent(output.trimEnd(), 4))
}

const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by))

const reportCoverage = (): void => {
  const reporters = ['--reporter', 'text-summary', '--reporter', 'lcov', '--reports-dir', coverageFolder]
  const c8 = join(root, 'node_modules/c8/bin/c8.js')
  const raw = ['--temp-directory', join(coverageFolder, 'raw'), '--exclude', '**/*.test.ts']
  spawnSync(process.execPath, [c8, 'report', ...raw, ...reporters], { cwd: root, stdio: 'inherit' })
}

/** Says how the run went, and returns the exit code. In CI nothing may be left out without a written reason. */
const verdict = (results: readonly FileResult[], couldNotRun: number): number => {
  const passed = results.reduce((sum, r) => sum + r.passed, 0)
  const failed = results.reduce((sum, r) => sum + r.failures.length, 0)
  const skipped = results.flatMap(r => r.skipped.map(title => ({ file: r.file, title })))
  const problems: string[] = []
  if (passed + failed === 0) problems.push('No test ran.')
  if (process.env.CI === 'true') {
    const allowed: AllowedSkip[] = JSON.parse(readFileSync(join(root, 'tests/skips.json'), 'utf8'))
    for (const skip of unexplainedSkips(skipped, allowed)) problems.push(`Skipped without a reason: ${skip}`)
    if (couldNotRun > 0) problems.push('In CI all tests must be able to run.')
  }
  const failing = results.filter(r => r.failures.length > 0)
  if (failing.length > 0) console.log(`\nFailed:\n${failing.map(r => `  ${r.file}`).join('\n')}`)
  for (const problem of problems) console.log(problem)
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  return failed > 0 || problems.length > 0 ? 1 : 0
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exit(await main())
