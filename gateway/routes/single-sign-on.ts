import type { Access } from '#core/access/index.ts'
import { DomainError, forbidden } from '#core/kernel/index.ts'
import { createBrowserCookie } from '../auth/oidc/browser-cookie.ts'
import type { Oidc } from '../auth/oidc/index.ts'
import { returnPathOf } from '../auth/oidc/return-path.ts'
import { toldBy } from '../auth/oidc/told-by.ts'
import type { SessionCookie } from '../auth/session-cookie.ts'
import type { Config } from '../config.ts'
import { ok, type Routes } from './kit.ts'

type Deps = { access: Access; oidc: Oidc; config: Config; cookie: SessionCookie }

/** Signing in by an identity provider: there, and back. */
export const singleSignOnRoutes = ({ access, oidc, config, cookie }: Deps): Routes => {
  const browser = createBrowserCookie(config.issuer.startsWith('https:'))
  const redirectUriOf = redirectUris(config)

  return {
    listSignInProviders: async () => ok({ items: await access.offeredProviders() }),

    beginSignIn: async ({ params, query }) => {
      const returnTo = returnPathOf(query.return as string | undefined)
      return tellingAt(returnTo, async () => {
        const provider = await access.oidcProvider(params.provider!)
        const { secret, set } = browser.make()
        const begun = await access.beginIdentitySignIn(provider, secret, returnTo)
        const url = await oidc.authorizationUrl(provider, redirectUriOf(provider.code), begun)
        return { status: 302, headers: { Location: url, 'Set-Cookie': set } }
      })
    },

    completeSignIn: async ({ ctx, headers, params, query }) => {
      const call = { ...ctx, userAgent: headers['user-agent'] }
      const answer = query as Record<string, string>
      const provider = await access.oidcProvider(params.provider!)
      const secret = browser.secretIn(headers.cookie)
      const begun =
        answer.state !== undefined && secret !== undefined
          ? await access.takeIdentitySignIn(provider, answer.state, secret)
          : undefined
      if (!begun)
        throw forbidden(
          'This sign-in was not begun in this browser, was completed already, or took too long. Begin again.',
          'sign-in-not-begun',
        )
      return tellingAt(begun.returnTo, async () => {
        const proof = await oidc.prove(provider, redirectUriOf(provider.code), answer, begun)
        if ('refused' in proof)
          return access.refuseIdentitySignIn(call, provider.code, proof.refused, proof.detail)
        const { token } = await access.signInByIdentity(call, provider.id, proof.subject, proof.claims)
        return { status: 303, headers: { Location: begun.returnTo, 'Set-Cookie': cookie.set(token) } }
      })
    },
  }
}

/** The console says itself, in the language of whoever signs in, why somebody who began there did not get in. */
const tellingAt = <T>(returnTo: string, work: () => Promise<T>): Promise<T> =>
  /^\/console(?:[/?#]|$)/.test(returnTo)
    ? work().catch(error => {
        throw toldBy(returnTo, error)
      })
    : work()

/**
 * Where providers send browsers back to: at the public address that is configured, never one that a request claims.
 * Throws `unavailable` without one.
 */
export const redirectUris =
  ({ issuer }: Pick<Config, 'issuer'>) =>
  (code: string): string => {
    if (!/^https?:\/\//.test(issuer))
      throw new DomainError('unavailable', 'Single sign-on needs the public address: set ANNONA_ISSUER.', {
        rule: 'no-public-address',
      })
    return `${issuer.replace(/\/+$/, '')}/api/v1/sign-in/${code}/callback`
  }
