import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { isOffline, messageOf } from '../../ui/api/problem.ts'
import { Banner, Toasts } from '../../ui/components/banner.tsx'
import { Button } from '../../ui/components/button.tsx'
import { chooseLanguage, LANGUAGES, textOr, useLanguage, useText } from '../../ui/i18n/index.ts'
import { useStore } from '../../ui/store.ts'
import { Logo } from './logo.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { Providers } from './sign-in-providers.tsx'
import { refusal } from './sign-in-refused.ts'
import { readSession, trouble } from './signing.ts'

/** The server is asked again so often, in milliseconds, while it cannot be reached. */
const RETRY_MS = 5_000

/** Signing in. Whoever has signed in is where they wanted to go: the address stays the one that was asked for. */
export const SignIn = () => {
  const t = useText('sign-in')
  const refused = useStore(refusal)
  useEffect(() => {
    document.title = `${t('title')} – Annona`
  }, [t])
  return (
    <OpenPage title={t('title')}>
      {refused !== undefined && (
        <Banner tone="error" onDismiss={() => refusal.set(undefined)}>
          {textOr('sign-in', `refusals.${refused}`, t('refusals.other'))}
        </Banner>
      )}
      <Trouble />
      <SignInForm />
      <Providers />
    </OpenPage>
  )
}

/** What a page without the frame of the console looks like: one card, and the choice of the language. */
export const OpenPage = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <main class="an-open">
    <div class="an-open__card">
      <p class="an-open__brand">
        <Logo />
        Annona
      </p>
      <h1 class="an-open__title">{title}</h1>
      {children}
    </div>
    <Languages />
    <Toasts />
  </main>
)

/** It could not be found out who is signed in: perhaps somebody is, and only the server is away. */
const Trouble = () => {
  const t = useText('sign-in')
  const problem = useStore(trouble)
  const [busy, setBusy] = useState(false)
  const retry = async () => {
    setBusy(true)
    await readSession()
    setBusy(false)
  }
  useEffect(() => {
    if (!problem) return
    const timer = setInterval(() => void readSession(), RETRY_MS)
    return () => clearInterval(timer)
  }, [problem])
  if (!problem) return null
  return (
    <Banner tone="warning">
      <p>{isOffline(problem) ? t('unreachable') : messageOf(problem)}</p>
      <Button kind="secondary" icon="refresh" busy={busy} onClick={() => void retry()}>
        {t('retry')}
      </Button>
    </Banner>
  )
}

/** The languages, each called by its own name. */
const Languages = () => {
  const t = useText('sign-in')
  const spoken = useLanguage()
  return (
    <nav class="an-open__languages" aria-label={t('language')}>
      {LANGUAGES.map(({ code, name, direction }) => (
        <button
          key={code}
          type="button"
          class="an-button an-button--quiet"
          lang={code}
          dir={direction}
          aria-current={code === spoken ? 'true' : undefined}
          onClick={() => void chooseLanguage(code)}
        >
          {name}
        </button>
      ))}
    </nav>
  )
}
