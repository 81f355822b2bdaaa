import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Locked = {
  resolved?: string
  integrity?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  link?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
}
type Lockfile = { packages: Record<string, Locked> }

/** The kind of machine, as a lockfile describes it. */
export type Machine = { os: string; cpu: string; libc: 'glibc' | 'musl' | undefined }

/**
 * A lockfile says what is installed, not from where: no host, and an integrity for every package. It is whole: `npm ci`
 * refuses one that lacks a package which another asks for, even an optional one.
 */
export const judgeLockfile = ({ packages }: Lockfile): string[] => {
  const entries = Object.entries(packages).filter(([place]) => !isOurs(packages, place))
  if (entries.length === 0) return ['package-lock.json names no package']
  return entries.flatMap(([place, { resolved, integrity }]) => [
    ...(resolved?.includes('://') ? [`${place} names a host; is omit-lockfile-registry-resolved set?`] : []),
    ...(integrity ? [] : [`${place} has no integrity`]),
    ...Object.keys({ ...packages[place]!.dependencies, ...packages[place]!.optionalDependencies })
      .filter(name => !isReachable(packages, place, name))
      .map(name => `${place} asks for ${name}, which is not in the lockfile; npm ci would refuse it`),
  ])
}

/** The project itself, and its workspaces with the links to them. */
const isOurs = (packages: Lockfile['packages'], place: string): boolean =>
  !place.includes('node_modules/') || packages[place]!.link === true

/** As Node looks a package up: in node_modules beside the one that asks, then further out. */
const isReachable = (packages: Lockfile['packages'], from: string, name: string): boolean => {
  const inside = `${from}/node_modules/${name}`
  if (packages[inside] ?? packages[`node_modules/${name}`]) return true
  const outer = from.lastIndexOf('/node_modules/')
  return outer > 0 && isReachable(packages, from.slice(0, outer), name)
}

/** Packages made for this machine that are not installed. npm leaves such packages out without a word. */
export const missingHere = (
  { packages }: Lockfile,
  machine: Machine,
  isInstalled: (place: string) => boolean,
): string[] =>
  Object.entries(packages)
    .filter(([, p]) => p.os?.includes(machine.os) && (p.cpu?.includes(machine.cpu) ?? true))
    .filter(([, p]) => !p.libc || !machine.libc || p.libc.includes(machine.libc))
    .map(([place]) => place)
    .filter(place => !isInstalled(place))
    .map(place => `${place} is not installed, though it is made for this machine; run: npm ci`)

/** Checks package-lock.json, and that what it has for this machine is installed. */
export const checkLockfile = async (root: string): Promise<string[]> => {
  const lockfile: Lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return [
    ...judgeLockfile(lockfile),
    ...missingHere(lockfile, thisMachine(), place => existsSync(join(root, place))),
  ]
}

const thisMachine = (): Machine => {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  const libc = report.header?.glibcVersionRuntime ? 'glibc' : 'musl'
  return { os: process.platform, cpu: process.arch, libc: process.platform === 'linux' ? libc : undefined }
}
