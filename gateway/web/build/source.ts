import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const web = join(import.meta.dirname, '..')

/** What the console is made from. A change of any of it asks for another build. */
const SOURCES = ['console/**/*', 'ui/**/*', 'build/*.ts', '../../package-lock.json']

/** The built consoles lie here, each in a folder named by what it was made from. */
export const DIST = join(web, 'dist')

/** Beside the page in such a folder: what to fetch for which address. */
export const PRELOADS = 'preloads.json'

/** A name for the sources as they are now: the same sources have the same name on every machine. */
export const sourceName = (): string => {
  const files = SOURCES.flatMap(pattern => globSync(pattern, { cwd: web, withFileTypes: true }))
    .filter(entry => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.slice(web.length)).update('\0').update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

let folder: string | undefined

/** Where the console of the sources is, whether it was built or not: of those that this process found first. */
export const consoleFolder = (): string => {
  folder ??= join(DIST, `console-${sourceName()}`)
  return folder
}
