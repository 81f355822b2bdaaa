import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** A check gives its problems; none means that it is met. */
type Check = { name: string; run: () => Promise<string[]> }

const root = dirname(import.meta.dirname)
const bin = (name: string) => join(root, 'node_modules/.bin', name)

/** A program whose exit code says whether the check is met, and whose output says what is wrong. */
const program = (name: string, command: string, ...args: string[]): Check => ({
  name,
  run: () =>
    new Promise(resolve => {
      const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => (output += chunk))
      child.stderr.on('data', (chunk: Buffer) => (output += chunk))
      child.on('error', error => resolve([`${command} could not be run: ${error.message}`]))
      child.on('close', code =>
        resolve(code === 0 ? [] : [stripVTControlCharacters(output).trim() || `exit code ${code}`]),
      )
    }),
})

// The parts are loaded when they run, so that one that cannot be loaded fails alone.
const checks: readonly Check[] = [
  program('types', bin('tsc'), '-p', '.'),
  program('lint', bin('oxlint'), '--type-aware', '--deny-warnings'),
  program('format', bin('biome'), 'ci', '--error-on-warnings', '--colors=off', '.'),
  program('architecture', bin('mocha'), '--no-color', '--reporter', 'dot', 'tests/architecture.test.ts'),
  { name: 'openapi', run: async () => (await import('./checks/openapi/check.ts')).checkOpenApi() },
  { name: 'generated', run: async () => (await import('./generate.ts')).staleFiles(root) },
  { name: 'licences', run: async () => (await import('./checks/licences.ts')).checkLicences(root) },
  { name: 'lockfile', run: async () => (await import('./checks/lockfile.ts')).checkLockfile(root) },
  { name: 'texts', run: async () => (await import('./checks/texts.ts')).checkTexts(root) },
  { name: 'words', run: async () => (await import('./checks/words.ts')).checkWords(root) },
]

/** Runs one check, whatever happens in it, and says how it went. */
const report = async ({ name, run }: Check): Promise<boolean> => {
  const started = performance.now()
  const problems = await run().catch((error: unknown) => [String((error as Error)?.stack ?? error)])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const met = problems.length === 0
  console.log(`${met ? 'ok    ' : 'FAILED'}  ${name.padEnd(14)}${seconds.padStart(5)} s`)
  for (const problem of problems) console.log(problem.replace(/^(?=.)/gm, '    '))
  return met
}

const wanted = process.argv.slice(2)
const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const met: boolean[] = []
for (const check of chosen) met.push(await report(check))
const failed = met.filter(m => !m).length
if (chosen.length === 0)
  console.log(`There is no such check. There are: ${checks.map(c => c.name).join(', ')}`)
console.log(`${met.length - failed} of ${chosen.length} checks are met`)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0
