import { serverNow } from '../../../ui/api/clock.ts'
import type { components } from '../../../ui/api/schema.generated.ts'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { useText } from '../../../ui/i18n/index.ts'

export type Card = components['schemas']['Credential']
export const STATES = ['active', 'suspended', 'revoked'] as const satisfies readonly Card['state'][]

/** What a card is worth today: its state, and for an active one what its dates say. */
export type Standing = 'valid' | 'early' | 'expired' | 'suspended' | 'revoked'

const TONES: Record<Standing, Tone> = {
  valid: 'good',
  early: 'info',
  expired: 'neutral',
  suspended: 'warning',
  revoked: 'bad',
}

/** `now` in milliseconds: what the server's clock says. */
export const standingOf = (
  card: Pick<Card, 'state' | 'validFrom' | 'validUntil'>,
  now = serverNow(),
): Standing => {
  if (card.state !== 'active') return card.state
  if (now < Date.parse(card.validFrom)) return 'early'
  return now < Date.parse(card.validUntil) ? 'valid' : 'expired'
}

/** The first day on which a card is good (ISO). */
export const firstDay = ({ validFrom }: Pick<Card, 'validFrom'>): string => validFrom.slice(0, 10)

/** The last day on which it is: its end is the first moment at which it is not. */
export const lastDay = ({ validUntil }: Pick<Card, 'validUntil'>): string =>
  new Date(Date.parse(validUntil) - 1).toISOString().slice(0, 10)

/** What a card is worth today, in a word. */
export const StandingTag = ({ card }: { card: Card }) => {
  const t = useText('credentials')
  const standing = standingOf(card)
  return (
    <Tag tone={TONES[standing]} {...(standing === 'suspended' ? { icon: 'lock' } : {})}>
      {t(`standings.${standing}`)}
    </Tag>
  )
}
