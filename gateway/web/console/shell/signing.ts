import { api, dataOf } from '../../ui/api/client.ts'
import { ApiProblem } from '../../ui/api/problem.ts'
import { queries } from '../../ui/api/queries.ts'
import { type Me, meNow, session } from '../../ui/api/session.ts'

export type Credentials = { username: string; password: string; code?: string; recoveryCode?: string }

/** Finds out who is signed in. Where nobody can be reached, nobody is. */
export const readSession = async (): Promise<void> => {
  try {
    become(await dataOf(api.GET('/api/v1/sessions/current')))
  } catch (problem) {
    session.set({ state: 'nobody' })
    if (!(problem instanceof ApiProblem && problem.status === 401)) throw problem
  }
}

/** Signs in by password. Throws what the API refuses with: `second-factor-required` asks for a code as well. */
export const signIn = async (credentials: Credentials): Promise<void> => {
  await dataOf(api.POST('/api/v1/sessions', { body: { ...credentials, cookie: true } }))
  await readSession()
}

/** Signs out. Nothing of what was read stays in the page. */
export const signOut = async (): Promise<void> => {
  await api.DELETE('/api/v1/sessions/current')
  forget()
}

/** The sign-in has ended, and nothing is to be kept for whoever comes next. */
export const forget = (): void => {
  queries.clear()
  sessionStorage.clear()
  session.set({ state: 'nobody' })
}

/** Another person than before does not see what was open. */
const become = (me: Me): void => {
  const before = meNow()
  if (before && before.name !== me.name) {
    queries.clear()
    sessionStorage.clear()
  }
  session.set({ state: 'signed-in', me })
}
