import type { ComponentChildren } from 'preact'
import { useContext, useEffect } from 'preact/hooks'
import { type ApiProblem, isOffline, messageOf } from '../api/problem.ts'
import { useText } from '../i18n/index.ts'
import { Button, LinkButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { WithinPage } from './within-page.ts'

type StateProps = { icon: IconName; title: string; children?: ComponentChildren; action?: ComponentChildren }

const State = ({ icon, title, children, action }: StateProps) => {
  const isPage = !useContext(WithinPage)
  const Title = isPage ? 'h1' : 'p'
  useEffect(() => {
    if (isPage) document.title = `${title} – Annona`
  }, [isPage, title])
  return (
    <div class="an-state">
      <span class="an-state__icon">
        <Icon name={icon} />
      </span>
      <Title class="an-state__title">{title}</Title>
      {children !== undefined && <div class="an-state__text">{children}</div>}
      {action !== undefined && <div class="an-actions an-state__action">{action}</div>}
    </div>
  )
}

/** Nothing is here: why, and what one may do about it. */
export const Empty = ({ icon = 'search', ...rest }: Omit<StateProps, 'icon'> & { icon?: IconName }) => (
  <State icon={icon} {...rest} />
)

/** What was asked for could not be had. Says why in the server's words, and offers to try again. */
export const Failure = ({ problem, retry }: { problem: ApiProblem; retry?: (() => void) | undefined }) => {
  const t = useText('ui')
  if (problem.status === 403) return <NotAllowed />
  if (problem.status === 404) return <NotFound />
  if (isOffline(problem)) return <Offline retry={retry} />
  return (
    <div role="alert">
      <State
        icon="alert"
        title={t('states.failed')}
        action={
          retry && (
            <Button kind="secondary" icon="refresh" onClick={retry}>
              {t('states.retry')}
            </Button>
          )
        }
      >
        {messageOf(problem)}
      </State>
    </div>
  )
}

/** The server cannot be reached. */
export const Offline = ({ retry }: { retry?: (() => void) | undefined }) => {
  const t = useText('ui')
  return (
    <div role="alert">
      <State
        icon="offline"
        title={t('states.offline')}
        action={
          retry && (
            <Button kind="secondary" icon="refresh" onClick={retry}>
              {t('states.retry')}
            </Button>
          )
        }
      >
        {t('states.offlineText')}
      </State>
    </div>
  )
}

/** Something is on its way: grey lines where it will stand. */
export const Loading = ({ lines = 4 }: { lines?: number }) => {
  const t = useText('ui')
  return (
    <div class="an-loading" role="status">
      <span class="govuk-visually-hidden">{t('states.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span class="an-skeleton" key={line} />
      ))}
    </div>
  )
}

/** The user's roles do not reach this page. */
export const NotAllowed = () => {
  const t = useText('ui')
  return (
    <State
      icon="lock"
      title={t('states.notAllowed')}
      action={<LinkButton href="/">{t('states.home')}</LinkButton>}
    >
      {t('states.notAllowedText')}
    </State>
  )
}

/** There is no such page, or nothing that the user may see. */
export const NotFound = () => {
  const t = useText('ui')
  return (
    <State
      icon="search"
      title={t('states.notFound')}
      action={<LinkButton href="/">{t('states.home')}</LinkButton>}
    >
      {t('states.notFoundText')}
    </State>
  )
}
