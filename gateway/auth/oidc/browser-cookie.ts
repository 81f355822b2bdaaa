import { randomBytes } from 'node:crypto'
import { cookiesNamed } from '../cookies.ts'

const LASTS_SECONDS = 600
const SECRET = /^[\w-]{43}$/

/**
 * The cookie that ties a sign-in to the browser it was begun in, so that nobody can be signed in as somebody else by a
 * link (RFC 6749 section 10.12). Lax, because the browser comes back from another site.
 */
export const createBrowserCookie = (isSecure: boolean) => {
  const name = isSecure ? '__Host-annona-sign-in' : 'annona-sign-in'
  return {
    /** A new secret for the browser, and the `Set-Cookie` that hands it over. */
    make: (): { secret: string; set: string } => {
      const secret = randomBytes(32).toString('base64url')
      const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${LASTS_SECONDS}${isSecure ? '; Secure' : ''}`
      return { secret, set: `${name}=${secret}; ${attributes}` }
    },

    /** The secret in a `Cookie` header. Of two cookies of the name one was planted: neither counts. */
    secretIn: (header: string | undefined): string | undefined => {
      const values = cookiesNamed(header, name)
      return values.length === 1 && SECRET.test(values[0]!) ? values[0] : undefined
    },
  }
}
