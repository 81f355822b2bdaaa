import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'neutral' | 'info' | 'good' | 'warning' | 'bad'

const ICONS: Record<Tone, IconName> = {
  neutral: 'circle',
  info: 'info',
  good: 'done',
  warning: 'alert',
  bad: 'error',
}

/** A state in a word and an icon, never by its colour alone. */
export const Tag = ({
  tone,
  icon = ICONS[tone],
  children,
}: {
  tone: Tone
  icon?: IconName
  children: ComponentChildren
}) => (
  <span class={`an-tag an-tag--${tone}`}>
    <Icon name={icon} />
    {children}
  </span>
)
