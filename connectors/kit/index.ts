export { type Destination, type Resolve, readAllowList } from './destination.ts'
export { createGuardedFetch, type GuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts'
export type { Refusal } from './refusals.ts'
