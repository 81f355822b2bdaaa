import type { ComponentChildren } from 'preact'
import { Icon } from '../../../ui/components/icon.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** A value, and whether it is shown only in part. */
export const Masked = ({ isMasked, children }: { isMasked: boolean; children: ComponentChildren }) => {
  const t = useText('registrants')
  if (!isMasked) return <span class="an-value">{children}</span>
  return (
    <span class="an-value an-value--masked" title={t('masked.why')}>
      <Icon name="hide" />
      {children}
      <span class="govuk-visually-hidden"> ({t('masked.one')})</span>
    </span>
  )
}
