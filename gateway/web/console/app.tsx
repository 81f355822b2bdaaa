import { Route, Switch } from 'wouter-preact'
import { may, session } from '../ui/api/session.ts'
import { NotAllowed, NotFound } from '../ui/components/states.tsx'
import { useStore } from '../ui/store.ts'
import { Loaded } from './loaded.tsx'
import { routes } from './routes.ts'
import { Frame } from './shell/frame.tsx'
import { Later } from './shell/later.tsx'
import { isUnfinished } from './shell/signing.ts'

// Whoever is signed in needs none of these at first; the last is there before it is needed: see `Frame`.
const signIn = () => import('./shell/sign-in.tsx').then(m => m.SignIn)
const finishPage = () => import('./shell/sign-in-finish.tsx').then(m => m.FinishPage)
const sessionEnded = () => import('./shell/session-ended.tsx').then(m => m.SessionEnded)

const isOpen = (path: string) => routes.some(r => r.permission === 'none' && r.path === path)

/** The console: the screen of the address within the frame; whoever is not signed in signs in first. */
export const App = () => {
  const now = useStore(session)
  const me = now.state === 'signed-in' || now.state === 'ended' ? now.me : undefined
  if (!me) {
    return (
      <Switch>
        {routes
          .filter(({ path }) => isOpen(path))
          .map(route => (
            <Route key={route.path} path={route.path}>
              {params => <Loaded route={route} params={params as Record<string, string>} />}
            </Route>
          ))}
        <Route>
          <Later load={signIn} texts="sign-in" props={{}} />
        </Route>
      </Switch>
    )
  }
  if (now.state === 'signed-in' && isUnfinished(me))
    return <Later load={finishPage} texts="sign-in" props={{ me }} />
  return (
    // Nothing of one person's page becomes part of another's.
    <Frame me={me} key={me.name}>
      <Switch>
        {routes.map(route => (
          <Route key={route.path} path={route.path}>
            {params =>
              route.permission === 'none' || may(me, route.permission) ? (
                <Loaded route={route} params={params as Record<string, string>} />
              ) : (
                <NotAllowed />
              )
            }
          </Route>
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
      {now.state === 'ended' && <Later load={sessionEnded} texts="sign-in" props={{}} />}
    </Frame>
  )
}
