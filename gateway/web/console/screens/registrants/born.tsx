import { Day } from '../../../ui/components/text.tsx'
import { useLanguage, useText } from '../../../ui/i18n/index.ts'

/**
 * A date of birth (ISO 8601), no more exact than it is known: `day`, `month`, `year` or `estimated`. Of one that is
 * masked nobody says that no more is known.
 */
export const Born = ({ day, precision, isMasked }: { day: string; precision: string; isMasked: boolean }) => {
  const t = useText('registrants')
  const language = useLanguage()
  if (precision === 'day') return <Day iso={day} />
  const parts = { year: 'numeric', timeZone: 'UTC' } as const
  const asks = precision === 'month' ? { ...parts, month: 'long' as const } : parts
  // A year alone is one of the calendar in which it was told.
  const known = new Intl.DateTimeFormat(`${language}-u-ca-gregory`, asks).format(Date.parse(day))
  return (
    <>
      <bdi>{known}</bdi>
      <span class="an-muted">
        {' '}
        {t(isMasked ? 'bornMasked' : precision === 'estimated' ? 'bornAbout' : 'bornInexact')}
      </span>
    </>
  )
}
