import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Generator, generators } from './generators/index.ts'

/** Which generated files differ from what their sources now give, and which could not be made. */
export const staleFiles = async (root: string, all: readonly Generator[] = generators): Promise<string[]> => {
  const problems: string[] = []
  for (const { path, make } of all) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => undefined)
    const stale = committed !== (await make(root))
    if (stale) problems.push(`${path} is out of date; run: sh tools/node tools/generate.ts`)
  }
  return problems
}

const writeAll = async (root: string): Promise<void> => {
  for (const { path, make } of generators) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), await make(root))
    console.log(path)
  }
}

if (import.meta.main) {
  const root = dirname(import.meta.dirname)
  if (!process.argv.includes('--check')) await writeAll(root)
  else {
    const stale = await staleFiles(root)
    for (const problem of stale) console.log(problem)
    process.exitCode = stale.length > 0 ? 1 : 0
  }
}
