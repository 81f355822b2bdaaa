import { type Logger, pino } from 'pino'
import { createAccess } from '#core/access/index.ts'
import { createAreas } from '#core/areas/index.ts'
import { createAudit } from '#core/audit/index.ts'
import { connect } from '#core/db/index.ts'
import { createFiles } from '#core/files/index.ts'
import { createIdempotency } from '#core/idempotency/index.ts'
import { createJobs } from '#core/jobs/index.ts'
import { systemClock, systemIds } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { createLimits } from '#core/limits/index.ts'
import { createOutbox } from '#core/outbox/index.ts'
import { createRegistry } from '#core/registry/index.ts'
import { type Config, masterKeyOf } from './config.ts'

export type Services = ReturnType<typeof compose>

/**
 * Builds every module from the settings: the one place where things are constructed. Gateway, worker and
 * command line each call it once.
 */
export const compose = (
  config: Config,
  log: Logger,
  process: { name: string; statementTimeoutMs: number },
) => {
  const clock = systemClock
  const ids = systemIds
  const db = connect({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    applicationName: `annona ${process.name}`,
    statementTimeoutMs: process.statementTimeoutMs,
    onError: error => log.warn({ err: error }, 'a database connection was lost'),
  })
  const keys = createKeys({ db, clock, ids, masterKey: masterKeyOf(config) })
  const audit = createAudit({ db, keys, clock })
  const outbox = createOutbox({ db, ids, clock })
  const jobs = createJobs({ db, ids, clock, audit })
  const base = { db, clock, ids, audit, outbox, jobs, keys }
  const access = createAccess(base)
  const files = createFiles(base)
  return {
    ...base,
    config,
    log,
    access,
    files,
    limits: createLimits(base),
    idempotency: createIdempotency(base),
    areas: createAreas(base),
    registry: createRegistry(base),
  }
}

/** The log of a process: JSON lines with request and job ids; nothing personal goes in, so nothing is cut out. */
export const createLog = (config: Pick<Config, 'logLevel'>, name: string): Logger =>
  pino({
    level: config.logLevel,
    base: { process: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  })

/** Where this installation is reached, named in tokens and credentials. */
export const issuerOf = (config: Config): string =>
  config.issuer || `${config.tlsCertFile ? 'https' : 'http'}://${config.host}:${config.port}`
