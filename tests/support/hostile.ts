import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { CallResult } from './gateway.ts'

/** What an answer must never show: stacks, files, statements, the names of what is inside. */
const INSIDE =
  /\bat .+:\d+:\d+|node_modules|\.ts\b|file:\/\/|SELECT |INSERT |UPDATE |syntax for type|pg_|postgres|ECONN|ajv/

/** Asserts that an answer is a refusal as every refusal must be: problem details, security headers, nothing of the inside. */
export const assertProblem = (
  answer: CallResult,
  status: number,
  expected: { pointer?: string; rule?: string; about?: string } = {},
): void => {
  const { pointer, rule, about = '' } = expected
  const shown = `${about} ${JSON.stringify(answer.body).slice(0, 400)}`
  assert.equal(answer.status, status, shown)
  assert.equal(answer.headers.get('Content-Type'), 'application/problem+json', about)
  assert.equal(answer.body.status, status)
  for (const member of ['type', 'title', 'detail', 'instance'])
    assert.equal(typeof answer.body[member], 'string', `${member} ${shown}`)
  assert.match(answer.body.type, /^\/problems\/[a-z-]+$/)
  assert.equal(answer.body.instance, `urn:request:${answer.headers.get('X-Request-Id')}`)
  assert.doesNotMatch(JSON.stringify(answer.body), INSIDE)
  assertSecure(answer.headers)
  if (rule) assert.equal(answer.body.type, `/problems/${rule}`, shown)
  if (pointer !== undefined) {
    const pointers = (answer.body.errors ?? []).map((e: { pointer: string }) => e.pointer)
    assert.ok(pointers.includes(pointer), `${pointer} is not among ${pointers.join(', ')} ${shown}`)
  }
}

/** Asserts the headers that every answer carries, whatever it is, and that nothing opens it to other origins. */
export const assertSecure = (headers: Headers): void => {
  assert.equal(headers.get('X-Content-Type-Options'), 'nosniff')
  assert.equal(headers.get('Referrer-Policy'), 'no-referrer')
  assert.equal(headers.get('Cross-Origin-Resource-Policy'), 'same-origin')
  assert.match(headers.get('Content-Security-Policy') ?? '', /^default-src 'none'.*frame-ancestors 'none'/)
  assert.match(headers.get('X-Request-Id') ?? '', /^[\w.-]{8,64}$/)
  const open = [...headers.keys()].filter(name => name.startsWith('access-control-'))
  assert.deepEqual(open, [])
  assert.equal(headers.get('X-Powered-By'), null)
}

/** A connection on which exactly what is written is sent; `answer` is the next whole answer, or fails when there is none. */
export type Wire = {
  send(text: string | Buffer): Promise<void>
  answer(): Promise<CallResult>
  /** Milliseconds until the other side hangs up. */
  closed(): Promise<number>
  end(): void
}

export const wireTo = async (url: string): Promise<Wire> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let received = Buffer.alloc(0)
  let gone = false
  const changed = new EventTarget()
  const tell = () => changed.dispatchEvent(new Event('change'))
  socket.on('data', data => {
    received = Buffer.concat([received, data])
    tell()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    gone = true
    tell()
  })
  const change = () => once(changed, 'change')
  return {
    send: bytes => new Promise(resolve => socket.write(bytes, () => resolve())),
    answer: async () => {
      for (;;) {
        const whole = takeAnswer(received)
        if (whole) {
          received = received.subarray(whole.length)
          return whole.result
        }
        if (gone)
          throw new Error(`hung up after ${received.length} bytes: ${received.toString().slice(0, 200)}`)
        await change()
      }
    },
    closed: async () => {
      const since = performance.now()
      while (!gone) await change()
      return performance.now() - since
    },
    end: () => socket.destroy(),
  }
}

const takeAnswer = (bytes: Buffer): { length: number; result: CallResult } | undefined => {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  if (status === 100) {
    const next = takeAnswer(bytes.subarray(headEnd + 4))
    return next && { ...next, length: next.length + headEnd + 4 }
  }
  const headers = new Headers(lines.map(line => line.split(/: ?(.*)/s, 2) as [string, string]))
  const length = headEnd + 4 + Number(headers.get('Content-Length') ?? 0)
  if (bytes.length < length) return undefined
  const text = bytes.subarray(headEnd + 4, length).toString()
  const isJson = /json/.test(headers.get('Content-Type') ?? '')
  return { length, result: { status, headers, body: isJson ? JSON.parse(text) : text } }
}

/** Sends a request as it is and reads its answer. */
export const sendRaw = async (url: string, request: string | Buffer): Promise<CallResult> => {
  const wire = await wireTo(url)
  try {
    await wire.send(request)
    return await wire.answer()
  } finally {
    wire.end()
  }
}

/** Asserts that a refusal is as OAuth has it (RFC 6749 section 5.2), with security headers and nothing of the inside. */
export const assertOAuthError = (
  answer: CallResult,
  status: number,
  error: string,
  about: string = '',
): void => {
  const shown = `${about} ${JSON.stringify(answer.body).slice(0, 400)}`
  assert.equal(answer.status, status, shown)
  assert.equal(answer.headers.get('Content-Type'), 'application/json', about)
  assert.deepEqual(Object.keys(answer.body), ['error', 'error_description'], shown)
  assert.equal(answer.body.error, error, shown)
  assert.match(answer.body.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  assert.doesNotMatch(answer.body.error_description, INSIDE)
  assert.equal(answer.headers.get('Cache-Control'), 'no-store')
  const challenge = answer.headers.get('WWW-Authenticate') ?? ''
  assert.equal(challenge.startsWith('Basic '), status === 401, `${about} ${challenge}`)
  assertSecure(answer.headers)
}
