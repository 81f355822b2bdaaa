import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { kilobytes, tooHeavy, type Weight, weigh } from './budget.ts'
import { compress } from './compress.ts'
import { type Preloads, preloadsOf } from './preloads.ts'
import { consoleFolder, DIST, PRELOADS } from './source.ts'

const OLD_DAYS = 7

/**
 * Sees to it that the console of the present sources is built, and gives its folder. Several processes may do so at
 * once: each builds aside, and the first to finish is the one that counts. Throws when it has grown too heavy.
 */
export const buildConsole = async (): Promise<{ folder: string; wasBuilt: boolean }> => {
  const folder = consoleFolder()
  if (existsSync(folder)) return { folder, wasBuilt: false }
  mkdirSync(DIST, { recursive: true })
  removeOld()
  const aside = `${folder}.${process.pid}`
  try {
    await buildInto(aside)
    renameSync(aside, folder)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return { folder, wasBuilt: true }
}

const buildInto = async (folder: string): Promise<void> => {
  // Loaded here, so that a gateway whose console is built needs none of the tools.
  const { runVite } = await import('./vite.ts')
  await runVite(folder)
  await compress(folder)
  writeFileSync(join(folder, PRELOADS), JSON.stringify(await preloadsOf(folder)))
  const problems = tooHeavy(weightsOf(folder))
  if (problems.length > 0) throw new Error(`The console has grown too heavy. ${problems.join('; ')}.`)
}

const weightsOf = (folder: string): Weight[] => {
  const preloads: Preloads = JSON.parse(readFileSync(join(folder, PRELOADS), 'utf8'))
  return weigh(preloads, file => {
    const path = join(folder, file)
    return statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size
  })
}

/** Builds of sources that are gone, and what a killed build left. */
const removeOld = (): void => {
  const before = Date.now() - OLD_DAYS * 86_400_000
  for (const name of readdirSync(DIST)) {
    const path = join(DIST, name)
    if (statSync(path).mtimeMs < before) rmSync(path, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const { folder, wasBuilt } = await buildConsole()
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say(wasBuilt ? `built ${folder}` : `${folder} is up to date`)
  for (const { name, bytes, most } of weightsOf(folder))
    say(`${kilobytes(bytes).padStart(9)} of ${kilobytes(most)}  ${name}`)
}
