import { writeSync } from 'node:fs'

/** The exit code of a test file whose tests are done and which yet keeps the process alive. */
export const LINGERS = 97
const PATIENCE_MS = Number(process.env.TEST_LINGER_MS ?? 5_000)

/**
 * Runs in the process of each test file, after its last test. The timer holds nothing open itself, so it fires only
 * when something else does; then it says what, and ends the process.
 */
export const mochaGlobalTeardown = (): void => {
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter(name => name !== 'PipeWrap' && name !== 'TTYWrap')
    writeSync(2, `Left open ${PATIENCE_MS / 1000} s after the last test: ${open.join(', ') || 'unknown'}.\n`)
    // Mocha sets the exit code in a listener of its own, so the last word has to be spoken in one too.
    process.once('exit', () => {
      process.exitCode = LINGERS
    })
    process.exit()
  }, PATIENCE_MS).unref()
}
