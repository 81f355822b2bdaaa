import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A Debian package that some tests need. `proof` is a file that shows it is installed. */
export type DebianPackage = { name: string; proof: string; reason: string }

/** All that the tests take from Debian. Nothing here is needed to run the product. */
export const DEBIAN = {
  postgres15: {
    name: 'postgresql-15',
    proof: '/usr/lib/postgresql/15/bin/initdb',
    reason: 'the oldest server that the SQL must run on',
  },
  chromium: {
    name: 'chromium',
    proof: '/usr/bin/chromium',
    reason: 'the browser that drives the screens in *.browser.test.ts',
  },
  xmllint: {
    name: 'libxml2-utils',
    proof: '/usr/bin/xmllint',
    reason: 'an independent validator of payment files against their XML schemas',
  },
  schemas: {
    name: 'libhbci4j-core-java',
    proof: '/usr/share/java/hbci4j-core.jar',
    reason: 'has the XML schemas of ISO 20022, which payment files are validated against',
  },
  unzip: {
    name: 'unzip',
    proof: '/usr/bin/unzip',
    reason: 'takes the schemas out of their archive',
  },
} as const satisfies Record<string, DebianPackage>

/**
 * Installs what is missing, when this process may (root, with apt-get). Returns what is still missing afterwards,
 * with the reason why.
 */
export const installDebian = (
  wanted: readonly DebianPackage[],
): { missing: DebianPackage; why: string }[] => {
  const missing = wanted.filter(p => !existsSync(p.proof))
  if (missing.length === 0) return []
  const all = (why: string) => missing.map(p => ({ missing: p, why }))
  if (process.getuid?.() !== 0) return all('not installed, and only root can install it')
  if (!existsSync('/usr/bin/apt-get')) return all('not installed, and this system has no apt-get')
  aptGet('update', '-qq')
  const { status, stderr } = aptGet(
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    ...missing.map(p => p.name),
  )
  const last = stderr.trim().split('\n').at(-1) ?? ''
  return missing
    .filter(p => !existsSync(p.proof))
    .map(p => ({ missing: p, why: `apt-get could not install it (exit code ${status}): ${last}` }))
}

const aptGet = (...args: string[]) =>
  spawnSync('apt-get', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  })
