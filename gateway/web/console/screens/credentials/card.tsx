import { useState } from 'preact/hooks'
import { Button } from '../../../ui/components/button.tsx'
import { Icon } from '../../../ui/components/icon.tsx'
import { Day, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { type Card, lastDay } from './standing.tsx'

const pictureOf = ({ reference }: Card, type: 'svg' | 'png'): string =>
  `/api/v1/credentials/${encodeURIComponent(reference)}/qr.${type}`

/** The card as it is printed, of the size of a bank card, and what can be done with it on paper. */
export const PaperCard = ({ card }: { card: Card }) => {
  const t = useText('credentials')
  const [isShown, setShown] = useState(true)
  if (card.state === 'revoked') return null
  return (
    <section class="cr-paper" aria-label={t('card')}>
      <article class="cr-card">
        <div class="cr-card__words">
          <p class="cr-card__program">
            <Name>{card.programName}</Name>
          </p>
          <p class="cr-card__holder">
            <Name>{card.holderName}</Name>
          </p>
          <p class="cr-card__fact">
            <span>{t('validUntil')}</span> <Day iso={lastDay(card)} />
          </p>
          {card.pointName && (
            <p class="cr-card__fact">
              <span>{t('point')}</span> <Name>{card.pointName}</Name>
            </p>
          )}
          <p class="cr-card__reference">
            <Ref copy={false}>{card.reference}</Ref>
          </p>
        </div>
        {isShown ? (
          <img
            class="cr-card__code"
            src={pictureOf(card, 'svg')}
            alt={t('codeOf', { reference: card.reference })}
            onError={() => setShown(false)}
          />
        ) : (
          <p class="cr-card__code cr-card__code--none">{t('noCode')}</p>
        )}
      </article>
      {isShown && card.state === 'active' && <OnPaper card={card} />}
    </section>
  )
}

const OnPaper = ({ card }: { card: Card }) => {
  const t = useText('credentials')
  return (
    <div class="an-actions cr-paper__ways">
      <Button onClick={() => print()}>{t('print')}</Button>
      {(['png', 'svg'] as const).map(type => (
        <a
          key={type}
          class="an-button an-button--secondary"
          href={pictureOf(card, type)}
          download={`${card.reference}.${type}`}
        >
          <Icon name="download" />
          {t(`download.${type}`)}
        </a>
      ))}
    </div>
  )
}
