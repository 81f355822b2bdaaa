import { Link, useRoute } from 'wouter-preact'
import { type Me, may } from '../../ui/api/session.ts'
import { Icon } from '../../ui/components/icon.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { navigation } from '../routes.ts'
import { NAV_GROUPS, type NavEntry } from '../routing.ts'
import { NavIcon } from './nav-icon.tsx'

const Entry = ({ entry, isSlim }: { entry: NavEntry; isSlim: boolean }) => {
  const t = useText('shell')
  const [isHere] = useRoute(entry.path === '/' ? '/' : `${entry.path}/*?`)
  const name = t(`nav.${entry.key}`)
  const title = isSlim ? name : undefined
  const content = (
    <>
      <NavIcon name={entry.icon} />
      <span class="an-nav__words">{name}</span>
    </>
  )
  return (
    <li>
      {entry.isElsewhere ? (
        <a class="an-nav__link" href={entry.path} title={title}>
          {content}
        </a>
      ) : (
        <Link class="an-nav__link" href={entry.path} title={title} aria-current={isHere ? 'page' : undefined}>
          {content}
        </Link>
      )}
    </li>
  )
}

type Props = { me: Me; isSlim?: boolean; toggle?: () => void }

/** Where one can go: the screens that one may use, by the part of the work that they belong to. */
export const Navigation = ({ me, isSlim = false, toggle }: Props) => {
  const t = useText('shell')
  const open = navigation.filter(({ permission }) => may(me, permission))
  const groups = NAV_GROUPS.map(key => ({ key, entries: open.filter(({ group }) => group === key) }))
  return (
    <nav class="an-nav" aria-label={t('navLabel')}>
      {groups
        .filter(({ entries }) => entries.length > 0)
        .map(({ key, entries }) => (
          <div class="an-nav__group" key={key}>
            <h2 class="an-nav__heading">{t(`navGroups.${key}`)}</h2>
            <ul class="an-nav__list" aria-label={t(`navGroups.${key}`)}>
              {entries.map(entry => (
                <Entry key={entry.key} entry={entry} isSlim={isSlim} />
              ))}
            </ul>
          </div>
        ))}
      {toggle && (
        <button type="button" class="an-nav__toggle" aria-expanded={!isSlim} onClick={toggle}>
          <Icon name={isSlim ? 'next' : 'previous'} />
          <span class="an-nav__words">{t(isSlim ? 'menu.widen' : 'menu.slim')}</span>
        </button>
      )}
    </nav>
  )
}
