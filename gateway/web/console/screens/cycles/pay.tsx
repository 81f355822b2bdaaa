import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Count, Instant, Money } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { placeOf } from '../../shell/places.ts'
import { ThingLink } from '../../shell/thing-link.tsx'
import { useProgress } from './path.ts'
import { type Cycle, Measured } from './words.tsx'

/** How far giving has come, and the payment batches that it is done with. */
export const PayTab = ({ cycle }: { cycle: Cycle }) => {
  const seesPayments = useMay('payment:read')
  const hasCash = cycle.totals.some(({ kind }) => kind === 'cash')
  return (
    <div class="cy-stack">
      <Given cycle={cycle} />
      {seesPayments && hasCash && <Batches cycle={cycle} />}
    </div>
  )
}

const SHARES = ['due', 'given', 'open', 'lapsed'] as const

const Given = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const { data, problem, refresh } = useProgress(cycle)
  if (problem && !data) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  return (
    <Section title={t('pay.progress')}>
      {data.components.map(of => (
        <div class="cy-scroll" key={of.component}>
          <table class="cy-numbers">
            <caption>
              {t('component')} <Code>{of.component}</Code>
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('difference.what')}</th>
                <th scope="col">{t('entitlements')}</th>
                <th scope="col">{t('amount')}</th>
              </tr>
            </thead>
            <tbody>
              {SHARES.map(share => (
                <tr key={share}>
                  <th scope="row">{t(`pay.${share}`)}</th>
                  <td data-label={t('entitlements')}>
                    <Count n={of[share].count} />
                  </td>
                  <td data-label={t('amount')}>
                    <Measured of={of} amount={of[share].amount} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </Section>
  )
}

type Batch = RowOf<'/api/v1/payment-batches'>

const Batches = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const list = useList('/api/v1/payment-batches', { query: { cycle: cycle.reference }, prefix: 'b-' })
  const columns: Column<Batch>[] = [
    {
      key: 'reference',
      label: t('pay.batch'),
      cell: batch => <ThingLink kind="payment-batch" reference={batch.reference} />,
    },
    {
      key: 'state',
      label: t('state'),
      cell: batch => textOr('cycles', `batchStates.${batch.state}`, batch.state),
      sort: 'state',
    },
    {
      key: 'payments',
      label: t('pay.payments'),
      cell: batch => <Count n={batch.payments} />,
      numeric: true,
      sort: 'payments',
    },
    {
      key: 'total',
      label: t('amount'),
      cell: batch => <Money amount={batch.total} currency={batch.currency} />,
      numeric: true,
      sort: 'total',
    },
    {
      key: 'exceptions',
      label: t('pay.exceptions'),
      cell: batch => <Count n={batch.exceptions} />,
      numeric: true,
      sort: 'exceptions',
    },
    {
      key: 'preparedAt',
      label: t('pay.made'),
      cell: batch => <Instant iso={batch.prepared.at} />,
      sort: 'preparedAt',
    },
  ]
  const place = (batch: Batch) => placeOf('payment-batch', batch.reference)
  return (
    <Section plain title={t('pay.payments')}>
      <DataTable
        label={t('pay.batches')}
        columns={columns}
        list={list}
        rowKey={batch => batch.reference}
        {...(list.rows?.[0] && place(list.rows[0]) ? { href: (batch: Batch) => place(batch) ?? '' } : {})}
        empty={<Empty title={t('pay.noBatch')}>{t('pay.noBatchText')}</Empty>}
      />
    </Section>
  )
}
