import { useState } from 'preact/hooks'
import { type ApiProblem, isOffline, messageOf } from '../../../ui/api/problem.ts'
import { asProblem, changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Batch } from './words.tsx'

type Headers = { 'If-Match': string }

/** Somebody else was faster: the batch is not what it was. */
const isOvertaken = ({ status, rule }: ApiProblem): boolean => status === 412 || rule === 'batch-state'

/**
 * A step of a batch: sent with the version that whoever pressed the button saw. Whatever came of it, the batch is read
 * again.
 */
export const useStep = ({ version }: Batch, done: string) => {
  const t = useText('payments')
  const [busy, setBusy] = useState(false)
  const run = async (send: (header: Headers) => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    try {
      await send({ 'If-Match': `"v${version}"` })
      toast('success', done)
      return true
    } catch (error) {
      const problem = asProblem(error)
      const text = isOffline(problem)
        ? t('unknownOutcome')
        : isOvertaken(problem)
          ? t('overtaken')
          : undefined
      toast('error', text ?? messageOf(problem))
      return false
    } finally {
      setBusy(false)
      await changed()
    }
  }
  return { busy, run }
}
