import { may, meNow, session } from '../ui/api/session.ts'
import { useStore } from '../ui/store.ts'

/** Whether whoever is signed in may do something, somewhere: what is then offered, the server still decides on. */
export const useMay = (permission: string): boolean => {
  useStore(session)
  return may(meNow(), permission)
}
