import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { createIdentity } from './auth/identity.ts'
import { createSessionCookie } from './auth/session-cookie.ts'
import { createTokens } from './auth/tokens.ts'
import { issuerOf, type Services } from './compose.ts'
import { createApi } from './http/api.ts'
import { gaugeAudit } from './http/audit-gauge.ts'
import { createDoor, createListener } from './http/listener.ts'
import { createMetrics, observe } from './http/observe.ts'
import { PATIENCE } from './http/patience.ts'
import { securityHeaders } from './http/secure.ts'
import { systemRoutes } from './http/system.ts'
import { createEvents } from './live/events.ts'
import { bundleOpenApi } from './openapi/bundle.ts'
import { routesOf } from './routes/index.ts'
import { presentJob } from './routes/jobs.ts'
import { consolePages } from './web/console-pages.ts'
import { pageRoutes } from './web/pages.ts'

export type Gateway = { url: string; close(): Promise<void> }

/** Starts listening. The way of a request: observe → security headers → system and pages → the API. */
export const startGateway = async (
  services: Services,
  patience = PATIENCE,
  document = bundleOpenApi(),
): Promise<Gateway> => {
  const { config, log } = services
  const metrics = createMetrics()
  gaugeAudit(metrics.registry, services.audit)
  const tokens = createTokens({ ...services, issuer: issuerOf(config) })
  const cookie = createSessionCookie(config)
  const identify = createIdentity({ ...services, tokens, cookie })
  const events = createEvents({ ...services, present: presentJob }, patience.look)
  const routes = routesOf(services, tokens, events)
  const door = createDoor(patience.drain)
  // Of the addresses that a proxy forwards only the last is its own word; those before it are the caller's.
  const app = new Koa({ proxy: config.trustProxy, maxIpsCount: 1 })
  app.silent = true
  app.use(observe(log, metrics))
  app.use(securityHeaders(config.tlsCertFile !== ''))
  app.use(door.passage)
  app.use(systemRoutes({ ...services, document, metrics }))
  app.use(consolePages(headers => cookie.isIn(headers.cookie)))
  app.use(pageRoutes(document))
  app.use(await createApi({ ...services, ...config, document, routes, identify, patience }))

  const server = createListener(config, patience, app.callback())
  server.on(config.tlsCertFile ? 'secureConnection' : 'connection', door.opened)
  await listening(server, config)
  const { port, address, family } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return {
    url: `${config.tlsCertFile ? 'https' : 'http'}://${host}:${port}`,
    close: () => {
      events.close()
      return door.close(server)
    },
  }
}

const listening = (server: Server, { host, port }: Services['config']): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} of ${host} is in use; set PORT to another.`)
          : error,
      ),
    )
    server.listen(port, host, resolve)
  })
