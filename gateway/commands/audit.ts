import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Head } from '#core/audit/index.ts'
import { compose, createLog } from '../compose.ts'
import type { Config } from '../config.ts'
import { prepare } from './environment.ts'
import type { Run } from './index.ts'

/** Verifies the audit trail; status 1 when it is broken. */
export const run: Run = async args => {
  if (args[0] !== 'verify') {
    process.stderr.write('Usage: annona audit verify\n')
    return 2
  }
  const environment = await prepare(() => {})
  const services = compose(environment.config, createLog({ logLevel: 'error' }, 'cli'), {
    name: 'cli',
    statementTimeoutMs: 0,
  })
  try {
    const verdict = await services.audit.verify(newestKnownHead(environment.config))
    const { blocks, entries, unsealed, broken } = verdict
    process.stdout.write(
      broken
        ? `BROKEN: ${broken.what}${broken.block ? `, in block ${broken.block}` : ''}${broken.entry ? `, entry ${broken.entry}` : ''}\n`
        : `The audit trail is whole: ${entries} entries in ${blocks} sealed blocks, ${unsealed} not sealed yet.\n`,
    )
    return verdict.ok ? 0 : 1
  } finally {
    await services.db.close()
    await environment.close()
  }
}

/** The last head that a worker wrote down outside the database, if it did so here. */
const newestKnownHead = (config: Config): Head | undefined => {
  const path = join(config.dataDir, 'audit-heads.jsonl')
  if (!existsSync(path)) return undefined
  const heads = readFileSync(path, 'utf8').trim().split('\n').flatMap(parsed)
  return heads.sort((a, b) => Number(BigInt(b.height) - BigInt(a.height)))[0]
}

/** A line that was cut off by a crash is no head. */
const parsed = (line: string): Head[] => {
  try {
    return [JSON.parse(line) as Head]
  } catch {
    return []
  }
}
