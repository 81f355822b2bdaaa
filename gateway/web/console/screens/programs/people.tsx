import { useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { type List, type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Menu, type MenuItem } from '../../../ui/components/menu.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Day } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { type Change, ChangeStatus, changesFrom } from './change-status.tsx'
import { EnrolAll } from './enrol-all.tsx'
import { RegistrantLink } from './registrant-link.tsx'
import { type Enrolment, EnrolmentTag, type Program, STATUSES } from './words.tsx'

type Row = RowOf<'/api/v1/programs/{code}/enrolments'>

/** Who is in a program: found, enrolled, suspended, let go. */
export const People = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const { code } = program
  const mayEnrol = useMay('enrolment:write')
  const mayAsk = useMay('rule:evaluate')
  const list = useList('/api/v1/programs/{code}/enrolments', { path: { code }, filters: ['q', 'status'] })
  const isActive = program.state === 'active'
  return (
    <div class="pr-stack">
      {mayEnrol && isActive && <EnrolAll program={program} />}
      {mayAsk && (
        <div class="an-actions">
          <LinkButton icon="search" href={`/programs/${code}/why`}>
            {t(mayEnrol && isActive ? 'people.one' : 'why.ask')}
          </LinkButton>
        </div>
      )}
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('people.search') },
          {
            kind: 'select',
            name: 'status',
            label: t('status'),
            options: STATUSES.map(value => ({ value, label: t(`statuses.${value}`) })),
          },
        ]}
      />
      <Enrolled program={program} list={list} />
    </div>
  )
}

/** Whether what was searched for is not written as a reference. */
const isNoReference = ({ problem }: List<Row>): boolean =>
  problem?.errors.some(({ pointer }) => pointer === '/q' || pointer === '/query/q') ?? false

const Enrolled = ({ program, list }: { program: Program; list: List<Row> }) => {
  const t = useText('programs')
  const [changing, setChanging] = useState<{ enrolment: Enrolment; to: Change }>()
  const columns: Column<Row>[] = [
    {
      key: 'registrant',
      label: t('people.who'),
      cell: row => <RegistrantLink reference={row.registrant} name={row.registrantName} />,
      sort: 'registrant',
    },
    { key: 'status', label: t('status'), cell: row => <EnrolmentTag status={row.status} /> },
    {
      key: 'reason',
      label: t('people.reason'),
      cell: row => row.reason && textOr('programs', `exits.${row.reason}`, row.reason),
    },
    { key: 'startedOn', label: t('people.since'), cell: row => <Day iso={row.startedOn} /> },
    { key: 'endedOn', label: t('people.until'), cell: row => row.endedOn && <Day iso={row.endedOn} /> },
    {
      key: 'actions',
      label: t('people.actions'),
      cell: row => (
        <RowMenu program={program} row={row} onChange={to => setChanging({ enrolment: row, to })} />
      ),
    },
  ]
  if (isNoReference(list)) return <Empty title={t('people.noReference')}>{t('people.noReferenceText')}</Empty>
  const isNarrowed = Object.keys(list.filters).length > 0
  return (
    <>
      <DataTable
        label={t('people.title')}
        columns={columns}
        list={list}
        rowKey={row => row.reference}
        empty={<Empty title={t(isNarrowed ? 'noneFound' : 'people.none')}>{t('people.noneText')}</Empty>}
      />
      {changing && <ChangeStatus {...changing} onClose={() => setChanging(undefined)} />}
    </>
  )
}

const RowMenu = ({
  program,
  row,
  onChange,
}: {
  program: Program
  row: Row
  onChange: (to: Change) => void
}) => {
  const t = useText('programs')
  const [, go] = useLocation()
  const mayWrite = useMay('enrolment:write')
  const mayAsk = useMay('rule:evaluate')
  const why = `/programs/${program.code}/why?registrant=${row.registrant}`
  const items: MenuItem[] = [
    ...(mayAsk ? [{ label: t('why.ask'), onSelect: () => go(why) }] : []),
    ...(mayWrite
      ? changesFrom(row.status).map(to => ({
          label: t(`change.${to}.do`),
          onSelect: () => onChange(to),
          ...(to === 'exited' ? { tone: 'bad' as const } : {}),
        }))
      : []),
  ]
  return items.length === 0 ? null : (
    <Menu
      label={t('people.actionsOf', { name: row.registrantName ?? row.registrant })}
      face={t('more')}
      items={items}
    />
  )
}
