import { compose, createLog } from './compose.ts'
import { readConfig, redacted } from './config.ts'
import { runUntilStopped, startOrTell } from './lifecycle.ts'
import { startGateway } from './server.ts'

/** The gateway process: any number of them over one database. */
const config = readConfig()
const log = createLog(config, 'gateway', { gathered: true })
const services = compose(config, log, {
  name: 'gateway',
  statementTimeoutMs: 30_000,
  acquireTimeoutMs: 2_000,
})
log.info({ settings: redacted(config) }, 'settings')
const gateway = await startOrTell(log, async () => {
  await services.keys.check()
  return startGateway(services)
})
log.info({ url: gateway.url }, 'gateway ready')
runUntilStopped(log, { ready: { url: gateway.url } }, async () => {
  await gateway.close()
  await services.db.close()
})
