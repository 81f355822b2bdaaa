import { compose, createLog } from '#gateway/compose.ts'
import { readConfig } from '#gateway/config.ts'
import { PATIENCE } from '#gateway/http/patience.ts'
import { bundleOpenApi } from '#gateway/openapi/bundle.ts'
import { startGateway } from '#gateway/server.ts'
import { withOperations } from '../synthetic.ts'
import { endWithParent } from './listen.ts'

/** The gateway as `gateway/main.ts` starts it, with as many operations as it will have one day. */
const config = readConfig()
const log = createLog(config, 'gateway', { gathered: true })
const services = compose(config, log, { name: 'gateway', statementTimeoutMs: 30_000 })
const document = withOperations(bundleOpenApi(), Number(process.argv[2]))
const gateway = await startGateway(services, PATIENCE, document)
process.send!(gateway.url)
endWithParent()
