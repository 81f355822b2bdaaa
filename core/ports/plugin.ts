/*
 * The contract between the core and its plug-ins: connectors (registries, data sources) and adapters
 * (payment providers, message channels). A plug-in knows these types and the kernel, nothing else of the core.
 */
import type { Clock } from '../kernel/index.ts'

/** The contract's version. A plug-in states the one it was written for; the core refuses another major one. */
export type ContractVersion = '1.0'

/**
 * Why a counterpart said no, in the same words for every plug-in, so that the core can act without knowing
 * the counterpart. What the counterpart itself said is kept beside it (`native`).
 *
 * - `invalid`: it could not accept what was sent; sending the same again gives the same answer
 * - `not_found`: it does not know the person, the account holder or the thing
 * - `unauthenticated`, `forbidden`: our credentials are wrong, or do not allow this
 * - `key_reused`: the idempotency key was used before with other content
 * - `rate_limited`, `provider_down`: not now; later may work
 * - `unsupported`: it does not offer this operation
 * - `wrong_account`, `closed_account`, `blocked`: about the payee's account
 * - `insufficient_funds`: about the payer's account
 * - `unknown`: it gave no reason, or one that is not in any list
 */
export type UnifiedCode =
  | 'invalid'
  | 'not_found'
  | 'unauthenticated'
  | 'forbidden'
  | 'key_reused'
  | 'rate_limited'
  | 'provider_down'
  | 'unsupported'
  | 'wrong_account'
  | 'closed_account'
  | 'blocked'
  | 'insufficient_funds'
  | 'unknown'

/**
 * What became of one operation.
 *
 * - `ok`: done, with its result
 * - `accepted`: it will be done; ask again for `ref` after `pollAfterMs`, until the instant `giveUpAt` (ISO 8601)
 * - `rejected`: it was not done and will not be
 * - `unknown`: it may have been done. Ask for `ref`; never send again blindly
 */
export type Outcome<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'accepted'; ref: string; pollAfterMs: number; giveUpAt: string }
  | { kind: 'rejected'; code: UnifiedCode; native?: string; retry: 'never' | 'later' }
  | { kind: 'unknown'; ref: string }

/** A JSON Schema (2020-12) of an object. The console renders its form from it. */
export type ObjectSchema = { readonly type: 'object'; readonly [keyword: string]: unknown }

/** What a plug-in is, before it is configured: enough to list it, to render its form and to bound its use. */
export type Manifest = {
  /** Stable, kebab-case, unique among all plug-ins. */
  readonly id: string
  /** The plug-in's own version (semantic versioning). */
  readonly version: string
  readonly contract: ContractVersion
  readonly kind: 'connector' | 'payment_adapter' | 'message_channel'
  /** What it can do, in the names of the ports it implements (`payment_file`, `payment_report`). */
  readonly capabilities: readonly string[]
  /** Formats and protocol versions it speaks (`pain.001.001.09`). */
  readonly dialects: readonly string[]
  /** Settings anybody with access to the console may see. */
  readonly configuration: ObjectSchema
  /** Settings that are encrypted, never shown again and never logged. */
  readonly secrets: ObjectSchema
  readonly limits: Limits
  /** Categories of personal data that leave or enter through it (`name`, `account`, `phone`). */
  readonly personalData: readonly string[]
}

/** How hard a plug-in may be driven; absent means that it sets no limit of its own. */
export type Limits = {
  readonly requestsPerSecond?: number
  readonly concurrency?: number
  /** Most items in one batch or file. */
  readonly batchSize?: number
  readonly timeoutMs?: number
}

/**
 * All that an operation gets from outside. There is no database in it: durable state, jobs, callbacks and
 * audit are the core's.
 */
export type PluginContext<Configuration, Secrets> = {
  readonly configuration: Configuration
  readonly secrets: Secrets
  /**
   * The guarded HTTP client: the instance's allowed hosts only, TLS verified, no redirects elsewhere, time-out,
   * breaker, rate limit, and a redacted log of the exchange. Same use as the platform's `fetch`.
   */
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>
  readonly clock: Clock
  /** The same for every try of the same operation. */
  readonly idempotencyKey: string
  readonly signal: AbortSignal
  /** One line for the operator. Values are redacted before they are written; bodies do not belong here. */
  readonly log: (message: string, facts?: Readonly<Record<string, string | number | boolean>>) => void
}
