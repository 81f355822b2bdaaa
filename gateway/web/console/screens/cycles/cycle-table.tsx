import type { ComponentChildren } from 'preact'
import type { List, RowOf } from '../../../ui/api/list.ts'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Count, Day, Money, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { CycleTag } from './words.tsx'

type Row = RowOf<'/api/v1/cycles'>

type Props = {
  list: List<Row>
  /** The program need not be named. */
  ofOneProgram?: boolean
  empty: ComponentChildren
}

/** Cycles with what they give: those of one program, or of all. */
export const CycleTable = ({ list, ofOneProgram = false, empty }: Props) => {
  const t = useText('cycles')
  const program: Column<Row> = {
    key: 'program',
    label: t('program'),
    cell: cycle => <Name>{cycle.programName}</Name>,
    ...(ofOneProgram ? {} : { sort: 'program' }),
  }
  const columns: Column<Row>[] = [
    { key: 'name', label: t('cycle'), cell: cycle => <Name>{cycle.name}</Name>, sort: 'name' },
    ...(ofOneProgram ? [] : [program]),
    { key: 'state', label: t('state'), cell: cycle => <CycleTag state={cycle.state} />, sort: 'state' },
    {
      key: 'entitlements',
      label: t('entitlements'),
      cell: cycle => cycle.state !== 'draft' && <Count n={cycle.entitlements} />,
      numeric: true,
    },
    {
      key: 'cash',
      label: t('cash'),
      cell: cycle => cycle.state !== 'draft' && <Money amount={cycle.cash} currency={cycle.currency} />,
      numeric: true,
    },
    {
      key: 'validFrom',
      label: t('validFrom'),
      hidden: true,
      cell: cycle => <Day iso={cycle.validFrom} />,
      sort: 'validFrom',
    },
    {
      key: 'validUntil',
      label: t('validUntil'),
      cell: cycle => <Day iso={cycle.validUntil} />,
      sort: 'validUntil',
    },
    { key: 'code', label: t('code'), cell: cycle => <Code>{cycle.code}</Code>, sort: 'code', hidden: true },
  ]
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      list={list}
      rowKey={cycle => cycle.reference}
      href={cycle => `/cycles/${cycle.reference}`}
      empty={empty}
    />
  )
}
