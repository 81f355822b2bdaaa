import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import type { Tone } from './tag.tsx'
import { Instant, Name } from './text.tsx'

export type TimelineItem = {
  key: string
  /** An ISO instant. */
  at: string
  who?: ComponentChildren
  title: ComponentChildren
  children?: ComponentChildren
  tone?: Tone | undefined
}

const ICONS: Record<Tone, IconName> = {
  neutral: 'circle',
  info: 'info',
  good: 'check',
  warning: 'alert',
  bad: 'close',
}

/** What happened, the latest first as it is given: when, who, what. */
export const Timeline = ({ items, label }: { items: readonly TimelineItem[]; label?: string }) => (
  <ol class="an-timeline" aria-label={label}>
    {items.map(item => (
      <li key={item.key} class={`an-timeline__item an-timeline__item--${item.tone ?? 'neutral'}`}>
        <span class="an-timeline__mark">
          <Icon name={ICONS[item.tone ?? 'neutral']} />
        </span>
        <div class="an-timeline__body">
          <p class="an-timeline__title">{item.title}</p>
          <p class="an-timeline__when">
            {item.who !== undefined && (
              <>
                <Name>{item.who}</Name>
                {' · '}
              </>
            )}
            <Instant iso={item.at} />
          </p>
          {item.children !== undefined && <div class="an-timeline__more">{item.children}</div>}
        </div>
      </li>
    ))}
  </ol>
)
