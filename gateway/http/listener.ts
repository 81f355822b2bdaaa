import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Middleware } from 'koa'
import type { Config } from '../config.ts'
import type { Patience } from './patience.ts'
import { refuseUnreadable } from './unreadable.ts'

type Callback = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** The server of the gateway: HTTPS when the settings name a certificate, else HTTP. */
export const createListener = (config: Config, patience: Patience, callback: Callback): Server => {
  const options = {
    maxHeaderSize: 16_384,
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    keepAliveTimeout: patience.idle,
    connectionsCheckingInterval: Math.ceil(patience.headers / 5),
  }
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    response.once('finish', () => discardRest(request, patience.linger))
    void callback(request, response)
  }
  const server = config.tlsCertFile
    ? createTlsServer({ ...options, ...tlsOf(config), handshakeTimeout: patience.headers }, answer)
    : createServer(options, answer)
  return server.on('clientError', refuseUnreadable(config.tlsCertFile !== ''))
}

const tlsOf = (config: Config) => ({
  cert: readFileSync(config.tlsCertFile),
  key: readFileSync(config.tlsKeyFile),
  minVersion: 'TLSv1.2' as const,
})

/**
 * A request may be answered before its body is in. Closing at once would reset the connection and take the
 * answer with it, so the rest is thrown away for a short while.
 */
const discardRest = (request: IncomingMessage, lingerMs: number) => {
  if (request.complete) return
  request.resume()
  const timer = setTimeout(() => request.socket.destroy(), lingerMs)
  request.once('close', () => clearTimeout(timer))
}

/**
 * The way in, and how it is closed: no connection is taken any more and waiting ones end; what has begun is finished,
 * and its connection ends with the answer, so that nobody keeps the gateway by asking on.
 */
export const createDoor = (drainMs: number) => {
  let closing = false
  /** Connections without a request. Node's own list of idle ones lacks those that never sent any. */
  const waiting = new Set<Socket>()

  const opened = (socket: Socket) => {
    waiting.add(socket)
    socket.once('close', () => waiting.delete(socket))
  }

  const passage: Middleware = async (ctx, next) => {
    const { socket } = ctx.req
    waiting.delete(socket)
    ctx.res.once('close', () => socket.destroyed || waiting.add(socket))
    try {
      await next()
    } finally {
      if (closing) ctx.set('Connection', 'close')
    }
  }

  const close = (server: Server): Promise<void> =>
    new Promise(resolve => {
      closing = true
      const force = setTimeout(() => server.closeAllConnections(), drainMs)
      server.close(() => {
        clearTimeout(force)
        resolve()
      })
      for (const socket of waiting) socket.destroy()
    })

  return { opened, passage, close }
}
