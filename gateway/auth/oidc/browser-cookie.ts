import { randomBytes } from 'node:crypto'

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
      const values = (header ?? '')
        .split(';')
        .map(pair => pair.trim())
        .filter(pair => pair.startsWith(`${name}=`))
        .map(pair => pair.slice(name.length + 1))
      return values.length === 1 && SECRET.test(values[0]!) ? values[0] : undefined
    },
  }
}
