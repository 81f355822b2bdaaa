import { useRef } from 'preact/hooks'
import { ApiProblem } from '../../../ui/api/problem.ts'

type KeyHeader = { 'Idempotency-Key': string }
type Once = <R>(what: string, send: (header: KeyHeader) => Promise<R>) => Promise<R>

/** Nobody said what became of it. */
const isUnknown = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === 0 || error.status >= 502)

/**
 * Sends something so that it is done once, however often it is tried: as long as nobody has answered, the same thing
 * (`what` names it) is sent again under the same key.
 */
export const useOnce = (): Once => {
  const open = useRef<{ what: string; key: string }>()
  return async (what, send) => {
    if (open.current?.what !== what) open.current = { what, key: crypto.randomUUID() }
    try {
      const answer = await send({ 'Idempotency-Key': open.current.key })
      open.current = undefined
      return answer
    } catch (error) {
      if (!isUnknown(error)) open.current = undefined
      throw error
    }
  }
}
