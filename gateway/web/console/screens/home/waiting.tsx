import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import { Icon, type IconName } from '../../../ui/components/icon.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Begin } from './begin.tsx'
import { useWaiting, type Waits } from './use-waiting.ts'

const ICONS: Record<Waits['urgency'], IconName> = { now: 'alert', soon: 'clock', calm: 'info' }

/** What needs the decision or the hand of whoever reads, what is most urgent first. */
export const Waiting = () => {
  const t = useText('home')
  const { items, isLoading, problem, retry, isEmptyRegistry } = useWaiting()
  return (
    <div class="an-home__main">
      <Section title={t('waiting')}>
        {items.length > 0 && (
          <ul class="an-waits">
            {items.map(item => (
              <Row key={item.key} item={item}>
                {item.text}
              </Row>
            ))}
          </ul>
        )}
        {problem && <Failure problem={problem} retry={retry} />}
        {isLoading && items.length === 0 && <Loading lines={3} />}
        {!isLoading && !problem && items.length === 0 && (
          <Empty icon="done" title={t('nothing')}>
            {t('nothingHint')}
          </Empty>
        )}
      </Section>
      {isEmptyRegistry && <Begin />}
    </div>
  )
}

const Row = ({ item: { href, hint, urgency }, children }: { item: Waits; children: ComponentChildren }) => {
  const content = (
    <>
      <Icon name={ICONS[urgency]} />
      <span class="an-waits__text">
        <span class="an-waits__title">{children}</span>
        {hint !== undefined && (
          <span class="an-waits__hint">
            <Name>{hint}</Name>
          </span>
        )}
      </span>
    </>
  )
  const look = `an-waits__row an-waits__row--${urgency}`
  return (
    <li>
      {href === undefined ? (
        <div class={look}>{content}</div>
      ) : (
        <Link class={look} href={href}>
          {content}
          <Icon name="next" />
        </Link>
      )}
    </li>
  )
}
