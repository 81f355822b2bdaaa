import { useGet } from '../../../ui/api/queries.ts'
import type { components } from '../../../ui/api/schema.generated.ts'

type Described = components['schemas']['Described']

/** What a role can hold, as this installation knows it. */
export const usePermissions = (): { permissions: readonly Described[]; masks: readonly Described[] } =>
  useGet('/api/v1/permissions', {}).data ?? { permissions: [], masks: [] }
