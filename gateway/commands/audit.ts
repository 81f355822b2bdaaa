import { parseArgs } from 'node:util'
import { compose, createLog, type Services } from '../compose.ts'
import type { Config } from '../config.ts'
import { heads, keys, verifyHeadsFile, verifyProofFile } from './audit-heads.ts'
import { retire } from './audit-retire.ts'
import { verify, verifySegment } from './audit-verify.ts'
import { prepare } from './environment.ts'
import { inWords } from './in-words.ts'
import type { Run } from './index.ts'

/** What a command on the trail works with, and what it was given. */
export type AuditCall = {
  services: Services
  config: Config
  /** Of the trail's owner. */
  adminUrl: string
  options: Options
}

export type Options = ReturnType<typeof parse>['values']

const USAGE = `Usage:
  annona audit verify [--head FILE] [--from HEIGHT] [--json]   check the whole trail, or from a block on
  annona audit verify --segment FILE [--json]                  check a file of entries that were taken out
  annona audit heads [--since HEIGHT]                          print signed heads, one a line, to be kept elsewhere
  annona audit keys                                            print the public keys that they are checked with
  annona audit verify-heads FILE --keys FILE                   check heads that were kept; needs no database
  annona audit verify-proof FILE --keys FILE [--head FILE]     check the proof of one entry; needs no database
  annona audit retire --before DATE --to DIR                   take old entries out of the database, into files

Status 0: whole; 1: broken; 2: it could not be checked.
`

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      head: { type: 'string' },
      from: { type: 'string' },
      segment: { type: 'string' },
      json: { type: 'boolean', default: false },
      since: { type: 'string' },
      keys: { type: 'string' },
      before: { type: 'string' },
      to: { type: 'string' },
    },
  })

/** Commands on the trail in the database. */
const ON_TRAIL: Record<string, (call: AuditCall) => Promise<number>> = {
  verify: call => (call.options.segment ? verifySegment(call) : verify(call)),
  heads,
  keys,
  retire,
}

/** Commands on files alone. */
const ON_FILES: Record<string, (file: string, keysFile: string, headsFile?: string) => Promise<number>> = {
  'verify-heads': verifyHeadsFile,
  'verify-proof': verifyProofFile,
}

/** Status 0: all is well; 1: something is broken; 2: it was not understood, or could not be checked. */
export const run: Run = async args => {
  try {
    return await runCommand(args)
  } catch (error) {
    process.stderr.write(`${inWords(error)}\n`)
    return 2
  }
}

const runCommand: Run = async args => {
  const { values: options, positionals } = parse(args)
  const [name = '', file, ...rest] = positionals
  const onFiles = ON_FILES[name]
  const onTrail = ON_TRAIL[name]
  if (onFiles && file && options.keys && rest.length === 0) return onFiles(file, options.keys, options.head)
  if (!onTrail || file !== undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const environment = await prepare(() => {})
  const { config, adminUrl } = environment
  const log = createLog({ logLevel: 'error' }, 'cli')
  const services = compose(config, log, { name: 'cli', statementTimeoutMs: 0 })
  try {
    return await onTrail({ services, config, adminUrl, options })
  } finally {
    await services.db.close()
    await environment.close()
  }
}
