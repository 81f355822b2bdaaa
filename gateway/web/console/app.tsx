import { Route, Switch } from 'wouter-preact'
import { may, session } from '../ui/api/session.ts'
import { NotAllowed, NotFound } from '../ui/components/states.tsx'
import { useStore } from '../ui/store.ts'
import { Loaded } from './loaded.tsx'
import { routes } from './routes.ts'
import { Frame } from './shell/frame.tsx'
import { SignIn } from './shell/sign-in.tsx'

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
          <SignIn />
        </Route>
      </Switch>
    )
  }
  return (
    <Frame me={me}>
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
    </Frame>
  )
}
