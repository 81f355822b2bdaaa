import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { DomainError } from '#core/kernel/index.ts'
import { readBody } from './body.ts'
import { type Destination, destinationOf, type Resolve, systemResolve } from './destination.ts'
import { refusal } from './refusals.ts'

/** As `fetch`: a web Request or URL in, a web Response out, its body read whole. Throws `unavailable`. */
export type GuardedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export type GuardedFetchOptions = {
  /** `host:port` of what may be called although it is inside, without TLS or on another port (`readAllowList`). */
  allow?: ReadonlySet<string>
  /** Longest time until there is a connection (TLS included), until there are headers, and in all. */
  connectMs?: number
  headersMs?: number
  totalMs?: number
  /** Largest body of an answer, as it comes and unpacked. */
  maxBytes?: number
  /** How names become addresses; the system's resolver unless a test says otherwise. */
  resolve?: Resolve
  /** Whether the caller is in a unit of work of the database, which must not wait for others. */
  inTransaction?: () => boolean
}

type Limits = { connectMs: number; headersMs: number; totalMs: number; maxBytes: number }

/**
 * **The guarded HTTP client**: the one way out to addresses that people configure. It resolves the name, checks every
 * address, and connects to a checked one and no other, so that a name which answers differently the second time leads
 * nowhere; TLS still verifies the name. Redirects are not followed. Time and size are bounded.
 * A new connection for each request: nothing is shared between destinations.
 */
export const createGuardedFetch = (options: GuardedFetchOptions = {}): GuardedFetch => {
  const { allow = new Set<string>(), resolve = systemResolve, inTransaction = () => false } = options
  const limits: Limits = {
    connectMs: options.connectMs ?? 5_000,
    headersMs: options.headersMs ?? 10_000,
    totalMs: options.totalMs ?? 20_000,
    maxBytes: options.maxBytes ?? 1_048_576,
  }
  return async (input, init) => {
    if (inTransaction()) throw new Error('no other system is called inside a unit of work')
    const total = AbortSignal.timeout(limits.totalMs)
    const url = URL.parse(input instanceof Request ? input.url : String(input))
    if (!url) throw refusal('outbound-address', 'not a URL')
    const checking = destinationOf(url, allow, resolve)
    const destination = await orAborted(checking, total)
    const asked = new Request(input instanceof Request ? input : url, init)
    const signal = AbortSignal.any([total, asked.signal])
    try {
      const answer = await answerOf(destination, asked, limits, signal)
      return await toResponse(url, answer, limits.maxBytes)
    } catch (error) {
      if (error instanceof DomainError) throw error
      throw refusal(signal.aborted ? 'outbound-timeout' : 'outbound-unreachable', error)
    }
  }
}

/** A resolver cannot be stopped, but need not be waited for. */
const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(refusal('outbound-timeout', signal.reason)), { once: true })
    work.then(resolve, reject)
  })

/** Headers that belong to the connection and are ours to set. */
const OURS = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'expect']

const answerOf = async (
  destination: Destination,
  asked: Request,
  limits: Limits,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const { url } = destination
  const body = Buffer.from(await asked.arrayBuffer())
  const headers = Object.fromEntries([...asked.headers].filter(([name]) => !OURS.includes(name)))
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: asked.method,
    headers: {
      ...headers,
      'Accept-Encoding': 'gzip, br',
      ...(body.length > 0 ? { 'Content-Length': body.length } : {}),
    },
    agent: false,
    lookup: onlyTo(destination),
    signal,
  })
  request.end(body)
  return within(request, limits)
}

/** Answers whoever connects with the addresses that were checked, whatever the name would resolve to by now. */
const onlyTo =
  ({ addresses }: Destination): LookupFunction =>
  (_hostname, options, answer) => {
    if (options.all) answer(null, [...addresses])
    else answer(null, addresses[0]!.address, addresses[0]!.family)
  }

/** The head of the answer. Destroys the request when a connection or the headers take too long. */
const within = (request: ClientRequest, { connectMs, headersMs }: Limits): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const late = (what: string) => () => request.destroy(refusal('outbound-timeout', `no ${what} in time`))
    const connecting = setTimeout(late('connection'), connectMs)
    const answering = setTimeout(late('headers'), headersMs)
    const settled = () => {
      clearTimeout(connecting)
      clearTimeout(answering)
    }
    request.on('socket', socket => {
      const isTls = 'encrypted' in socket
      socket.once(isTls ? 'secureConnect' : 'connect', () => clearTimeout(connecting))
    })
    request.on('response', answer => {
      settled()
      resolve(answer)
    })
    request.on('error', error => {
      settled()
      reject(error)
    })
  })

const REDIRECTS = new Set([300, 301, 302, 303, 307, 308])
/** Answers that have no body (Fetch standard, null body status). */
const WITHOUT_BODY = new Set([204, 205, 304])
/** Headers that told how the body came, which it no longer does. */
const OF_THE_WAY = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'connection'])

const toResponse = async (url: URL, answer: IncomingMessage, maxBytes: number): Promise<Response> => {
  const status = answer.statusCode!
  try {
    if (REDIRECTS.has(status)) {
      const to = URL.parse(answer.headers.location ?? '', url)
      throw refusal('outbound-redirect', `${url.host} redirects to ${to ? to.origin : 'no address'}`)
    }
    const body = await readBody(answer, maxBytes)
    const headers = new Headers()
    for (const [name, values] of Object.entries(answer.headersDistinct))
      if (!OF_THE_WAY.has(name)) for (const value of values!) headers.append(name, value)
    return new Response(WITHOUT_BODY.has(status) ? null : body, {
      status,
      statusText: answer.statusMessage ?? '',
      headers,
    })
  } finally {
    answer.destroy()
  }
}
