import { Tag } from '../../../ui/components/tag.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** Whether an account or a provider works. */
export const StatusTag = ({ status }: { status: 'active' | 'disabled' }) => {
  const t = useText('access')
  return <Tag tone={status === 'active' ? 'good' : 'bad'}>{t(`states.${status}`)}</Tag>
}
