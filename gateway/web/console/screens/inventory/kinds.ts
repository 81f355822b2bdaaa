import type { components } from '../../../ui/api/schema.generated.ts'

export type LocationKind = components['schemas']['LocationKind']
export const KINDS = ['warehouse', 'service_point'] as const satisfies readonly LocationKind[]

/** The most of anything that one document may name. */
export const MOST = 1_000_000_000_000
