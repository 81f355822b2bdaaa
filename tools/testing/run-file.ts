import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LINGERS } from './linger.ts'

/** A test that failed, or a whole file that did (then `title` says what happened to the file). */
export type Failure = { title: string; detail: string }

/** What became of one test file. `skipped` has the full titles. */
export type FileResult = {
  file: string
  passed: number
  skipped: string[]
  failures: Failure[]
  seconds: number
  /** What the file printed. */
  output: string
}

export type RunFileOptions = { root: string; env: Record<string, string>; timeoutMs: number }

type MochaTest = { fullTitle: string; err: { stack?: string; message?: string } }
type MochaReport = {
  stats: { passes: number; failures: number; pending: number }
  pending: MochaTest[]
  failures: MochaTest[]
}

const MOCHA = ['node_modules/mocha/bin/mocha.js', '--forbid-only', '--require', './tools/testing/linger.ts']
let reports = 0

/**
 * Runs one test file in a process of its own, so that what it leaves behind harms no other file and is known by
 * name. A file that runs longer than `timeoutMs` is killed. Never rejects: whatever goes wrong is a failure.
 */
export const runFile = async (file: string, options: RunFileOptions): Promise<FileResult> => {
  const report = join(tmpdir(), `annona-test-${process.pid}-${++reports}.json`)
  const started = performance.now()
  const { code, output, timedOut } = await runMocha(file, report, options)
  const seconds = (performance.now() - started) / 1000
  const results = await readReport(report)
  const failures = (results?.failures ?? []).map(t => ({ title: t.fullTitle, detail: describeError(t) }))
  const ended = howItEnded({ code, timedOut, results, failed: failures.length, options })
  if (ended) failures.push({ title: ended, detail: output.trimEnd() })
  return {
    file,
    passed: results?.stats.passes ?? 0,
    skipped: (results?.pending ?? []).map(t => t.fullTitle),
    failures,
    seconds,
    output,
  }
}

type Ended = {
  code: number | null
  timedOut: boolean
  results: MochaReport | undefined
  failed: number
  options: RunFileOptions
}

/** What is wrong with the file as a whole, if anything. */
const howItEnded = ({ code, timedOut, results, failed, options }: Ended): string | undefined => {
  if (timedOut) return `The file was stopped: it did not end within ${options.timeoutMs / 1000} s.`
  if (code === LINGERS) return 'The file left something open after its last test.'
  if (!results) return `The file ended before its tests did (exit code ${code}).`
  if (results.stats.passes + results.stats.pending + failed === 0) return 'The file holds no test.'
  if (code !== 0 && failed === 0) return `The file passed its tests and then failed (exit code ${code}).`
  return undefined
}

const runMocha = (file: string, report: string, { root, env, timeoutMs }: RunFileOptions) =>
  new Promise<{ code: number | null; output: string; timedOut: boolean }>(resolve => {
    const reporter = ['--reporter', 'json', '--reporter-option', `output=${report}`]
    const child = spawn(process.execPath, [...MOCHA, ...reporter, file], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that killing it also ends the processes that its tests started.
      detached: true,
    })
    let output = ''
    let timedOut = false
    const keep = (chunk: Buffer) => {
      if (output.length < 1_000_000) output += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const killGroup = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It is gone already.
      }
    }
    const timer = setTimeout(() => {
      timedOut = true
      killGroup()
    }, timeoutMs)
    process.once('exit', killGroup)
    // A process that a test started and forgot is ended with it; if it got away, it may not hold the pipes for ever.
    child.on('exit', () => {
      killGroup()
      setTimeout(() => child.stdout.destroy() && child.stderr.destroy(), 1000).unref()
    })
    child.on('close', code => {
      clearTimeout(timer)
      process.off('exit', killGroup)
      resolve({ code, output, timedOut })
    })
  })

const readReport = async (path: string): Promise<MochaReport | undefined> => {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  await rm(path, { force: true })
  return text === undefined ? undefined : JSON.parse(text)
}

const describeError = ({ err }: MochaTest): string => err.stack ?? err.message ?? JSON.stringify(err)
