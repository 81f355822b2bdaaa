import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Filters } from '../../../ui/components/filters.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { type Cycle, ENTITLEMENT_STATUSES, EntitlementTag, Measured } from './words.tsx'

type Row = RowOf<'/api/v1/cycles/{reference}/entitlements'>

/** What each is due in a cycle. */
export const EntitlementsTab = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const list = useList('/api/v1/cycles/{reference}/entitlements', {
    path: { reference: cycle.reference },
    filters: ['q', 'status'],
    prefix: 'e-',
  })
  const columns: Column<Row>[] = [
    {
      key: 'registrant',
      label: t('beneficiary'),
      cell: row =>
        row.registrantName === null ? (
          <Ref copy={false}>{row.registrant}</Ref>
        ) : (
          <Name>{row.registrantName}</Name>
        ),
      sort: 'registrant',
    },
    {
      key: 'amount',
      label: t('amount'),
      cell: row => <Measured of={row} amount={row.amount} />,
      numeric: true,
    },
    { key: 'status', label: t('state'), cell: row => <EntitlementTag status={row.status} /> },
    {
      key: 'fulfilled',
      label: t('fulfilled'),
      cell: row => row.fulfilled !== '0' && <Measured of={row} amount={row.fulfilled} />,
      numeric: true,
      hidden: true,
    },
    { key: 'component', label: t('component'), cell: row => <Code>{row.component}</Code> },
    {
      key: 'registrantRef',
      label: t('beneficiaryRef'),
      cell: row => <Ref copy={false}>{row.registrant}</Ref>,
    },
    {
      key: 'reference',
      label: t('reference'),
      cell: row => <Ref copy={false}>{row.reference}</Ref>,
      hidden: true,
    },
  ]
  const isNoReference = list.problem?.errors.some(({ pointer }) => pointer.endsWith('/q')) ?? false
  return (
    <>
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('searchRef') },
          {
            kind: 'select',
            name: 'status',
            label: t('state'),
            options: ENTITLEMENT_STATUSES.map(value => ({ value, label: t(`statuses.${value}`) })),
          },
        ]}
      />
      {isNoReference ? (
        <Empty title={t('noReference')}>{t('noReferenceText')}</Empty>
      ) : (
        <DataTable
          label={t('entitlements')}
          columns={columns}
          list={list}
          rowKey={row => row.reference}
          href={row => `/entitlements/${row.reference}`}
          empty={<Empty title={t('noneFound')}>{t('noneFoundText')}</Empty>}
        />
      )}
    </>
  )
}
