import type { ComponentChildren } from 'preact'
import { useText } from '../i18n/index.ts'
import { createStore, useStore } from '../store.ts'
import { IconButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

export type BannerTone = 'info' | 'success' | 'warning' | 'error'

const ICONS: Record<BannerTone, IconName> = {
  info: 'info',
  success: 'done',
  warning: 'alert',
  error: 'error',
}

export type BannerProps = {
  tone: BannerTone
  title?: string | undefined
  children?: ComponentChildren
  onDismiss?: (() => void) | undefined
}

/** Something to know before going on; an error is read out at once. */
export const Banner = ({ tone, title, children, onDismiss }: BannerProps) => {
  const t = useText('ui')
  return (
    <div class={`an-banner an-banner--${tone}`} role={tone === 'error' ? 'alert' : undefined}>
      <Icon name={ICONS[tone]} />
      <div class="an-banner__body">
        <span class="govuk-visually-hidden">{t(`banner.${tone}`)}</span>
        {title !== undefined && <p class="an-banner__title">{title}</p>}
        {children}
      </div>
      {onDismiss && <IconButton icon="close" label={t('banner.dismiss')} onClick={onDismiss} />}
    </div>
  )
}

type Toast = { id: number; tone: BannerTone; text: string }

/** What was said stays for so long, but an error until it is dismissed. */
const STAYS_MS = 8000
const MOST_AT_ONCE = 4
const toasts = createStore<readonly Toast[]>([])
let lastId = 0

const dismiss = (id: number): void => toasts.set(toasts.get().filter(toast => toast.id !== id))

/** Tells of something that was done, from anywhere; `<Toasts/>` shows it. */
export const toast = (tone: BannerTone, text: string): void => {
  const id = ++lastId
  toasts.set([...toasts.get(), { id, tone, text }].slice(-MOST_AT_ONCE))
  if (tone !== 'error') setTimeout(() => dismiss(id), STAYS_MS)
}

/** Where `toast` is heard and seen. Once, in the shell. */
export const Toasts = () => (
  <div class="an-toasts" role="status" aria-live="polite">
    {useStore(toasts).map(({ id, tone, text }) => (
      <Banner key={id} tone={tone} onDismiss={() => dismiss(id)}>
        {text}
      </Banner>
    ))}
  </div>
)
