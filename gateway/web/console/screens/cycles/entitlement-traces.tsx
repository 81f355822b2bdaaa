import { useGet } from '../../../ui/api/queries.ts'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Instant, Money } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { ThingLink } from '../../shell/thing-link.tsx'
import { type Entitlement, Measured } from './words.tsx'

type Props = { entitlement: Entitlement }

/** Batches of one cycle that are looked through: the first, and those that made failed payments anew. */
const MOST_BATCHES = 10

/** What was paid of it, batch by batch. */
export const Payments = ({ entitlement }: Props) => {
  const t = useText('cycles')
  const query = { cycle: entitlement.cycle, limit: MOST_BATCHES }
  const { data } = useGet('/api/v1/payment-batches', { params: { query } })
  return (
    <Section title={t('traces.payments')}>
      {data?.items.length === 0 && <p class="an-muted">{t('traces.noPayment')}</p>}
      {data?.items.map(batch => (
        <PaymentsIn key={batch.reference} batch={batch.reference} entitlement={entitlement} />
      ))}
    </Section>
  )
}

const PaymentsIn = ({ batch, entitlement: e }: Props & { batch: string }) => {
  const t = useText('cycles')
  const { data } = useGet('/api/v1/payment-batches/{reference}/payments', {
    params: { path: { reference: batch }, query: { q: e.registrant, limit: 20 } },
  })
  const payments = data?.items.filter(({ entitlement }) => entitlement === e.reference) ?? []
  if (payments.length === 0) return null
  return (
    <>
      <p>
        <ThingLink kind="payment-batch" reference={batch} />
      </p>
      <Summary
        rows={payments.map(payment => ({
          label: textOr('cycles', `paymentStates.${payment.state}`, payment.state),
          value: (
            <>
              <Money amount={payment.amount} currency={payment.currency} />{' '}
              <span class="an-muted">
                {t('traces.at')} <Instant iso={payment.changedAt} full />
              </span>
            </>
          ),
        }))}
      />
    </>
  )
}

/** The cards that it can be collected with. */
export const Cards = ({ entitlement }: Props) => {
  const t = useText('cycles')
  const { data } = useGet('/api/v1/credentials', {
    params: { query: { entitlement: entitlement.reference } },
  })
  if (!data) return null
  return (
    <Section title={t('traces.cards')}>
      {data.items.length === 0 ? (
        <p class="an-muted">{t('traces.noCard')}</p>
      ) : (
        <Summary
          rows={data.items.map(card => ({
            label: textOr('cycles', `cardStates.${card.state}`, card.state),
            value: <ThingLink kind="credential" reference={card.reference} />,
          }))}
        />
      )}
    </Section>
  )
}

/** What was handed over of it. */
export const Handovers = ({ entitlement }: Props) => {
  const t = useText('cycles')
  const query = { entitlement: entitlement.reference }
  const { data } = useGet('/api/v1/redemptions', { params: { query } })
  if (!data || (data.items.length === 0 && entitlement.kind === 'cash')) return null
  return (
    <Section title={t('traces.handovers')}>
      {data.items.length === 0 ? (
        <p class="an-muted">{t('traces.noHandover')}</p>
      ) : (
        <Summary
          rows={data.items.map(handover => ({
            label: handover.reference,
            value: (
              <>
                <Measured of={entitlement} amount={String(handover.quantity)} />{' '}
                <span class="an-muted">
                  {t('traces.at')} <Instant iso={handover.redeemedAt} full />
                </span>
              </>
            ),
          }))}
        />
      )}
    </Section>
  )
}
