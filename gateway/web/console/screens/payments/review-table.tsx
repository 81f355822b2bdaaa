import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Instant, Money, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { PaymentTag } from './words.tsx'

type Row = RowOf<'/api/v1/payment-review-items'>

/** What reports left to a person: what they said, against what is known here. */
export const ReviewTable = ({ query, prefix }: { query: Record<string, unknown>; prefix: string }) => {
  const t = useText('payments')
  const list = useList('/api/v1/payment-review-items', { query, prefix })
  const columns: Column<Row>[] = [
    { key: 'kind', label: t('review.what'), cell: i => t(`review.kinds.${i.kind}`), sort: 'kind' },
    { key: 'payment', label: t('payment'), cell: i => i.payment && <Ref copy={false}>{i.payment}</Ref> },
    { key: 'said', label: t('review.said'), cell: i => t(`review.statuses.${i.status}`) },
    {
      key: 'amount',
      label: t('review.saidAmount'),
      cell: i => i.amount && i.currency && <Money amount={i.amount} currency={i.currency} />,
      numeric: true,
    },
    { key: 'known', label: t('review.known'), cell: i => i.sent && <PaymentTag state={i.sent.state} /> },
    {
      key: 'sent',
      label: t('review.sentAmount'),
      cell: i => i.sent && <Money amount={i.sent.amount} currency={i.sent.currency} />,
      numeric: true,
    },
    {
      key: 'createdAt',
      label: t('review.since'),
      cell: i => <Instant iso={i.createdAt} />,
      sort: 'createdAt',
    },
    { key: 'batch', label: t('batch'), cell: i => <Ref copy={false}>{i.batch}</Ref>, hidden: true },
  ]
  return (
    <DataTable
      label={t('review.table')}
      columns={columns}
      list={list}
      rowKey={i => i.reference}
      href={i => `/payment-review-items/${i.reference}`}
      empty={
        <Empty icon="done" title={t('review.none')}>
          {t('review.noneHint')}
        </Empty>
      }
    />
  )
}
