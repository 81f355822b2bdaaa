import { startSchedules, startWorker } from '#core/jobs/index.ts'
import { compose, createLog } from './compose.ts'
import { readConfig, redacted } from './config.ts'
import { runUntilStopped, startOrTell } from './lifecycle.ts'
import { consumersOf, jobHandlersOf, schedules, tasksOf } from './work.ts'

/** The worker process: runs jobs, relays messages, keeps schedules. Any number of them over one database. */
const config = readConfig()
const log = createLog(config, 'worker', { gathered: true })
const services = compose(config, log, { name: 'worker', statementTimeoutMs: 0 })
log.info({ settings: redacted(config) }, 'settings')
const worker = await startOrTell(log, async () => {
  await services.keys.check()
  return startWorker({
    connectionString: config.databaseUrl,
    concurrency: config.workerConcurrency,
    ...services,
    handlers: jobHandlersOf(services),
    tasks: tasksOf(services, consumersOf(services)),
    actorNow: services.access.actorNow,
  })
})
const cron = startSchedules(services.db, schedules, error =>
  log.error({ err: error }, 'a schedule could not be claimed'),
)
log.info('worker ready')
runUntilStopped(log, { ready: {} }, async () => {
  await cron.stop()
  await worker.stop()
  await services.db.close()
})
