import { createServer } from 'node:net'

/** A free port of the loopback interface: the preferred one when it is free, else one the kernel picks. */
export async function freePort(preferred?: number): Promise<number> {
  return (preferred && (await probe(preferred))) || (await probe(0))!
}

/** Binds a port and lets it go: answers which it was, or `undefined` when it is taken. */
function probe(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const socket = createServer()
    socket.once('error', () => resolve(undefined))
    socket.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = socket.address()
      socket.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}
