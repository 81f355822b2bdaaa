import { useId } from 'preact/hooks'
import { useText } from '../../../ui/i18n/index.ts'
import type { Acting } from './acting.ts'

/** Chooses as whom one decides, for those who are somebody's deputy. */
export const ActingChoice = ({ acting, absent }: { acting: Acting; absent: readonly string[] }) => {
  const t = useText('approvals')
  const id = useId()
  return (
    <div class="ap-acting">
      <label class="govuk-label" for={id}>
        {t('acting.label')}
      </label>
      <select
        id={id}
        class="govuk-select"
        value={acting.behalf ?? ''}
        onChange={event => acting.choose(event.currentTarget.value || undefined)}
      >
        <option value="">{t('acting.self')}</option>
        {absent.map(username => (
          <option key={username} value={username}>
            {t('acting.behalf', { name: username })}
          </option>
        ))}
      </select>
    </div>
  )
}
