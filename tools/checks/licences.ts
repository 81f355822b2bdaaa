import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Licences under which a package may come with Annona or help to build it, by SPDX identifier. */
const ALLOWED = new Set(
  `MIT MIT-0 BSD-2-Clause BSD-3-Clause Apache-2.0 ISC 0BSD BlueOak-1.0.0 CC0-1.0 CC-BY-4.0 Unlicense
   Python-2.0 PSF-2.0 MPL-2.0 PostgreSQL OFL-1.1 Zlib WTFPL W3C-20150513`.split(/\s+/),
)
const FEWEST = 100

/** A package whose manifest does not say its licence in a form that can be read, and what its licence text says. */
export type LicenceException = { licence: string; reason: string }

/** A package of the lockfile that is installed. */
type Installed = { name: string; version: string; licence: string }

/**
 * Whether an SPDX expression can be met with allowed licences alone: one side of an OR, both sides of an AND.
 */
export const isAllowed = (expression: string): boolean => {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? []
  const or = (): boolean => {
    let met = and()
    while (tokens[0]?.toUpperCase() === 'OR') {
      tokens.shift()
      met = and() || met
    }
    return met
  }
  const and = (): boolean => {
    let met = one()
    while (tokens[0]?.toUpperCase() === 'AND') {
      tokens.shift()
      met = one() && met
    }
    return met
  }
  const one = (): boolean => {
    const token = tokens.shift()
    if (token !== '(') return token !== undefined && ALLOWED.has(token)
    const met = or()
    return tokens.shift() === ')' && met
  }
  const met = or()
  return tokens.length === 0 && met
}

/**
 * What is wrong with the licences of `packages`: one that is not allowed, an exception without a reason or without
 * a package, or so few packages that the check cannot have looked.
 */
export const judgeLicences = (
  packages: readonly Installed[],
  exceptions: Readonly<Record<string, LicenceException>>,
  locked: ReadonlySet<string>,
): string[] => {
  const problems: string[] = []
  if (packages.length < FEWEST)
    problems.push(`saw ${packages.length} packages; there must be ${FEWEST} or more`)
  for (const { name, version, licence } of packages) {
    const known = exceptions[name]?.licence ?? licence
    if (!isAllowed(known)) problems.push(`${name} ${version}: the licence '${known}' is not allowed`)
  }
  for (const [name, { reason }] of Object.entries(exceptions)) {
    if (!locked.has(name)) problems.push(`tools/licences.json: ${name} is not in package-lock.json`)
    if (reason.trim() === '') problems.push(`tools/licences.json: ${name} has no reason`)
  }
  return problems
}

/** Checks every package of the lockfile that is installed here. */
export const checkLicences = async (root: string): Promise<string[]> => {
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  const places = Object.keys(read('package-lock.json').packages).filter(place => place !== '')
  const installed = places
    .filter(place => existsSync(join(root, place, 'package.json')))
    .map(place => read(join(place, 'package.json')))
    .map(({ name, version, license, licenses }) => ({
      name,
      version,
      licence: String(license?.type ?? license ?? licenses?.[0]?.type ?? 'none'),
    }))
  const locked = new Set(places.map(place => place.replace(/^.*node_modules\//, '')))
  return judgeLicences(installed, read('tools/licences.json'), locked)
}
