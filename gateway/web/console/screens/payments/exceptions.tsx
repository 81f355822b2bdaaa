import { type RowOf, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Filters } from '../../../ui/components/filters.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Money, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Beneficiary } from './beneficiary.tsx'
import { Group } from './group.tsx'
import { type Batch, causeWords } from './words.tsx'

type Row = RowOf<'/api/v1/payment-batches/{reference}/exceptions'>

/** Who is not in a batch: by cause, with what cures it, and then each of them. */
export const Exceptions = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const path = { reference: batch.reference }
  const groups = useGet('/api/v1/payment-batches/{reference}/failures', { params: { path } })
  const list = useList('/api/v1/payment-batches/{reference}/exceptions', {
    path,
    filters: ['cause'],
    prefix: 'x-',
  })
  const columns: Column<Row>[] = [
    { key: 'name', label: t('name'), cell: row => <Name>{row.name}</Name> },
    { key: 'beneficiary', label: t('beneficiary'), cell: row => <Beneficiary reference={row.beneficiary} /> },
    {
      key: 'amount',
      label: t('amount'),
      cell: row => <Money amount={row.amount} currency={row.currency} />,
      numeric: true,
    },
    { key: 'cause', label: t('why'), cell: row => <Cause row={row} /> },
    { key: 'repair', label: t('cure'), cell: row => t(`repairs.${row.repair}`) },
  ]
  const found = groups.data
  if (groups.problem && !found) return <Failure problem={groups.problem} retry={groups.refresh} />
  if (!found) return <Loading />
  const options = found.exceptions.map(({ cause, words }) => ({
    value: cause,
    label: causeWords(cause, words),
  }))
  return (
    <div class="pay-stack">
      <Section title={t('leftOutWhy')}>
        <ul class="pay-groups">
          {found.exceptions.map(group => (
            <Group
              key={group.cause}
              title={causeWords(group.cause, group.words)}
              cure={t(`repairs.${group.repair}`)}
              sum={group}
              currency={found.currency}
              href={`/payment-batches/${batch.reference}?tab=exceptions&x-cause=${group.cause}`}
            />
          ))}
        </ul>
      </Section>
      <Filters list={list} fields={[{ kind: 'select', name: 'cause', label: t('why'), options }]} />
      <DataTable
        label={t('leftOut')}
        columns={columns}
        list={list}
        rowKey={row => row.entitlement}
        empty={<Empty title={t('nobodyLeftOut')} />}
      />
    </div>
  )
}

const Cause = ({ row }: { row: Row }) => (
  <>
    {causeWords(row.cause, row.words)}
    {row.detail && (
      <span class="an-muted">
        {' '}
        <bdi>{row.detail}</bdi>
      </span>
    )}
  </>
)
