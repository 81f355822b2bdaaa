import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type Koa from 'koa'

/** Serves an application on a free port of this machine, tells the parent its address, and ends when told to. */
export const listen = (app: Koa): void => {
  const callback = app.callback()
  const server = createServer((req, res) => void callback(req, res))
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    process.send!(`http://127.0.0.1:${port}`)
  })
  endWithParent()
}

export const endWithParent = (): void => {
  process.on('SIGTERM', () => process.exit(0))
  process.on('disconnect', () => process.exit(0))
}
