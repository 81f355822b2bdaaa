import { ApiProblem, unreachable } from '../../ui/api/problem.ts'
import { connection } from '../../ui/api/session.ts'

/** What a part of the console could not be fetched with, when the server has another version by now. */
export const RENEWED = 'renewed'

/**
 * Why a part of the console could not be fetched: nobody answers, or somebody does, who does not have it any more. A
 * browser tells neither.
 */
export const whyNotFetched = async (error: unknown): Promise<ApiProblem> => {
  if (error instanceof ApiProblem) return error
  try {
    await fetch('/healthz', { cache: 'no-store' })
  } catch {
    connection.set('offline')
    return unreachable()
  }
  const detail = String((error as Error)?.message ?? error)
  return new ApiProblem({ status: 404, rule: RENEWED, title: 'A new version', detail })
}
