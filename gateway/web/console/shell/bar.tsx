import { Link } from 'wouter-preact'
import { useAction } from '../../ui/api/action.ts'
import { type Me, may } from '../../ui/api/session.ts'
import { Icon } from '../../ui/components/icon.tsx'
import { Menu } from '../../ui/components/menu.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { useStore } from '../../ui/store.ts'
import { isOver } from './jobs.ts'
import { Later } from './later.tsx'
import { myJobs, unread } from './live.ts'
import { Logo } from './logo.tsx'
import { NavIcon } from './nav-icon.tsx'
import { hasScreen } from './places.ts'
import { Popover } from './popover.tsx'
import { shortcutsAsked } from './shortcuts.ts'
import { signOut } from './signing.ts'

const search = () => import('./search.tsx').then(m => m.Search)
const jobTray = () => import('./job-tray.tsx').then(m => m.JobTray)
const latest = () => import('./notifications.tsx').then(m => m.Latest)
const speech = () => import('./speech.tsx').then(m => m.Speech)

/** What is on top of every page: the way home, search, one's jobs and notifications, language, account. */
export const Bar = ({ me, openMenu }: { me: Me; openMenu: (() => void) | undefined }) => {
  const t = useText('shell')
  return (
    <header class="an-bar">
      {openMenu && (
        <button type="button" class="an-bar__button" aria-label={t('menu.open')} onClick={openMenu}>
          <Icon name="menu" />
        </button>
      )}
      <Link class="an-bar__brand" href="/" aria-label={t('home')}>
        <Logo />
        <span class="an-bar__name">Annona</span>
      </Link>
      <Later load={search} props={{ me }} until={<div class="an-search an-search--coming" />} />
      <div class="an-bar__tools">
        {may(me, 'job:read') && <JobsButton />}
        <Bell />
        <Popover label={t('speech')} title={t('speech')} face={<NavIcon name="language" />}>
          {() => <Later load={speech} props={{}} />}
        </Popover>
        <Account me={me} />
      </div>
    </header>
  )
}

/** A small number on a picture; the words of its button have it too. */
const Badge = ({ n, tone }: { n: number; tone: 'busy' | 'new' }) =>
  n === 0 ? null : (
    <span class={`an-badge an-badge--${tone}`} data-n={n > 99 ? '99+' : n} aria-hidden="true" />
  )

const JobsButton = () => {
  const t = useText('shell')
  const running = useStore(myJobs).filter(job => !isOver(job)).length
  const face = (
    <>
      <NavIcon name="jobs" />
      <Badge n={running} tone="busy" />
    </>
  )
  return (
    <Popover label={t('jobsRunning', { count: running })} title={t('jobs')} face={face}>
      {close => <Later load={jobTray} texts="jobs" props={{ close }} />}
    </Popover>
  )
}

const Bell = () => {
  const t = useText('shell')
  const count = useStore(unread)
  const face = (
    <>
      <NavIcon name="bell" />
      <Badge n={count} tone="new" />
    </>
  )
  return (
    <Popover label={t('unread', { count })} title={t('notifications')} face={face}>
      {close => <Later load={latest} texts="notifications" props={{ close }} />}
    </Popover>
  )
}

const Account = ({ me }: { me: Me }) => {
  const t = useText('shell')
  const leave = useAction({ act: signOut })
  return (
    <Menu
      label={t('account.of', { name: me.displayName })}
      face={
        <>
          <Icon name="user" />
          {/* Cut off at the end of the name, whichever side that is. */}
          <bdi class="an-bar__me">{me.displayName}</bdi>
        </>
      }
      items={[
        ...(hasScreen('/account')
          ? [{ label: t('account.own'), href: '/account', icon: 'user' as const }]
          : []),
        { label: t('account.keys'), icon: 'info', onSelect: () => shortcutsAsked.set(true) },
        { label: t('account.signOut'), icon: 'lock', onSelect: () => void leave.run() },
      ]}
    />
  )
}
