import { useState } from 'preact/hooks'
import { toast } from '../components/banner.tsx'
import { confirm, type Question } from '../components/dialog.tsx'
import { type ApiProblem, messageOf } from './problem.ts'
import { asProblem, changed } from './queries.ts'

export type Action<A extends unknown[]> = {
  busy: boolean
  /** What the last attempt was refused with. */
  problem: ApiProblem | undefined
  run: (...args: A) => Promise<boolean>
}

/**
 * Something a button does: asks first when `ask` says what, tells that it went well (`done`) or why not, and has
 * whatever is on the page read again. `run` says whether it was done.
 */
export const useAction = <R, A extends unknown[] = []>(options: {
  act: (...args: A) => Promise<R>
  ask?: (...args: A) => Question
  done?: string | ((result: R) => string)
  onDone?: (result: R) => unknown
}): Action<A> => {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem>()
  const run = async (...args: A): Promise<boolean> => {
    if (busy || (options.ask && !(await confirm(options.ask(...args))))) return false
    setBusy(true)
    setProblem(undefined)
    try {
      const result = await options.act(...args)
      await changed()
      const said = typeof options.done === 'function' ? options.done(result) : options.done
      if (said) toast('success', said)
      await options.onDone?.(result)
      return true
    } catch (error) {
      const refused = asProblem(error)
      setProblem(refused)
      toast('error', messageOf(refused))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, run }
}
