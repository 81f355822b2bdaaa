import { useState } from 'preact/hooks'
import { type List, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { type FilterField, Filters } from '../../../ui/components/filters.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable, useSelection } from '../../../ui/components/table.tsx'
import { Count, Instant, Money, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { SUBJECTS, subjectName } from '../approval-words/subjects.ts'
import type { Acting } from './acting.ts'
import { BulkDecision, type Chosen } from './bulk.tsx'
import { type ApprovalSummary, RiskTags, reasonText, STATES, StateTag } from './words.tsx'

/** What of all requests is shown. */
export type View = 'decidable' | 'informed' | 'submitted' | 'decided' | 'all'

/** One view of the inbox: a table, and for what waits for whoever reads a decision on many. */
export const Requests = ({ view, acting }: { view: View; acting: Acting }) => {
  const t = useText('approvals')
  const list = useList('/api/v1/approvals', {
    filters:
      view === 'decidable' ? ['subjectType', 'program', 'overdue'] : ['subjectType', 'program', 'state'],
    query: { ...acting.query, ...(view === 'all' ? {} : { mine: view }) },
    // Each view keeps its own place: what one is sorted and narrowed by says nothing about the others.
    prefix: `${view}.`,
  })
  const selection = useSelection()
  const [chosen, setChosen] = useState<Chosen>()
  const canDecide = view === 'decidable'
  return (
    <div class="ap-stack ap-stack--tight">
      <Filters list={list} fields={useFields(view)} />
      {canDecide && <DecideOnAll list={list} onChoose={setChosen} />}
      <DataTable
        label={t(`views.${view}`)}
        columns={useColumns(view)}
        list={list}
        rowKey={row => row.reference}
        href={row => `/approvals/${row.reference}${acting.search}`}
        empty={
          <Empty icon="done" title={t(`none.${view}`)}>
            {t(`noneHint.${view}`)}
          </Empty>
        }
        {...(canDecide
          ? {
              select: selection,
              bulk: keys => (
                <Button onClick={() => setChosen({ references: [...keys] })}>
                  {t('bulk.decide', { count: keys.length })}
                </Button>
              ),
            }
          : {})}
      />
      {chosen && (
        <BulkDecision
          chosen={chosen}
          acting={acting}
          onDone={selection.clear}
          onClose={() => setChosen(undefined)}
        />
      )}
    </div>
  )
}

/** A decision on all that waits, of the kind and the program that the list is narrowed to. */
const DecideOnAll = ({
  list,
  onChoose,
}: {
  list: List<ApprovalSummary>
  onChoose: (chosen: Chosen) => void
}) => {
  const t = useText('approvals')
  const { subjectType, program, overdue } = list.filters
  if (!list.rows || list.rows.length < 2 || overdue) return null
  const filter = { ...(subjectType ? { subjectType } : {}), ...(program ? { program } : {}) }
  return (
    <div class="an-actions">
      <Button kind="secondary" onClick={() => onChoose({ filter })}>
        {t('bulk.all')}
      </Button>
    </div>
  )
}

const useFields = (view: View): FilterField[] => {
  const t = useText('approvals')
  const programs = useGet(
    '/api/v1/programs',
    { params: { query: { limit: 200 } } },
    { when: useMay('program:read') },
  )
  const options = (programs.data?.items ?? []).map(({ code, name }) => ({ value: code, label: name }))
  return [
    {
      kind: 'select',
      name: 'subjectType',
      label: t('subject'),
      options: SUBJECTS.map(type => ({ value: type, label: subjectName(type) })),
    },
    ...(options.length > 0
      ? [{ kind: 'select' as const, name: 'program', label: t('program'), options }]
      : []),
    view === 'decidable'
      ? {
          kind: 'select',
          name: 'overdue',
          label: t('deadline'),
          options: [{ value: 'true', label: t('overdue') }],
        }
      : {
          kind: 'select',
          name: 'state',
          label: t('state'),
          options: STATES.map(state => ({ value: state, label: t(`states.${state}`) })),
        },
  ]
}

const useColumns = (view: View): Column<ApprovalSummary>[] => {
  const t = useText('approvals')
  const isOpen = view === 'decidable'
  return [
    { key: 'title', label: t('what'), cell: row => <Name>{row.title}</Name>, sort: 'title' },
    { key: 'subject', label: t('subject'), cell: row => subjectName(row.subjectType) },
    {
      key: 'program',
      label: t('program'),
      cell: row => row.program && <Name>{row.programName ?? row.program}</Name>,
      hidden: true,
    },
    {
      key: 'amount',
      label: t('amount'),
      cell: row => row.amount && <Money amount={row.amount.value} currency={row.amount.currency} />,
      numeric: true,
    },
    {
      key: 'items',
      label: t('items'),
      cell: row => row.items !== null && <Count n={row.items} />,
      numeric: true,
    },
    { key: 'risks', label: t('risks.label'), cell: row => <RiskTags risks={row.risks} /> },
    {
      key: 'requestedAt',
      label: t('submittedAt'),
      cell: row => (
        <>
          <Name>{row.requestedBy}</Name>{' '}
          <span class="an-muted an-nowrap">
            <Instant iso={row.requestedAt} />
          </span>
        </>
      ),
      sort: 'requestedAt',
    },
    {
      key: 'dueAt',
      label: t('dueAt'),
      cell: row =>
        row.dueAt && (
          <span class="an-nowrap">
            <Instant iso={row.dueAt} />
          </span>
        ),
      sort: 'dueAt',
    },
    {
      key: 'tier',
      label: t('tier'),
      cell: row => <span class="an-nowrap">{t('tierOf', { tier: row.tier, tiers: row.tiers })}</span>,
      hidden: !isOpen,
    },
    {
      key: 'state',
      label: t('state'),
      cell: row => <StateTag state={row.state} />,
      sort: 'state',
      hidden: isOpen,
    },
    {
      key: 'reason',
      label: t('whyNot'),
      cell: row => row.state === 'pending' && row.reason && reasonText(row.reason),
      hidden: true,
    },
  ]
}
