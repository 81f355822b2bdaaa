import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import type { Me } from '../../ui/api/session.ts'
import { Toasts } from '../../ui/components/banner.tsx'
import { Confirmations } from '../../ui/components/dialog.tsx'
import { loadTexts, useText } from '../../ui/i18n/index.ts'
import { useStore } from '../../ui/store.ts'
import { Bar } from './bar.tsx'
import { Drawer } from './drawer.tsx'
import { tellEnded } from './job-ended.ts'
import { Later } from './later.tsx'
import { startLive } from './live.ts'
import { Navigation } from './navigation.tsx'
import { OfflineBanner } from './offline.tsx'
import { rememberPages } from './recent.ts'
import { shortcutsAsked, useShortcuts } from './shortcuts.ts'
import { useNarrow } from './use-narrow.ts'

const shortcutList = () => import('./shortcut-list.tsx').then(m => m.ShortcutList)
/** What is needed when the sign-in ends or the connection does is fetched before. */
const fetchAhead = () => {
  const fetch = () => Promise.all([import('./session-ended.tsx'), loadTexts('sign-in')])
  const timer = setTimeout(() => void fetch().catch(() => undefined), 3000)
  return () => clearTimeout(timer)
}

const SLIM = 'annona-slim-navigation'

/** What surrounds every screen: the bar at the top, the navigation, and the place of the screen itself. */
export const Frame = ({ me, children }: { me: Me; children: ComponentChildren }) => {
  const t = useText('shell')
  const [place] = useLocation()
  const isNarrow = useNarrow()
  const [isMenuOpen, setMenuOpen] = useState(false)
  const [isSlim, setSlim] = useState(() => localStorage.getItem(SLIM) === 'yes')
  const areKeysAsked = useStore(shortcutsAsked)
  useShortcuts(me)
  useEffect(() => startLive(job => void tellEnded(job)), [])
  useEffect(fetchAhead, [])
  useEffect(rememberPages, [])
  useEffect(() => setMenuOpen(false), [place])
  const toggle = () => {
    localStorage.setItem(SLIM, isSlim ? 'no' : 'yes')
    setSlim(!isSlim)
  }
  return (
    <div class={isSlim && !isNarrow ? 'an-frame an-frame--slim' : 'an-frame'}>
      <a class="govuk-skip-link" href="#main">
        {t('skip')}
      </a>
      <Bar me={me} openMenu={isNarrow ? () => setMenuOpen(true) : undefined} />
      <OfflineBanner />
      {isNarrow ? (
        <Drawer open={isMenuOpen} close={() => setMenuOpen(false)}>
          <Navigation me={me} />
        </Drawer>
      ) : (
        <Navigation me={me} isSlim={isSlim} toggle={toggle} />
      )}
      <main id="main" class="an-main" tabIndex={-1}>
        {children}
      </main>
      <footer class="an-foot">
        <span>Annona {import.meta.env.VERSION}</span>
        <a href="/docs">{t('docs')}</a>
      </footer>
      {areKeysAsked && <Later load={shortcutList} props={{ close: () => shortcutsAsked.set(false) }} />}
      <Confirmations />
      <Toasts />
    </div>
  )
}
