import type { components } from '../../../ui/api/schema.generated.ts'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { permissionName, useRoles } from '../access/names.ts'

export type Approver = components['schemas']['Approver']
export type Tier = components['schemas']['ApprovalTier']
export type Deadline = components['schemas']['ApprovalDeadline']

export type TierWords = {
  /** `holders of the role "Cycle approver"`. */
  approver: (approver: Approver) => string
  approvers: (approvers: readonly Approver[]) => string
  /** Who has to do what in a tier: `Two people decide: …`. */
  tier: (tier: Pick<Tier, 'kind' | 'approvers' | 'need'>) => string
  /** What happens at a deadline: `After 48 hours …`. `isFirst`: it counts from the opening of the tier. */
  deadline: (deadline: Deadline, isFirst: boolean) => string
}

/** Tiers in words. Needs the texts of `approval-words` and of `access`. */
export const useTierWords = (): TierWords => {
  const t = useText('approval-words')
  const format = useFormat()
  const roles = useRoles()
  const approver = (a: Approver): string => {
    if (a.role !== undefined)
      return t(a.scope === 'anywhere' ? 'approver.roleAnywhere' : 'approver.role', {
        role: roles.name(a.role),
      })
    if (a.permission !== undefined)
      return t('approver.permission', { permission: permissionName(a.permission) })
    if (a.users !== undefined) return format.list(a.users)
    return t('approver.supervisor')
  }
  const approvers = (list: readonly Approver[]): string => format.list(list.map(approver))
  return {
    approver,
    approvers,
    tier: ({ kind, approvers: who, need = 1 }) => {
      const names = approvers(who)
      if (kind === 'inform') return t('tierWords.inform', { who: names })
      if (need === 'all') return t('tierWords.all', { who: names })
      return t('tierWords.some', { count: Number(need), who: names })
    },
    deadline: ({ hours, escalateTo, end }, isFirst) => {
      const when = t(isFirst ? 'deadlineWords.first' : 'deadlineWords.next', { count: hours })
      const what = escalateTo
        ? t('deadlineWords.escalate', { who: approvers(escalateTo) })
        : t(end ? `deadlineWords.${end}` : 'deadlineWords.remind')
      return `${when} ${what}`
    },
  }
}
