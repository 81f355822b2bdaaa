import { useEffect, useState } from 'preact/hooks'
import type { ApiProblem } from '../ui/api/problem.ts'
import { Loading } from '../ui/components/states.tsx'
import { loadTexts, useLanguage } from '../ui/i18n/index.ts'
import type { Route, Screen } from './routing.ts'
import { whyNotFetched } from './shell/fetching.ts'
import { NotFetched } from './shell/not-fetched.tsx'

type State = { screen?: Screen; problem?: ApiProblem }
const known = new Map<Route, Screen>()

/** Loads a screen and its texts, and shows it. A screen that cannot be loaded can be tried again. */
export const Loaded = ({ route, params }: { route: Route; params: Record<string, string> }) => {
  const language = useLanguage()
  const [state, setState] = useState<State>({})
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isWanted = true
    Promise.all([route.screen(), loadTexts(...route.texts)])
      .then(([screen]) => {
        known.set(route, screen)
        if (isWanted) setState({ screen })
      })
      .catch(async error => {
        const problem = await whyNotFetched(error)
        if (isWanted) setState({ problem })
      })
    return () => {
      isWanted = false
    }
  }, [route, language, attempt])
  if (state.problem)
    return (
      <NotFetched
        problem={state.problem}
        retry={() => {
          setState({})
          setAttempt(attempt + 1)
        }}
      />
    )
  const Shown = state.screen
  return Shown && known.get(route) === Shown ? <Shown params={params} /> : <Loading />
}
