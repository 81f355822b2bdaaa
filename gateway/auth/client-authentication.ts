import type { Access, AuthenticatedClient } from '#core/access/index.ts'
import { type Clock, type Ctx, DomainError, invalidField } from '#core/kernel/index.ts'
import { ASSERTION_TYPE, readAssertion } from './client-assertion.ts'

/** What a form says of the client that sends it. */
export type ClientForm = {
  client_id?: string
  client_secret?: string
  client_assertion_type?: string
  client_assertion?: string
}

/** Where tokens are asked for, at the address of an installation; undefined for one without a public address. */
export const endpointOf = (issuer: string, path: string): string | undefined =>
  /^https?:\/\//.test(issuer) ? issuer.replace(/\/$/, '') + path : undefined

/**
 * Finds out which API client calls: by HTTP Basic, by a secret in the form (RFC 6749 section 2.3.1) or by an assertion
 * (RFC 7523 section 2.2), one of them. Throws `unauthenticated`, or `invalid` when it comes in two ways.
 */
export const createClientAuthentication = (deps: { access: Access; clock: Clock; issuer: string }) => {
  const { access, clock, issuer } = deps
  const audiences = [issuer, endpointOf(issuer, '/oauth2/token')].filter(a => a !== undefined)

  const byAssertion = (assertion: string, type: string | undefined) => {
    if (type !== ASSERTION_TYPE)
      throw invalidField('/client_assertion_type', 'const', `The type of the assertion is ${ASSERTION_TYPE}.`)
    const { clientId, prove } = readAssertion({ clock, audiences }, assertion)
    return { clientId, authenticate: (ctx: Ctx) => access.authenticateByAssertion(ctx, clientId, prove) }
  }

  const bySecret = ({ id, secret }: { id: string | undefined; secret: string | undefined }) => {
    if (!id || !secret)
      throw new DomainError(
        'unauthenticated',
        'Show who the client is: HTTP Basic, client_secret or client_assertion.',
      )
    return { clientId: id, authenticate: (ctx: Ctx) => access.authenticateClient(ctx, id, secret) }
  }

  return async (
    ctx: Ctx,
    form: ClientForm,
    authorization: string | undefined,
  ): Promise<AuthenticatedClient> => {
    const basic = basicOf(authorization)
    const ways = [basic, form.client_secret, form.client_assertion].filter(way => way)
    if (ways.length > 1)
      throw invalidField('/client_id', 'methods', 'A client shows who it is in one way, not in two.')
    const { clientId, authenticate } = form.client_assertion
      ? byAssertion(form.client_assertion, form.client_assertion_type)
      : bySecret(basic ?? { id: form.client_id, secret: form.client_secret })
    if (form.client_id && form.client_id !== clientId)
      throw invalidField('/client_id', 'client', 'The form names another client than the one that is shown.')
    return authenticate(ctx)
  }
}

const basicOf = (authorization: string | undefined): { id: string; secret: string } | undefined => {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,1000})$/i.exec(authorization ?? '')?.[1]
  if (!basic) return undefined
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 2).map(formDecode)
  return { id, secret }
}

const formDecode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
