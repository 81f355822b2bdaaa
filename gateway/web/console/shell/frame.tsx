import type { ComponentChildren } from 'preact'
import type { Me } from '../../ui/api/session.ts'
import { Toasts } from '../../ui/components/banner.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { Navigation } from './navigation.tsx'

/** What surrounds every screen: the bar at the top, the navigation, and the place of the screen itself. */
export const Frame = ({ me, children }: { me: Me; children: ComponentChildren }) => {
  const t = useText('shell')
  return (
    <div class="an-frame">
      <a class="govuk-skip-link" href="#main">
        {t('skip')}
      </a>
      <header class="an-bar">
        <span class="an-bar__brand">Annona</span>
        <span class="an-bar__me">{me.name}</span>
      </header>
      <Navigation me={me} />
      <main id="main" class="an-main" tabIndex={-1}>
        {children}
      </main>
      <Toasts />
    </div>
  )
}
