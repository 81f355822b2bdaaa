import type { MenuItem } from '../../../ui/components/menu.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'

/** Links to what the trail and the history know of a thing, for those who may read them. `name`: such as `user:sara`. */
export const useTraces = (name: string, query: Record<string, string> = { subject: name }): MenuItem[] => {
  const t = useText('access')
  const mayAudit = useMay('audit:read')
  const mayHistory = useMay('history:read')
  return [
    ...(mayHistory
      ? [{ label: t('links.history'), icon: 'clock' as const, href: `/history/${encodeURIComponent(name)}` }]
      : []),
    ...(mayAudit
      ? [
          {
            label: t('links.audit'),
            icon: 'file' as const,
            href: `/audit?${new URLSearchParams(query).toString()}`,
          },
        ]
      : []),
  ]
}
