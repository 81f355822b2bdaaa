import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * The message definitions' official schemas are not on npm. Debian has them, as published by ISO 20022, in the
 * package libhbci4j-core-java; `apt-get install --no-install-recommends libhbci4j-core-java libxml2-utils unzip`
 * makes these checks run.
 */
const ARCHIVE = '/usr/share/java/hbci4j-core.jar'

const available = () =>
  existsSync(ARCHIVE) && ['xmllint', 'unzip'].every(tool => spawnSync(tool, ['--help']).error === undefined)

/**
 * Checks XML files against `pain.001.001.09` or `pain.002.001.10` and gives what the validator complains of:
 * nothing, when they are valid. `undefined` when the schemas or tools are not installed.
 */
export const schemaErrors = (message: string, files: readonly (string | Buffer)[]): string | undefined => {
  if (!available()) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'schema-'))
  try {
    const schema = spawnSync('unzip', ['-p', ARCHIVE, `${message}.xsd`]).stdout
    writeFileSync(join(folder, 'schema.xsd'), schema)
    const names = files.map((file, i) => {
      writeFileSync(join(folder, `${i}.xml`), file)
      return `${i}.xml`
    })
    const run = spawnSync('xmllint', ['--noout', '--nonet', '--schema', 'schema.xsd', ...names], {
      cwd: folder,
      encoding: 'utf8',
    })
    return run.stderr.replaceAll(/^.* validates$\n?/gm, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
