import { DomainError, forbidden, ruleViolated } from '#core/kernel/index.ts'
import type { Config } from '../config.ts'
import { cookiesNamed } from './cookies.ts'

type Headers = Record<string, string | string[] | undefined>
export type SessionCookie = ReturnType<typeof createSessionCookie>

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * The cookie that keeps a browser signed in. Where the installation is reached by HTTPS its name begins with
 * `__Host-`: no other host, path or plain connection can set it (RFC 6265bis section 4.1.3.2). Without HTTPS there is
 * one on this machine only, for development.
 */
export const createSessionCookie = ({
  issuer,
  tlsCertFile,
  host,
}: Pick<Config, 'issuer' | 'tlsCertFile' | 'host'>) => {
  const isSecure = tlsCertFile !== '' || issuer.startsWith('https://')
  const name = isSecure ? '__Host-annona-session' : 'annona-session'
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  const issuerOrigin = URL.canParse(issuer) ? new URL(issuer).origin : undefined

  /** Refuses to keep a browser signed in where anybody on the way could read the cookie. */
  const requirePossible = (): void => {
    if (!isSecure && !LOOPBACK.has(host))
      throw ruleViolated(
        'cookie-needs-https',
        'A browser is kept signed in over HTTPS only. Set ANNONA_ISSUER.',
      )
  }

  return {
    requirePossible,

    /** The `Set-Cookie` that hands a session's token to the browser, until it is closed. */
    set: (token: string): string => {
      requirePossible()
      return `${name}=${token}; ${attributes}`
    },

    /** The `Set-Cookie` that takes it away. */
    cleared: `${name}=; ${attributes}; Max-Age=0`,

    /** Whether a `Cookie` header brings one, of whatever worth. */
    isIn: (header: string | undefined): boolean => cookiesNamed(header, name).length > 0,

    /** The token in a `Cookie` header. Two cookies of the name are refused: one of them was planted. */
    tokenIn: (header: string | undefined): string | undefined => {
      const values = cookiesNamed(header, name)
      if (values.length > 1)
        throw new DomainError(
          'unauthenticated',
          'There are two cookies of a sign-in. Delete them, and sign in again.',
        )
      return values[0] || undefined
    },

    /**
     * Refuses what a page of another origin asked the browser to send. Browsers say where a request comes from; what
     * says nothing is no browser of today, and is held by the CSRF token alone. `isRead`: changes nothing, and may also
     * come from no page, as an address that somebody types.
     */
    requireSameOrigin: (headers: Headers, isRead = false): void => {
      const { origin, host: asked, 'sec-fetch-site': site } = headers
      const own = [issuerOrigin, `https://${String(asked)}`, `http://${String(asked)}`]
      if (
        (origin !== undefined && !own.includes(String(origin))) ||
        (site !== undefined && site !== 'same-origin' && !(isRead && site === 'none'))
      )
        throw forbidden('A sign-in by cookie is used by our own pages only.', 'csrf')
    },
  }
}
