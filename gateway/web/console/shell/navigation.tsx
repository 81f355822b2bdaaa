import { Link, useRoute } from 'wouter-preact'
import { type Me, may } from '../../ui/api/session.ts'
import { useText } from '../../ui/i18n/index.ts'
import { type NavEntry, navigation } from '../routes.ts'

const Entry = ({ entry }: { entry: NavEntry }) => {
  const t = useText('shell')
  const [isHere] = useRoute(entry.path === '/' ? '/' : `${entry.path}/*?`)
  return (
    <li>
      <Link class="an-nav__link" href={entry.path} aria-current={isHere ? 'page' : undefined}>
        {t(`nav.${entry.key}`)}
      </Link>
    </li>
  )
}

/** Where one can go: the screens that one may use, by the part of the work that they belong to. */
export const Navigation = ({ me }: { me: Me }) => {
  const t = useText('shell')
  const groups = navigation
    .map(group => ({ ...group, entries: group.entries.filter(({ permission }) => may(me, permission)) }))
    .filter(({ entries }) => entries.length > 0)
  return (
    <nav class="an-nav" aria-label={t('nav.label')}>
      {groups.map(group => (
        <section key={group.key}>
          <h2 class="an-nav__heading">{t(`navGroups.${group.key}`)}</h2>
          <ul class="an-nav__list">
            {group.entries.map(entry => (
              <Entry key={entry.key} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
