import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Locked = {
  resolved?: string
  integrity?: string
  link?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
}
type Lockfile = { packages: Record<string, Locked> }

/** The kind of machine, as a lockfile describes it. */
export type Machine = { os: string; cpu: string; libc: 'glibc' | 'musl' | undefined }

/** A lockfile says what is installed, not from where: no host, and an integrity for every package. */
export const judgeLockfile = ({ packages }: Lockfile): string[] => {
  const entries = Object.entries(packages).filter(([place, entry]) => place !== '' && !entry.link)
  if (entries.length === 0) return ['package-lock.json names no package']
  return entries.flatMap(([place, { resolved, integrity }]) => [
    ...(resolved?.includes('://') ? [`${place} names a host; is omit-lockfile-registry-resolved set?`] : []),
    ...(integrity ? [] : [`${place} has no integrity`]),
  ])
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
