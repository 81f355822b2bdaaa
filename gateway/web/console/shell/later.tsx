import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ApiProblem } from '../../ui/api/problem.ts'
import { Loading } from '../../ui/components/states.tsx'
import { loadTexts, type Namespaces, useLanguage } from '../../ui/i18n/index.ts'
import { whyNotFetched } from './fetching.ts'
import { NotFetched } from './not-fetched.tsx'

type State<P> = { part?: ComponentType<P>; problem?: ApiProblem }
type Props<P> = {
  /** Gives the component; the same function every time. */
  load: () => Promise<ComponentType<P>>
  texts?: keyof Namespaces
  props: P
  /** What stands there until then: grey lines, unless given. */
  until?: ComponentChildren
}

/** A part of the frame that is fetched when somebody asks for it. */
export const Later = <P extends object>({ load, texts, props, until }: Props<P>) => {
  const language = useLanguage()
  const [{ part: Part, problem }, setState] = useState<State<P>>({})
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isWanted = true
    void Promise.all([load(), texts ? loadTexts(texts) : undefined]).then(
      ([part]) => isWanted && setState({ part }),
      async (error: unknown) => {
        const why = await whyNotFetched(error)
        if (isWanted) setState({ problem: why })
      },
    )
    return () => {
      isWanted = false
    }
  }, [load, texts, language, attempt])
  if (problem) return <NotFetched problem={problem} retry={() => setAttempt(attempt + 1)} />
  return Part ? <Part {...props} /> : (until ?? <Loading lines={2} />)
}
