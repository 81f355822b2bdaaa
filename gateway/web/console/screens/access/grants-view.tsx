import { Link } from 'wouter-preact'
import { Empty } from '../../../ui/components/states.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import './access.scss'
import { useAreas } from './areas.ts'
import type { GrantOf } from './difference.ts'
import { fieldsInWords, useRoles } from './names.ts'
import { scopeWords } from './scope-words.ts'

type Grant = GrantOf & { source?: string; group?: string }

/** What somebody is granted: each role with where it counts, what it shows in part, and where it comes from. */
export const GrantsView = ({ grants }: { grants: readonly Grant[] }) => {
  const t = useText('access')
  const roles = useRoles()
  const mayRead = useMay('role:read')
  const names = useAreas(grants.flatMap(({ areas }) => areas ?? []))
  if (grants.length === 0)
    return (
      <Empty icon="lock" title={t('grants.none')}>
        {t('grants.noneHint')}
      </Empty>
    )
  return (
    <ul class="an-held">
      {grants.map(({ role, areas, programs, source = 'given', group }) => {
        const masks = roles.all.find(({ code }) => code === role)?.masks ?? []
        const name = <Name>{roles.name(role)}</Name>
        return (
          <li class="an-held__item" key={JSON.stringify([group, role, areas, programs, source])}>
            {group !== undefined && <Name>{group}</Name>}
            <span class="an-held__role">{mayRead ? <Link href={`/roles/${role}`}>{name}</Link> : name}</span>
            <span class="an-held__where an-held__words">
              <bdi>{scopeWords({ areas: areas ?? null, programs: programs ?? null }, names)}</bdi>
            </span>
            {masks.length > 0 && (
              <span class="an-held__masks">{t('grants.masked', { fields: fieldsInWords(masks) })}</span>
            )}
            {source !== 'given' && (
              <span class="an-held__source">
                {t('grants.from', { provider: source.replace(/^oidc:/, '') })}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
