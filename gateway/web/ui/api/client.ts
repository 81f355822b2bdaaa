/*
 * The one way from a page to the API. A refusal is thrown as an ApiProblem. When the sign-in has ended, a request
 * waits until there is one again, and is sent once more: what was being done goes on.
 */
import createClient from 'openapi-fetch'
import { problemOf, unreachable } from './problem.ts'
import type { paths } from './schema.generated.ts'
import { connection, meNow, session, signedInAgain } from './session.ts'

const SAFE = ['GET', 'HEAD']

/** What a form posts to sign in: refusals of it are for the form. */
const isSignIn = ({ url, method }: Request): boolean =>
  method === 'POST' && new URL(url).pathname === '/api/v1/sessions'

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
    return response
  } catch (error) {
    if (request.signal.aborted) throw error
    connection.set('offline')
    throw unreachable()
  }
}

const send = async (request: Request): Promise<Response> => {
  // The same key when it is sent again: whatever became of the first, it is done once.
  if (request.method === 'POST' && !request.headers.has('Idempotency-Key'))
    request.headers.set('Idempotency-Key', crypto.randomUUID())
  let response = await reach(prepared(request))
  while (
    response.status === 401 &&
    !isSignIn(request) &&
    ['signed-in', 'ended'].includes(session.get().state)
  ) {
    await signedInAgain()
    response = await reach(prepared(request))
  }
  if (!response.ok) throw await problemOf(response)
  return response
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
