import { Link, useSearchParams } from 'wouter-preact'
import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Count } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { RegistrantLink } from '../programs/registrant-link.tsx'
import { countOf, KINDS, type Kind, useDifference } from './difference.tsx'
import { type Cycle, Measured } from './words.tsx'

type Row = RowOf<'/api/v1/cycles/{reference}/differences'>

/** Of whom something is different, reason by reason. */
export const DifferencesTab = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const [search] = useSearchParams()
  const { data } = useDifference(cycle)
  const counted = KINDS.map(kind => ({ kind, count: countOf(data?.components ?? [], kind) }))
  const kind: Kind =
    KINDS.find(known => known === search.get('d-kind')) ??
    counted.find(({ count }) => count > 0)?.kind ??
    'new'
  return (
    <>
      <nav aria-label={t('difference.reasons')}>
        <ul class="cy-kinds">
          {counted.map(({ kind: other, count }) => (
            <li key={other}>
              <Link
                class="an-button an-button--quiet"
                href={`/cycles/${cycle.reference}?tab=differences&d-kind=${other}`}
                aria-current={other === kind ? 'true' : undefined}
              >
                {t(`difference.${other}`)} <Count n={count} />
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {data && <Rows key={kind} cycle={cycle} kind={kind} />}
    </>
  )
}

const Rows = ({ cycle, kind }: { cycle: Cycle; kind: Kind }) => {
  const t = useText('cycles')
  const list = useList('/api/v1/cycles/{reference}/differences', {
    path: { reference: cycle.reference },
    query: { kind },
    prefix: 'd-',
  })
  const amounts: Column<Row>[] = [
    {
      key: 'before',
      label: t('difference.before'),
      cell: row => row.before !== null && <Measured of={row} amount={row.before} />,
      numeric: true,
    },
    {
      key: 'after',
      label: t('difference.after'),
      cell: row => row.after !== null && <Measured of={row} amount={row.after} />,
      numeric: true,
    },
  ]
  const problem: Column<Row> = {
    key: 'problem',
    label: t('difference.problem'),
    cell: row => row.problem && textOr('cycles', `problems.${row.problem}`, row.problem),
  }
  const columns: Column<Row>[] = [
    {
      key: 'registrant',
      label: t('beneficiary'),
      cell: row => <RegistrantLink reference={row.registrant} name={row.registrantName} />,
    },
    { key: 'component', label: t('component'), cell: row => <Code>{row.component}</Code> },
    ...(kind === 'zero' || kind === 'exception' ? [problem] : amounts),
  ]
  return (
    <DataTable
      label={t(`difference.${kind}`)}
      columns={columns}
      list={list}
      rowKey={row => `${row.registrant} ${row.component}`}
      empty={<Empty title={t('difference.nobody')}>{t('difference.nobodyText')}</Empty>}
    />
  )
}
