import { createStore } from '../store.ts'
import { ApiProblem } from './problem.ts'
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

let read = async (): Promise<void> => {}

/** Says how the page finds out who is signed in; once, where it starts. */
export const readSessionBy = (reading: () => Promise<void>): void => {
  read = reading
}

/** Finds out again who is signed in and what they may do: a refusal says that what was known is old. */
export const readSessionAgain = (): Promise<void> => read()

/** The server knows the sign-in no more: the page stays open, for whoever was signed in to come back. */
export const markEnded = (): void => {
  const now = session.get()
  if (now.state === 'signed-in') session.set({ state: 'ended', me: now.me })
}

/**
 * Marks the sign-in as ended, and waits until the same person has signed in again. Throws `ApiProblem` (401, rule
 * `sign-in-left`) when it was somebody else, or nobody: what waited is not done in their name.
 */
export const signedInAgain = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const before = meNow()?.name
    const stop = session.subscribe(() => {
      const next = session.get()
      if (next.state === 'ended') return
      stop()
      if (next.state === 'signed-in' && next.me.name === before) resolve()
      else reject(left())
    })
    markEnded()
  })

const left = () =>
  new ApiProblem({
    status: 401,
    rule: 'sign-in-left',
    title: 'Nobody went on',
    detail: 'Whoever asked for this has not signed in again.',
  })
