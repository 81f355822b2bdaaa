import type { ComponentChildren } from 'preact'
import { useText } from '../i18n/index.ts'
import { type Change, differences } from './differences.ts'
import { Icon, type IconName } from './icon.tsx'

export type DifferenceProps = {
  /** Null when there was nothing before: it was made. */
  before: Readonly<Record<string, unknown>> | null
  /** Null when there is nothing after: it was removed. */
  after: Readonly<Record<string, unknown>> | null
  /** What a field is called; its name without this. */
  label?: ((field: string) => string) | undefined
  /** How a value is shown; undefined leaves it to the view. */
  value?: ((field: string, value: unknown) => ComponentChildren) | undefined
}

const ICONS: Record<Change['kind'], IconName> = { added: 'add', removed: 'minus', changed: 'edit' }

/** What changed, field by field: before and after side by side, in words and not by colour alone. */
export const Difference = ({ before, after, label = field => field, value }: DifferenceProps) => {
  const t = useText('ui')
  const changes = differences(before, after)
  if (changes.length === 0) return <p class="an-muted">{t('difference.none')}</p>
  const show = (field: string, shown: unknown): ComponentChildren =>
    value?.(field, shown) ?? <Value value={shown} />
  return (
    <dl class="an-difference">
      {changes.map(change => (
        <div class={`an-difference__row an-difference__row--${change.kind}`} key={change.field}>
          <dt class="an-difference__field">
            <bdi>{label(change.field)}</bdi>
            <span class="an-difference__kind">
              <Icon name={ICONS[change.kind]} />
              {t(`difference.${change.kind}`)}
            </span>
          </dt>
          {'before' in change && (
            <dd class="an-difference__before">
              <span class="an-difference__when">{t('difference.before')}</span>
              <del>{show(change.field, change.before)}</del>
            </dd>
          )}
          {'after' in change && (
            <dd class="an-difference__after">
              <span class="an-difference__when">{t('difference.after')}</span>
              <ins>{show(change.field, change.after)}</ins>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}

/** Any value so that it can be read: lists as lists, objects as names and values. */
const Value = ({ value }: { value: unknown }) => {
  const t = useText('ui')
  if (value === null || value === undefined || value === '')
    return <span class="an-muted">{t('difference.nothing')}</span>
  if (typeof value === 'boolean') return <>{t(value ? 'difference.yes' : 'difference.no')}</>
  if (Array.isArray(value))
    return (
      <ul class="an-difference__list">
        {value.map((entry: unknown, index) => (
          <li key={index}>
            <Value value={entry} />
          </li>
        ))}
      </ul>
    )
  if (typeof value === 'object')
    return (
      <ul class="an-difference__list an-difference__list--fields">
        {Object.entries(value).map(([field, entry]) => (
          <li key={field}>
            <span class="an-muted">{field}</span> <Value value={entry} />
          </li>
        ))}
      </ul>
    )
  return <bdi>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
}
