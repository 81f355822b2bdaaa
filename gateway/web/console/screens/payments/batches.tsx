import './payments.scss'
import { type RowOf, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Count, Day, Instant, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { BATCH_STATES, BatchTag } from './words.tsx'

type Row = RowOf<'/api/v1/payment-batches'>

const useColumns = (): Column<Row>[] => {
  const t = useText('payments')
  return [
    { key: 'reference', label: t('batch'), cell: b => <Ref copy={false}>{b.reference}</Ref> },
    {
      key: 'program',
      label: t('programAndCycle'),
      cell: b => (
        <span class="pay-two">
          <Name>{b.programName}</Name>
          <span class="an-muted">
            <Name>{b.cycleName}</Name>
          </span>
        </span>
      ),
      sort: 'program',
    },
    { key: 'state', label: t('state'), cell: b => <BatchTag state={b.state} />, sort: 'state' },
    {
      key: 'payments',
      label: t('payments'),
      cell: b => <Count n={b.payments} />,
      sort: 'payments',
      numeric: true,
    },
    {
      key: 'total',
      label: t('total'),
      cell: b => <Money amount={b.total} currency={b.currency} />,
      sort: 'total',
      numeric: true,
    },
    {
      key: 'exceptions',
      label: t('leftOut'),
      cell: b => <Count n={b.exceptions} />,
      sort: 'exceptions',
      numeric: true,
    },
    { key: 'preparedBy', label: t('madeBy'), cell: b => <Name>{b.prepared.by}</Name> },
    {
      key: 'preparedAt',
      label: t('made'),
      cell: b => <Instant iso={b.prepared.at} />,
      sort: 'preparedAt',
    },
    {
      key: 'provider',
      label: t('provider'),
      cell: b => t(`providers.${b.provider}`),
      hidden: true,
    },
    {
      key: 'requestedOn',
      label: t('requestedOn'),
      cell: b => <Day iso={b.requestedOn} />,
      sort: 'requestedOn',
      hidden: true,
    },
  ]
}

/** What programs and cycles there are to choose from; of cycles those of the program that is chosen. */
const useChoices = (program: string | undefined) => {
  const query = { limit: 100 }
  const programs = useGet('/api/v1/programs', { params: { query } }, { when: useMay('program:read') })
  const cycles = useGet(
    '/api/v1/cycles',
    { params: { query: program ? { ...query, program } : query } },
    { when: useMay('cycle:read') },
  )
  return {
    programs: (programs.data?.items ?? []).map(p => ({ value: p.code, label: p.name })),
    cycles: (cycles.data?.items ?? []).map(c => ({ value: c.reference, label: c.name, hint: c.reference })),
  }
}

/** Payment batches: which there are, where each stands, how much it pays. */
export const BatchList = () => {
  const t = useText('payments')
  const mayMake = useMay('payment:write')
  const list = useList('/api/v1/payment-batches', { filters: ['state', 'program', 'cycle'] })
  const { programs, cycles } = useChoices(list.filters.program)
  const columns = useColumns()
  const states = BATCH_STATES.map(state => ({ value: state, label: t(`batchStates.${state}`) }))
  return (
    <Page title={t('batches')} lead={t('batchesLead')}>
      <Filters
        list={list}
        fields={[
          { kind: 'select', name: 'state', label: t('state'), options: states },
          { kind: 'select', name: 'program', label: t('program'), options: programs },
          { kind: 'select', name: 'cycle', label: t('cycle'), options: cycles },
        ]}
      />
      <DataTable
        label={t('batches')}
        columns={columns}
        list={list}
        rowKey={b => b.reference}
        href={b => `/payment-batches/${b.reference}`}
        empty={
          <Empty
            title={t('noBatches')}
            action={mayMake && <LinkButton href="/cycles?state=approved">{t('toCycles')}</LinkButton>}
          >
            {t('noBatchesHint')}
          </Empty>
        }
      />
    </Page>
  )
}
