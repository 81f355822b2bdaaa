import { useEffect, useRef, useState } from 'preact/hooks'
import { isOffline } from '../../ui/api/problem.ts'
import { asProblem } from '../../ui/api/queries.ts'
import type { Me } from '../../ui/api/session.ts'
import type { Group } from './search-sources.ts'

/** What came of what was typed. */
export type Results = { state: 'closed' | 'asking' | 'there' | 'failed'; groups: readonly Group[] }

const CLOSED: Results = { state: 'closed', groups: [] }
const TYPING_MS = 200
const SHORTEST = 2

/** Looks for what is typed: among the screens at once, at the server a moment after the last letter. */
export const useSearch = (me: Me) => {
  const [results, setResults] = useState<Results>(CLOSED)
  const pending = useRef<AbortController>()
  const close = () => {
    pending.current?.abort()
    setResults(CLOSED)
  }
  useEffect(() => () => pending.current?.abort(), [])

  const look = async (typed: string) => {
    pending.current?.abort()
    const abort = new AbortController()
    pending.current = abort
    const { signal } = abort
    const show = (next: Results) => void (!signal.aborted && setResults(next))
    try {
      const sources = await import('./search-sources.ts')
      const text = typed.trim()
      if (text === '') return show({ state: 'there', groups: sources.recentPages() })
      const near = [...sources.referenced(text), ...sources.screensLike(me, text)]
      if (text.length < SHORTEST || near[0]?.key === 'reference')
        return show({ state: 'there', groups: near })
      show({ state: 'asking', groups: near })
      await new Promise(resolve => setTimeout(resolve, TYPING_MS))
      if (signal.aborted) return
      const far = await sources.found(text, signal).then(
        groups => ({ state: 'there' as const, groups }),
        error => ({
          state: isOffline(asProblem(error)) ? ('failed' as const) : ('there' as const),
          groups: [],
        }),
      )
      show({ state: far.state, groups: [...near, ...far.groups, ...sources.amongRegistrants(me, text)] })
    } catch {
      show({ state: 'failed', groups: [] })
    }
  }
  return { results, look: (typed: string) => void look(typed), close }
}
