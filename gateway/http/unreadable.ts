import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Problem } from './problem.ts'
import { headersOf } from './secure.ts'

type Refusal = Pick<Problem, 'type' | 'title' | 'status' | 'detail'> & { reason: string }

const MALFORMED: Refusal = {
  type: '/problems/malformed-request',
  title: 'What was sent cannot be accepted',
  status: 400,
  reason: 'Bad Request',
  detail: 'The request is not well-formed HTTP.',
}

/** What Node's parser says of a request that never became one, by its error code. */
const REFUSALS: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    type: '/problems/headers-too-large',
    title: 'Too large',
    status: 431,
    reason: 'Request Header Fields Too Large',
    detail: 'The address and the headers together are larger than the 16 KiB accepted.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    type: '/problems/slow-request',
    title: 'Too slow',
    status: 408,
    reason: 'Request Timeout',
    detail: 'The request did not arrive in time.',
  },
}

/** Answers what is not a request, or not in time, with a problem like any other, and hangs up. */
export const refuseUnreadable =
  (tls: boolean) =>
  (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
    const { reason, ...refusal } = REFUSALS[error.code ?? ''] ?? MALFORMED
    const id = randomUUID()
    const problem: Problem = { ...refusal, instance: `urn:request:${id}` }
    const body = JSON.stringify(problem)
    const headers = {
      ...headersOf(tls),
      'X-Request-Id': id,
      'Content-Type': 'application/problem+json',
      'Content-Length': String(Buffer.byteLength(body)),
      Connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${problem.status} ${reason}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy())
  }
