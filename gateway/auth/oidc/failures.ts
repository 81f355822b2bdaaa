import * as client from 'openid-client'
import { DomainError } from '#core/kernel/index.ts'

/** A sign-in that came to nothing because of who signs in, not because of the provider. `detail` is a code. */
export type NotProven = { refused: 'identity-not-proven' | 'sign-in-declined'; detail: string }

/** Errors of the authorization endpoint (RFC 6749 section 4.1.2.1) that are the provider's own. */
const PROVIDERS_FAULT = new Set(['server_error', 'temporarily_unavailable'])
/** Answers that are not what they should be, whoever signs in. */
const NOT_AN_ANSWER = new Set([
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_TIMEOUT',
])
const CODE = /^[\w.-]{1,60}$/

/** The provider cannot be used now. What was wrong is for the log. */
export const providerUnavailable = (cause: unknown): DomainError =>
  new DomainError('unavailable', 'The identity provider does not answer as it should. Try again later.', {
    rule: 'identity-provider-unavailable',
    cause,
    retryAfterSeconds: 30,
  })

/** Tells what went wrong while a provider was asked for proof: throws `unavailable` when it is not about who signs in. */
export const notProven = (error: unknown): NotProven => {
  if (error instanceof client.AuthorizationResponseError) {
    if (PROVIDERS_FAULT.has(error.error)) throw providerUnavailable(error)
    return { refused: 'sign-in-declined', detail: codeOf(error.error) }
  }
  if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant')
    return { refused: 'identity-not-proven', detail: 'invalid_grant' }
  if (!(error instanceof client.ClientError) || NOT_AN_ANSWER.has(error.code ?? '') || isOutbound(error))
    throw providerUnavailable(error)
  return { refused: 'identity-not-proven', detail: codeOf(error.code) }
}

/** Whether the guarded client refused or failed somewhere below. */
const isOutbound = (error: unknown): boolean =>
  error instanceof DomainError ||
  (error instanceof Error && error.cause !== undefined && isOutbound(error.cause))

const codeOf = (code: unknown): string => (typeof code === 'string' && CODE.test(code) ? code : 'other')
