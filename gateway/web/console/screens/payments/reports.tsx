import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Count, Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { ReportTag } from './words.tsx'

type Row = RowOf<'/api/v1/payment-reports'>

/** Numbers of a report that tell most. */
const COUNTS = ['settled', 'failed', 'review'] as const

/** What banks have reported: what each report did, and those that could not be applied. */
export const ReportList = () => {
  const t = useText('payments')
  const mayWrite = useMay('payment:write')
  const list = useList('/api/v1/payment-reports')
  const columns: Column<Row>[] = [
    { key: 'reference', label: t('report.one'), cell: r => <Ref copy={false}>{r.reference}</Ref> },
    { key: 'state', label: t('state'), cell: r => <ReportTag state={r.state} />, sort: 'state' },
    { key: 'batch', label: t('batch'), cell: r => r.batch && <Ref copy={false}>{r.batch}</Ref> },
    ...COUNTS.map(name => ({
      key: name,
      label: t(`report.counts.${name}`),
      cell: (r: Row) => r.counts && <Count n={r.counts[name]} />,
      numeric: true,
    })),
    {
      key: 'receivedBy',
      label: t('report.receivedBy'),
      cell: r => <Name>{r.receivedBy}</Name>,
      sort: 'receivedBy',
    },
    {
      key: 'receivedAt',
      label: t('report.receivedAt'),
      cell: r => <Instant iso={r.receivedAt} />,
      sort: 'receivedAt',
    },
  ]
  const upload = mayWrite && (
    <LinkButton kind="primary" icon="upload" href="/payment-reports/new">
      {t('report.upload')}
    </LinkButton>
  )
  return (
    <Page title={t('report.title')} lead={t('report.lead')} actions={upload}>
      <DataTable
        label={t('report.title')}
        columns={columns}
        list={list}
        rowKey={r => r.reference}
        href={r => `/payment-reports/${r.reference}`}
        empty={<Empty title={t('report.none')}>{t('report.noneHint')}</Empty>}
      />
    </Page>
  )
}
