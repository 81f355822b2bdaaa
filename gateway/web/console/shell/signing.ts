/*
 * Who is signed in, in this window and in the others. Nothing of one person stays for another: not what was read, and
 * not what was typed.
 */
import { navigate } from 'wouter-preact/use-browser-location'
import { api, dataOf } from '../../ui/api/client.ts'
import { ApiProblem } from '../../ui/api/problem.ts'
import { asProblem, changed, queries } from '../../ui/api/queries.ts'
import { type Me, markEnded, meNow, readSessionBy, session } from '../../ui/api/session.ts'
import { toast } from '../../ui/components/banner.tsx'
import { textNow } from '../../ui/i18n/index.ts'
import { createStore } from '../../ui/store.ts'
// Reads what the address says of a refusal, before the page is drawn.
import './sign-in-refused.ts'

export type Credentials = { username: string; password: string; code?: string; recoveryCode?: string }

const HOME = '/console/'
/** Whose drafts this window keeps: those are there after a reload, when nobody may be signed in any more. */
const PERSON = 'annona.person'
/** Tells the other windows of this browser, which share the sign-in, that it is another one now, or none. */
const windows = new BroadcastChannel('annona-sign-in')

/** Why it could not be found out who is signed in, when the page is opened. */
export const trouble = createStore<ApiProblem | undefined>(undefined)

/** Something is shown this once: the page stays as it is until whoever has signed in goes on. */
export const finishing = createStore(false)

/** Whether somebody has still to set up something before their sign-in counts. */
export const isUnfinished = (me: Me): boolean => me.mustChangePassword || me.mustEnrol

let reading: Promise<void> | undefined

/** Finds out who is signed in. What cannot be found out now is in `trouble`, and whoever was signed in stays so. */
export const readSession = (): Promise<void> => {
  reading ??= readOnce().finally(() => {
    reading = undefined
  })
  return reading
}

const readOnce = async (): Promise<void> => {
  try {
    become(await dataOf(api.GET('/api/v1/sessions/current')))
    trouble.set(undefined)
  } catch (error) {
    const problem = asProblem(error)
    trouble.set(problem.status === 401 ? undefined : problem)
    if (!meNow()) session.set({ state: 'nobody' })
  }
}

/** Signs in by password. Throws what the API refuses with: `second-factor-required` asks for a code as well. */
export const signIn = async (credentials: Credentials): Promise<void> => {
  await dataOf(api.POST('/api/v1/sessions', { body: { ...credentials, cookie: true } }))
  await readSession()
  windows.postMessage('in')
}

/** Signs out, also of the other windows. Throws when the server cannot be told: then the sign-in lasts. */
export const signOut = async (): Promise<void> => {
  await api.DELETE('/api/v1/sessions/current').catch(error => {
    if (!(error instanceof ApiProblem && error.status === 401)) throw error
  })
  windows.postMessage('out')
  forget()
}

/**
 * Leaves a sign-in that has ended. Nothing of what was read or typed stays in this window, wherever it was kept: the
 * page is loaded anew, at its start.
 */
export const forget = (): void => {
  queries.clear()
  sessionStorage.clear()
  // Takes what is open away, and with it what asks before it is left.
  session.set({ state: 'nobody' })
  setTimeout(() => location.replace(HOME))
}

/** Shows the page to whoever is signed in now. Another person than before sees nothing of what was open. */
const become = (me: Me): void => {
  const now = session.get()
  const before = meNow()
  if (before && before.name !== me.name) {
    forget()
    sessionStorage.setItem(PERSON, me.name)
    return
  }
  if (finishing.get()) return
  if (!before) keepDraftsOf(me)
  if (now.state === 'ended' && isUnfinished(me)) {
    // What they may do is not known before they have finished; the page stays what it was.
    const { csrf, mustChangePassword, mustEnrol } = me
    session.set({ state: 'ended', me: { ...now.me, ...(csrf && { csrf }), mustChangePassword, mustEnrol } })
    return
  }
  if (now.state === 'signed-in' && JSON.stringify(before) === JSON.stringify(me)) return
  session.set({ state: 'signed-in', me })
  if (before) tellChange(before, me)
}

/** Drafts that somebody left are there for themselves alone; to others the address says nothing, either. */
const keepDraftsOf = (me: Me): void => {
  const person = sessionStorage.getItem(PERSON)
  if (person !== null && person !== me.name) {
    sessionStorage.clear()
    navigate(HOME, { replace: true })
  }
  sessionStorage.setItem(PERSON, me.name)
}

/** What one may do has changed while the page was open: it is read again, and said when something is gone. */
const tellChange = (before: Me, me: Me): void => {
  if (JSON.stringify(before.grants) === JSON.stringify(me.grants)) return
  void changed()
  if (isUnfinished(before) || isUnfinished(me)) return
  if (before.permissions.some(permission => !me.permissions.includes(permission)))
    toast('warning', textNow('shell')('fewerRights'))
}

/**
 * Keeps up with what happens to the sign-in elsewhere: in other windows of this browser, and at the server while the
 * window was not looked at. Returns when it is known who is signed in.
 */
export const startSigning = async (): Promise<void> => {
  readSessionBy(readSession)
  windows.onmessage = ({ data }: MessageEvent<'in' | 'out'>) => {
    if (data === 'in') void readSession()
    else markEnded()
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void readSession()
  })
  // A page that the browser kept whole while it was elsewhere.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void readSession()
  })
  // The server says with the page when the browser brought no sign-in: nobody needs to be asked.
  if ('nobody' in document.documentElement.dataset) session.set({ state: 'nobody' })
  else await readSession()
  // Somebody may have come back from an identity provider, and another window waits for them.
  if (session.get().state === 'signed-in') windows.postMessage('in')
}
