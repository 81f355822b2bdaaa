import { createServer } from 'node:net'
import type { Config } from '../config.ts'

/** Addresses that stand for every one of the machine: nobody can be told to go there. */
const EVERYWHERE = ['0.0.0.0', '::']

/**
 * The settings with the port and the issuer that every process is to have: known before the first of them starts, and the
 * same for one that is started again. Without an issuer it is the address that the gateway listens on, which stays the
 * same over restarts as long as `PORT` does. One that listens on every address of the machine has none.
 */
export const settleAddress = async (config: Config): Promise<Config> => {
  const port = config.port === 0 ? await freePort(config.host) : config.port
  return { ...config, port, issuer: config.issuer || ownAddress({ ...config, port }) }
}

const ownAddress = ({ host, port, tlsCertFile }: Config): string => {
  if (EVERYWHERE.includes(host)) return ''
  return new URL(`${tlsCertFile ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`)
    .origin
}

const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, host, () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
