import { createStore } from '../store.ts'
import type { components, paths } from './schema.generated.ts'

/** Who is signed in, and what they may do where, as the API says. */
export type Me = paths['/api/v1/sessions/current']['get']['responses'][200]['content']['application/json']
export type Problem = components['schemas']['Problem']

/**
 * Whether anybody is signed in. `ended` means that somebody was, and that their page is still open: whoever has typed
 * something keeps it while they sign in again.
 */
export type Session =
  | { state: 'unknown' }
  | { state: 'nobody' }
  | { state: 'signed-in'; me: Me }
  | { state: 'ended'; me: Me }

export const session = createStore<Session>({ state: 'unknown' })

/** Whether the server is reached. */
export const connection = createStore<'online' | 'offline'>('online')

/** Who is signed in, or was until a moment ago. */
export const meNow = (): Me | undefined => {
  const now = session.get()
  return now.state === 'signed-in' || now.state === 'ended' ? now.me : undefined
}

/** Whether they may do something, somewhere. What they may do to one thing, the server says. */
export const may = (me: Me | undefined, permission: string): boolean =>
  permission === 'any' ? me !== undefined : (me?.permissions.includes(permission) ?? false)

/** Marks the sign-in as ended, and waits until somebody has signed in again. */
export const signedInAgain = (): Promise<void> =>
  new Promise(resolve => {
    const now = session.get()
    if (now.state === 'signed-in') session.set({ state: 'ended', me: now.me })
    const stop = session.subscribe(() => {
      if (session.get().state !== 'signed-in') return
      stop()
      resolve()
    })
  })
