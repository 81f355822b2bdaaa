import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { kilobytes, tooHeavy, weighFolder } from './budget.ts'
import { compress } from './compress.ts'
import { consoleFolder, DIST } from './source.ts'

const OLD_DAYS = 7

/**
 * Sees to it that the console of the present sources is built, and gives its folder. Several processes may do so at
 * once: each builds aside, and the first to finish is the one that counts.
 */
export const buildConsole = async (): Promise<{ folder: string; wasBuilt: boolean }> => {
  const folder = consoleFolder()
  if (existsSync(folder)) return { folder, wasBuilt: false }
  mkdirSync(DIST, { recursive: true })
  removeOld()
  const aside = `${folder}.${process.pid}`
  // Loaded here, so that a gateway whose console is built needs none of the tools.
  const { runVite } = await import('./vite.ts')
  await runVite(aside)
  await compress(aside)
  const problems = tooHeavy(weighFolder(aside))
  if (problems.length > 0) {
    rmSync(aside, { recursive: true })
    throw new Error(`The console has grown too heavy. ${problems.join('; ')}.`)
  }
  try {
    renameSync(aside, folder)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return { folder, wasBuilt: true }
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
  for (const { name, bytes, most } of weighFolder(folder))
    say(`${kilobytes(bytes).padStart(9)} of ${kilobytes(most)}  ${name}`)
}
