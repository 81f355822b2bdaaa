import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { createTokens } from './auth/tokens.ts'
import { issuerOf, type Services } from './compose.ts'
import { createApi } from './http/api.ts'
import { createMetrics, observe } from './http/observe.ts'
import { securityHeaders } from './http/secure.ts'
import { systemRoutes } from './http/system.ts'
import { bundleOpenApi } from './openapi/bundle.ts'
import { routesOf } from './routes/index.ts'
import { pageRoutes } from './web/pages.ts'

export type Gateway = { url: string; close(): Promise<void> }

/** How long requests that have begun may go on after the gateway was told to stop. */
const DRAIN_MS = 10_000

/** Starts listening. The way of a request: observe → security headers → system and pages → the API. */
export const startGateway = async (services: Services): Promise<Gateway> => {
  const { config, log } = services
  const document = bundleOpenApi()
  const metrics = createMetrics()
  const tokens = createTokens({ ...services, issuer: issuerOf(config) })
  const app = new Koa({ proxy: config.trustProxy })
  app.silent = true
  app.use(observe(log, metrics))
  app.use(securityHeaders(config.tlsCertFile !== ''))
  app.use(systemRoutes({ ...services, document, metrics }))
  app.use(pageRoutes(document))
  app.use(await createApi({ ...services, ...config, document, routes: routesOf(services, tokens), tokens }))

  const server = listenerFor(services, app.callback())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${config.port} of ${config.host} is in use; set PORT to another.`)
          : error,
      ),
    )
    server.listen(config.port, config.host, resolve)
  })
  const { port, address, family } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return { url: `${config.tlsCertFile ? 'https' : 'http'}://${host}:${port}`, close: () => drain(server) }
}

/** Node's own time-outs are generous; these end slow headers, slow bodies and idle connections. */
const listenerFor = ({ config }: Services, callback: ReturnType<Koa['callback']>): Server => {
  const options = {
    maxHeaderSize: 16_384,
    headersTimeout: 10_000,
    requestTimeout: 15 * 60_000, // a large file over a slow line; bodies that stall are cut off sooner (http/body.ts)
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 2_000,
  }
  if (!config.tlsCertFile) return createServer(options, (req, res) => void callback(req, res))
  const tls = {
    cert: readFileSync(config.tlsCertFile),
    key: readFileSync(config.tlsKeyFile),
    minVersion: 'TLSv1.2' as const,
  }
  return createTlsServer({ ...options, ...tls }, (req, res) => void callback(req, res))
}

const drain = (server: Server): Promise<void> =>
  new Promise(resolve => {
    const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    server.closeIdleConnections()
  })
