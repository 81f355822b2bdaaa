/*
 * The one way from a page to the API. A refusal is thrown as an ApiProblem. When the sign-in has ended, a request
 * waits until the same person has signed in again, and is sent once more: what was being done goes on. A refusal for
 * want of rights has what is known of them read again.
 */
import createClient from 'openapi-fetch'
import { heardTime } from './clock.ts'
import { doneOnce } from './deeds.ts'
import { problemOf, unreachable } from './problem.ts'
import type { paths } from './schema.generated.ts'
import { connection, markEnded, meNow, readSessionAgain, session, signedInAgain } from './session.ts'

const SAFE = ['GET', 'HEAD']
/** What is done to finish a sign-in that has something to set up first; see `x-part-of-sign-in` in the document. */
const FINISHING = ['/api/v1/password', '/api/v1/second-factor', '/api/v1/second-factor/confirm']

/** The ways to sign in, signing in and out, and who is signed in: what is answered to those is for whoever asked. */
const isOfSignIn = ({ url, method }: Request): boolean => {
  const { pathname } = new URL(url)
  return (
    ['/api/v1/sign-in', '/api/v1/sessions/current'].includes(pathname) ||
    (pathname === '/api/v1/sessions' && method === 'POST')
  )
}

/** Whether a request may wait for somebody to sign in again. */
const mayWait = (request: Request): boolean => {
  const { state } = session.get()
  if (isOfSignIn(request)) return false
  return state === 'signed-in' || (state === 'ended' && !FINISHING.includes(new URL(request.url).pathname))
}

const prepared = (request: Request): Request => {
  const copy = request.clone()
  if (SAFE.includes(copy.method)) return copy
  const csrf = meNow()?.csrf
  if (csrf) copy.headers.set('X-CSRF-Token', csrf)
  return copy
}

const reach = async (request: Request): Promise<Response> => {
  try {
    const response = await fetch(request)
    connection.set('online')
    heardTime(response.headers.get('Date'))
    return response
  } catch (error) {
    if (request.signal.aborted) throw error
    connection.set('offline')
    throw unreachable()
  }
}

/** Whether a request does something that is to be done once, and says not itself what makes it the same. */
const isDeed = (request: Request): boolean =>
  request.method === 'POST' && !request.headers.has('Idempotency-Key') && !isOfSignIn(request)

const send = (request: Request): Promise<Response> =>
  isDeed(request) ? doneOnce(request, answered) : answered(request)

const answered = async (request: Request): Promise<Response> => {
  if (session.get().state === 'ended' && mayWait(request)) await signedInAgain()
  const sentBy = meNow()
  const response = await reach(prepared(request))
  if (response.ok) return response
  if (response.status === 401 && mayWait(request)) {
    // An answer may come when somebody has signed in again already.
    if (meNow()?.csrf === sentBy?.csrf) await signedInAgain()
    return answered(request)
  }
  const problem = await problemOf(response)
  if (problem.status === 401 && request.method === 'GET') markEnded()
  if (problem.status !== 403) throw problem
  const reading = readSessionAgain().catch(() => undefined)
  if (problem.rule !== 'csrf') throw problem
  // Signed in anew in another window: nothing was done yet, and it is still the same person.
  await reading
  const now = meNow()
  if (now?.name !== sentBy?.name || now?.csrf === sentBy?.csrf) throw problem
  return answered(request)
}

/** The API: `api.GET('/api/v1/areas', { params })`. Paths, parameters and answers are those of its document. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: send })

/** What was answered. Refusals were thrown before. */
export const dataOf = async <T>(answer: Promise<{ data?: T }>): Promise<NonNullable<T>> =>
  (await answer).data as NonNullable<T>

/** What was answered, and the version of what was read, to be sent back as `If-Match` with a change of it. */
export const versioned = async <T>(
  answer: Promise<{ data?: T; response: Response }>,
): Promise<{ data: NonNullable<T>; version: string | undefined }> => {
  const { data, response } = await answer
  return { data: data as NonNullable<T>, version: response.headers.get('ETag') ?? undefined }
}
