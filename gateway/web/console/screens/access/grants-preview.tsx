import { Icon } from '../../../ui/components/icon.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import './access.scss'
import { useAreas } from './areas.ts'
import { type Change, differenceOf, FIELDS, type GrantOf } from './difference.ts'
import type { Roles } from './names.ts'
import { PermissionCount } from './permission-list.tsx'
import { scopesWords, scopeWords } from './scope-words.ts'

export type GrantsPreviewProps = { before: readonly GrantOf[]; after: readonly GrantOf[]; roles: Roles }

/** What other grants change, in words: what is gained where, and what is lost where. */
export const GrantsPreview = ({ before, after, roles }: GrantsPreviewProps) => {
  const t = useText('access')
  const names = useAreas([...before, ...after].flatMap(({ areas }) => areas ?? []))
  const { gains, losses } = differenceOf(before, after, roles.all, FIELDS, names.ancestors)
  const line = (kind: 'gain' | 'loss') => (change: Change) => {
    const scope = scopeWords(change.scope, names)
    const others = scopesWords(change.butFor, names)
    const where =
      others === '' ? scope : t(kind === 'gain' ? 'scope.upTo' : 'scope.butFor', { scope, others })
    return (
      <li key={`${kind} ${where}`} class={`an-changes__item--${kind}`}>
        <span class="an-changes__what">
          <Icon name={kind === 'gain' ? 'add' : 'minus'} />
          <bdi>{t(kind === 'gain' ? 'grants.gains' : 'grants.loses', { scope: where })}</bdi>
        </span>
        <PermissionCount permissions={change.what} />
      </li>
    )
  }
  if (gains.length === 0 && losses.length === 0) return <p class="an-muted">{t('grants.nothing')}</p>
  return (
    <ul class="an-changes">
      {losses.map(line('loss'))}
      {gains.map(line('gain'))}
    </ul>
  )
}
