import { Section } from '../../../ui/components/page.tsx'
import type { Tone } from '../../../ui/components/tag.tsx'
import { Timeline } from '../../../ui/components/timeline.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import type { Approval } from './words.tsx'

type Entry = Approval['timeline'][number]

const TONES: Record<string, Tone> = {
  submit: 'info',
  approve: 'good',
  reject: 'bad',
  return: 'warning',
  escalate: 'warning',
  overdue: 'warning',
  expire: 'warning',
  bypass: 'warning',
  changed: 'warning',
}

/** What happened to a request and what was said about it, the latest first. */
export const History = ({ approval }: { approval: Approval }) => {
  const t = useText('approvals')
  const whoOf = ({ by, onBehalfOf }: Entry): string =>
    onBehalfOf ? t('people.behalf', { name: by, behalf: onBehalfOf }) : by
  const titleOf = ({ kind, tier }: Entry): string => {
    const deed = textOr('approvals', `kinds.${kind}`, kind)
    return tier !== null && approval.tiers > 1 && kind === 'approve' ? t('inTier', { deed, tier }) : deed
  }
  const items = approval.timeline.map((entry, i) => ({
    key: `${i}`,
    at: entry.at,
    who: whoOf(entry),
    title: titleOf(entry),
    tone: TONES[entry.kind],
    ...(entry.comment ? { children: <Said>{entry.comment}</Said> } : {}),
  }))
  return (
    <Section title={t('history')}>
      <Timeline label={t('history')} items={items.reverse()} />
    </Section>
  )
}

/** What somebody wrote: in its own direction, its lines as they were typed. */
export const Said = ({ children }: { children: string }) => (
  <p class="ap-said" dir="auto">
    {children}
  </p>
)
