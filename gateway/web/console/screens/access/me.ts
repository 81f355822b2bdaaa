import { meNow, session } from '../../../ui/api/session.ts'
import { useStore } from '../../../ui/store.ts'

/** Says whether an account is that of whoever is signed in: much of it somebody else has to do. */
export const useIsMe = (): ((username: string) => boolean) => {
  useStore(session)
  const me = meNow()
  return username => me?.kind === 'user' && me.name === username
}
