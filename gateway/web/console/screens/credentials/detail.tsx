import { useList } from '../../../ui/api/list.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Menu } from '../../../ui/components/menu.tsx'
import { Columns, Page, Section, Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { DataTable } from '../../../ui/components/table.tsx'
import { Day, Instant, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { useTraces } from '../access/traces.ts'
import { Quantity } from '../inventory/quantity.tsx'
import { PaperCard } from './card.tsx'
import './credentials.scss'
import { Deeds } from './deeds.tsx'
import { Linked } from './linked.tsx'
import { type Card, firstDay, lastDay, StandingTag, standingOf } from './standing.tsx'

/** One card: how it stands, the card itself to print or to show, whose it is, and what can be done about it. */
export const CardDetail = ({ params }: ScreenProps) => {
  const t = useText('credentials')
  const access = useText('access')
  const reference = params.reference!
  const traces = useTraces(`credential:${reference}`, { subject: reference })
  const init = { params: { path: { reference } } }
  const { data: card, problem, refresh } = useGet('/api/v1/credentials/{reference}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!card) return <Loading />
  return (
    <Page
      title={card.holderName}
      heading={<Name>{card.holderName}</Name>}
      lead={<StandingTag card={card} />}
      back={{ href: '/credentials', label: t('title') }}
      actions={traces.length > 0 && <Menu label={access('links.more')} items={traces} />}
    >
      <Known card={card} />
    </Page>
  )
}

const Known = ({ card }: { card: Card }) => {
  const t = useText('credentials')
  const { entitlement } = card
  const others = useList('/api/v1/credentials', { query: { entitlement }, prefix: 'others-', limit: 10 })
  const living = others.rows?.find(
    ({ reference, state }) => state !== 'revoked' && reference !== card.reference,
  )
  return (
    <>
      <div class="cr-beside">
        <InWords card={card} living={living} />
      </div>
      <Columns even>
        <PaperCard card={card} />
        <div class="cr-beside cr-facts">
          <Section title={t('about')}>
            <Facts card={card} />
          </Section>
        </div>
      </Columns>
      <div class="cr-beside">
        {/* Until it is known whether another card took its place, none is offered. */}
        <Deeds card={card} isReplaced={living !== undefined || others.isLoading} />
      </div>
      {(others.rows?.length ?? 0) > 1 && (
        <div class="cr-beside">
          <Section plain title={t('all')}>
            <DataTable
              label={t('all')}
              list={others}
              rowKey={other => other.reference}
              href={other => `/credentials/${other.reference}`}
              columns={[
                {
                  key: 'reference',
                  label: t('reference'),
                  cell: other => <Ref copy={false}>{other.reference}</Ref>,
                },
                { key: 'state', label: t('state'), cell: other => <StandingTag card={other} /> },
                {
                  key: 'reason',
                  label: t('reason'),
                  cell: other => other.stateReason && <Name>{other.stateReason}</Name>,
                },
                {
                  key: 'issuedAt',
                  label: t('issuedAt'),
                  cell: other => <Instant iso={other.issuedAt} />,
                },
              ]}
              empty={null}
            />
          </Section>
        </div>
      )}
    </>
  )
}

const TONES = {
  early: 'info',
  expired: 'info',
  suspended: 'warning',
  revoked: 'error',
} as const

/** What it means that a card is not good today, why, and which card is. */
const InWords = ({ card, living }: { card: Card; living: Card | undefined }) => {
  const t = useText('credentials')
  const standing = standingOf(card)
  if (standing === 'valid') return null
  return (
    <Banner tone={TONES[standing]} title={t(`standings.${standing}`)}>
      <p>{t(`means.${standing}`)}</p>
      {card.stateReason && card.state !== 'active' && (
        <p>
          {t('reason')}: <Name>{card.stateReason}</Name>
        </p>
      )}
      {living && (
        <p>
          {t('replacedBy')}{' '}
          <Linked kind="credential" reference={living.reference}>
            <Ref copy={false}>{living.reference}</Ref>
          </Linked>
        </p>
      )}
    </Banner>
  )
}

const Facts = ({ card }: { card: Card }) => {
  const t = useText('credentials')
  const { entitlement } = card
  const init = { params: { path: { reference: entitlement } } }
  const { data: due } = useGet('/api/v1/entitlements/{reference}', init, { when: useMay('entitlement:read') })
  const rows: SummaryRow[] = [
    {
      label: t('holder'),
      value: (
        <Linked kind="registrant" reference={card.registrant}>
          <Name>{card.holderName}</Name>
        </Linked>
      ),
    },
    {
      label: t('program'),
      value: (
        <Linked kind="program" reference={card.program}>
          <Name>{card.programName}</Name>
        </Linked>
      ),
    },
    {
      label: t('cycle'),
      value: (
        <Linked kind="cycle" reference={card.cycle}>
          <Name>{card.cycleName}</Name>
        </Linked>
      ),
    },
    {
      label: t('entitlement'),
      value: (
        <>
          <Linked kind="entitlement" reference={entitlement}>
            <Ref copy={false}>{entitlement}</Ref>
          </Linked>
          {due && <Worth due={due} />}
        </>
      ),
    },
    {
      label: t('valid'),
      value: (
        <>
          <Day iso={firstDay(card)} /> – <Day iso={lastDay(card)} />
        </>
      ),
    },
    {
      label: t('point'),
      value: card.point ? (
        <Linked kind="location" reference={card.point}>
          <Name>{card.pointName ?? card.point}</Name>
        </Linked>
      ) : (
        <span class="an-muted">{t('anyPoint')}</span>
      ),
    },
    { label: t('issuedAt'), value: <Instant iso={card.issuedAt} full /> },
    { label: t('reference'), value: <Ref>{card.reference}</Ref> },
  ]
  return <Summary rows={rows} />
}

/** How much the card is for, and how much of it was given already. */
const Worth = ({ due }: { due: AnswerOf<'/api/v1/entitlements/{reference}'> }) => {
  const t = useText('credentials')
  const amount = (value: string) =>
    due.kind === 'cash' ? (
      <Money amount={value} currency={due.unit} />
    ) : (
      <Quantity n={Number(value)} unit={due.unit} />
    )
  return (
    <p class="an-muted">
      {amount(due.amount)}
      {due.item && (
        <>
          {' '}
          <bdi>{due.item}</bdi>
        </>
      )}
      {Number(due.fulfilled) > 0 && (
        <>
          {' · '}
          {t('given')} {amount(due.fulfilled)}
        </>
      )}
    </p>
  )
}
