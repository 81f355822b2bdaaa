import { type Logger, pino } from 'pino'
import { createIso20022 } from '#adapters/iso20022/index.ts'
import { createGuardedFetch, readAllowList } from '#connectors/kit/index.ts'
import { createAccess } from '#core/access/index.ts'
import { createApprovals } from '#core/approvals/index.ts'
import { createAreas } from '#core/areas/index.ts'
import { createAudit } from '#core/audit/index.ts'
import { createCredentials } from '#core/credentials/index.ts'
import { connect, inTransaction } from '#core/db/index.ts'
import { createDistribution } from '#core/distribution/index.ts'
import { createFiles } from '#core/files/index.ts'
import { createHistory } from '#core/history/index.ts'
import { createIdempotency } from '#core/idempotency/index.ts'
import { createImports } from '#core/imports/index.ts'
import { createInventory } from '#core/inventory/index.ts'
import { createJobs, jobNews } from '#core/jobs/index.ts'
import { systemClock, systemIds } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { createLedger } from '#core/ledger/index.ts'
import { createLimits } from '#core/limits/index.ts'
import { createLive } from '#core/live/index.ts'
import { createMessages } from '#core/messages/index.ts'
import { createNotifications } from '#core/notifications/index.ts'
import { createOutbox } from '#core/outbox/index.ts'
import { createPayments } from '#core/payments/index.ts'
import { createPrograms } from '#core/programs/index.ts'
import { createRegistry } from '#core/registry/index.ts'
import { createSearch } from '#core/search/index.ts'
import { createThings } from '#core/things/index.ts'
import * as codec from '#credentials/index.ts'
import { createOidc } from './auth/oidc/index.ts'
import { type Config, masterKeyOf } from './config.ts'
import { things } from './things.ts'

export type Services = ReturnType<typeof compose>

/**
 * Builds every module from the settings: the one place where things are constructed. Gateway, worker and
 * command line each call it once.
 */
export const compose = (
  config: Config,
  log: Logger,
  process: { name: string; statementTimeoutMs: number; acquireTimeoutMs?: number },
) => {
  const clock = systemClock
  const ids = systemIds
  const db = connect({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    applicationName: `annona ${process.name}`,
    statementTimeoutMs: process.statementTimeoutMs,
    acquireTimeoutMs: process.acquireTimeoutMs ?? 30_000,
    onError: error => log.warn({ err: error }, 'a database connection was lost'),
  })
  const keys = createKeys({ db, clock, ids, masterKey: masterKeyOf(config) })
  const audit = createAudit({ db, keys, clock })
  const outbox = createOutbox({ db, ids, clock })
  const jobs = createJobs({ db, ids, clock, audit })
  const base = { db, clock, ids, audit, outbox, jobs, keys }
  const access = createAccess({ ...base, settings: config })
  const files = createFiles(base)
  const areas = createAreas(base)
  const registry = createRegistry(base)
  const ledger = createLedger(base)
  const { attributeDefinitions } = registry
  const approvals = createApprovals({
    ...base,
    people: access,
    subjects: () => [programs.approvalSubject, payments.approvalSubject, imports.approvalSubject],
  })
  const programs = createPrograms({ ...base, ledger, approvals, attributeDefinitions })
  const payments = createPayments({ ...base, files, ledger, programs, approvals, ...createIso20022() })
  const imports = createImports({
    ...base,
    files,
    approvals,
    areas,
    areasFor: ctx => areas.reachable(ctx, 'import:write'),
    attributeDefinitions,
  })
  const inventory = createInventory(base)
  const credentials = createCredentials({ ...base, codec })
  return {
    ...base,
    config,
    log,
    access,
    oidc: createOidc({ fetch: signInFetch(config), clock }),
    files,
    limits: createLimits(base),
    live: createLive({ db, access }),
    idempotency: createIdempotency(base),
    search: createSearch({
      access,
      approvals,
      areas,
      imports,
      jobs,
      payments,
      programs,
      registry,
      things: createThings(db, things),
    }),
    history: createHistory({ ...base, files, things: createThings(db, things) }),
    messages: createMessages({ db, things: createThings(db, things) }),
    notifications: createNotifications({ ...base, news: [jobNews, approvals.news] }),
    areas,
    registry,
    imports,
    approvals,
    ledger,
    programs,
    payments,
    inventory,
    credentials,
    distribution: createDistribution({ ...base, credentials, inventory, programs }),
  }
}

/** Reaches identity providers: somebody waits in front of a browser, and the answers are small. */
const signInFetch = ({ outboundAllow }: Config) =>
  createGuardedFetch({
    allow: readAllowList(outboundAllow),
    connectMs: 3_000,
    headersMs: 5_000,
    totalMs: 8_000,
    maxBytes: 524_288,
    inTransaction,
  })

/**
 * The log of a process: JSON lines with request and job ids; nothing personal goes in, so nothing is cut out. Lines
 * of a process that serves are gathered and written twice a second, and when it ends, so that no request waits for them.
 */
export const createLog = (
  config: Pick<Config, 'logLevel'>,
  name: string,
  { gathered = false } = {},
): Logger =>
  pino(
    {
      level: config.logLevel,
      base: { process: name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination(
      gathered ? { dest: 1, sync: false, minLength: 4_096, periodicFlush: 500 } : { dest: 2, sync: true },
    ),
  )

/** Who issues tokens: the public address if there is one; the same for every gateway of an installation. */
export const issuerOf = (config: Config): string => config.issuer || 'urn:annona:installation'
