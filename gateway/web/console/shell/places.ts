import { may, meNow } from '../../ui/api/session.ts'
import { routes } from '../routes.ts'

/** The address of the screen that shows a thing; undefined when there is none that whoever is signed in may use. */
export const placeOf = (kind: string, reference: string): string | undefined =>
  routes
    .find(({ shows, permission }) => shows === kind && may(meNow(), permission))
    ?.path.replace(/:\w+/, () => encodeURIComponent(reference))

/** Whether there is a screen at an address, which has no parameters. */
export const hasScreen = (address: string): boolean => routes.some(({ path }) => path === address)
