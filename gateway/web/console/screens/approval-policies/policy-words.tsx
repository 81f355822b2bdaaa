import { Banner } from '../../../ui/components/banner.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useRoles } from '../access/names.ts'
import type { Policy } from './values.ts'

const TONES = { draft: 'info', active: 'good', archived: 'neutral' } as const

/** Whether a policy is in force. */
export const PolicyState = ({ state }: Pick<Policy, 'state'>) => {
  const t = useText('approval-policies')
  return <Tag tone={TONES[state]}>{t(`states.${state}`)}</Tag>
}

type Warning = NonNullable<Policy['warnings']>[number]

/** What stands in a policy at a JSON pointer. */
const at = (policy: object, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((place, step) => (place as Record<string, unknown> | undefined)?.[step], policy)

/** What will not work as things are, though a policy can be kept so. */
export const Warnings = ({ policy, warnings }: { policy: Policy; warnings: readonly Warning[] }) => {
  const t = useText('approval-policies')
  const roles = useRoles()
  if (warnings.length === 0) return null
  const said = ({ pointer, code, detail }: Warning): string => {
    const named = at(policy, pointer)
    const who = typeof named !== 'string' ? '' : pointer.endsWith('/role') ? roles.name(named) : named
    return textOr('approval-policies', `warnings.${code}`, detail, { who })
  }
  return (
    <Banner tone="warning" title={t('warnings.title')}>
      <ul class="ap-list">
        {warnings.map(warning => (
          <li key={warning.pointer}>{said(warning)}</li>
        ))}
      </ul>
    </Banner>
  )
}
