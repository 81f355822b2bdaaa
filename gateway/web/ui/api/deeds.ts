import { ApiProblem } from './problem.ts'

/** How long what was sent without an answer may be tried again. Whoever sends the same later means it again. */
const FOR_MS = 10 * 60_000

/** Keys of what nobody answered, by what was sent. */
const open = new Map<string, { key: string; since: number }>()

/** Nobody said what became of it: there was no answer, or only one from something on the way. */
const isUnknown = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === 0 || error.status >= 502)

/**
 * Sends a request that does something under a key of its own, so that it is done once. As long as nobody has answered,
 * the same again is sent under the same key: what was done while its answer was lost is not done a second time.
 */
export const doneOnce = async <R>(request: Request, send: (request: Request) => Promise<R>): Promise<R> => {
  const what = `${request.url}\n${await request.clone().text()}`
  const before = open.get(what)
  const isFresh = before !== undefined && performance.now() - before.since < FOR_MS
  const deed = isFresh ? before : { key: crypto.randomUUID(), since: performance.now() }
  // The same twice at a time is two.
  open.delete(what)
  request.headers.set('Idempotency-Key', deed.key)
  try {
    return await send(request)
  } catch (error) {
    if (isUnknown(error)) open.set(what, deed)
    throw error
  }
}
