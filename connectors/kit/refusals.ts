import { DomainError } from '#core/kernel/index.ts'

/** Why a call to another system came to nothing, as the `rule` of the error: stable for machines. */
export type Refusal =
  | 'outbound-address'
  | 'outbound-redirect'
  | 'outbound-unreachable'
  | 'outbound-timeout'
  | 'outbound-too-large'

const DETAIL: Record<Refusal, string> = {
  'outbound-address': 'The address of the other system is not one that is called from here.',
  'outbound-redirect': 'The other system answered with a redirect, which is not followed.',
  'outbound-unreachable': 'The other system cannot be reached.',
  'outbound-timeout': 'The other system did not answer in time.',
  'outbound-too-large': 'The answer of the other system is larger than what is accepted.',
}

/**
 * The one error of the guarded client, `unavailable`. What it shows is the same for every address, open or closed,
 * so that nobody learns from it what there is inside; `cause` tells the log more.
 */
export const refusal = (rule: Refusal, cause: unknown): DomainError =>
  new DomainError('unavailable', DETAIL[rule], {
    rule,
    cause: typeof cause === 'string' ? new Error(cause) : cause,
    retryAfterSeconds: 30,
  })
