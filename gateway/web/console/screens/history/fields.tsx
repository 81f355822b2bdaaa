import { Summary } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { shownValue } from '../deeds/values.tsx'
import { fieldOf } from '../deeds/words.ts'

/** What is known of a thing, field by field. */
export const Fields = ({ state }: { state: Readonly<Record<string, unknown>> | null }) => (
  <Summary
    rows={Object.entries(state ?? {}).map(([field, value]) => ({
      label: fieldOf(field),
      value: shownValue(field, value) ?? <Value value={value} />,
    }))}
  />
)

/** Any value so that it can be read: lists as lists, objects as names and values. */
const Value = ({ value }: { value: unknown }) => {
  const t = useText('ui')
  if (value === null || value === undefined || value === '' || isEmpty(value))
    return <span class="an-muted">{t('difference.nothing')}</span>
  if (typeof value === 'boolean') return <>{t(value ? 'difference.yes' : 'difference.no')}</>
  if (typeof value !== 'object') return <bdi>{value as string | number}</bdi>
  const entries = Object.entries(value)
  return (
    <ul class="an-difference__list">
      {entries.map(([key, entry]) => (
        <li key={key}>
          {!Array.isArray(value) && <span class="an-muted">{fieldOf(key)} </span>}
          <Value value={entry} />
        </li>
      ))}
    </ul>
  )
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
