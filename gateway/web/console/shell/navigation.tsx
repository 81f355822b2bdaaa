import { Link, useRoute } from 'wouter-preact'
import { type Me, may } from '../../ui/api/session.ts'
import { useText } from '../../ui/i18n/index.ts'
import { navigation } from '../routes.ts'
import { NAV_GROUPS, type NavEntry } from '../routing.ts'
import { NavIcon } from './nav-icon.tsx'

const Entry = ({ entry }: { entry: NavEntry }) => {
  const t = useText('shell')
  const [isHere] = useRoute(entry.path === '/' ? '/' : `${entry.path}/*?`)
  const content = (
    <>
      <NavIcon name={entry.icon} />
      <span>{t(`nav.${entry.key}`)}</span>
    </>
  )
  return (
    <li>
      {entry.isElsewhere ? (
        <a class="an-nav__link" href={entry.path}>
          {content}
        </a>
      ) : (
        <Link class="an-nav__link" href={entry.path} aria-current={isHere ? 'page' : undefined}>
          {content}
        </Link>
      )}
    </li>
  )
}

/** Where one can go: the screens that one may use, by the part of the work that they belong to. */
export const Navigation = ({ me }: { me: Me }) => {
  const t = useText('shell')
  const open = navigation.filter(({ permission }) => may(me, permission))
  const groups = NAV_GROUPS.map(key => ({ key, entries: open.filter(({ group }) => group === key) }))
  return (
    <nav class="an-nav" aria-label={t('navLabel')}>
      {groups
        .filter(({ entries }) => entries.length > 0)
        .map(({ key, entries }) => (
          <section key={key} aria-labelledby={`nav-${key}`}>
            <h2 class="an-nav__heading" id={`nav-${key}`}>
              {t(`navGroups.${key}`)}
            </h2>
            <ul class="an-nav__list">
              {entries.map(entry => (
                <Entry key={entry.key} entry={entry} />
              ))}
            </ul>
          </section>
        ))}
    </nav>
  )
}
