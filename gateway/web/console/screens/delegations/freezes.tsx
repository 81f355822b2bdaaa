import '../approvals/approvals.scss'
import { useAction } from '../../../ui/api/action.ts'
import { api } from '../../../ui/api/client.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { wholeList } from '../approvals/whole-list.ts'
import { Kinds, Period, PeriodTag } from './parts.tsx'
import { stateOf } from './period.ts'

type Freeze = AnswerOf<'/api/v1/approval-freezes'>['items'][number]

/** Times in which nothing is submitted or decided. */
export const FreezeList = () => {
  const t = useText('delegations')
  const format = useFormat()
  const mayConfigure = useMay('approval:configure')
  const columns: Column<Freeze>[] = [
    { key: 'reason', label: t('reason'), cell: f => <Name>{f.reason}</Name> },
    { key: 'period', label: t('period'), cell: f => <Period from={f.from} until={f.until} /> },
    { key: 'kinds', label: t('kinds'), cell: f => <Kinds types={f.subjectTypes} /> },
    {
      key: 'programs',
      label: t('programs'),
      cell: f => (f.programs === null ? t('allPrograms') : <Name>{format.list(f.programs)}</Name>),
    },
    { key: 'createdBy', label: t('createdBy'), cell: f => <Name>{f.createdBy}</Name> },
    { key: 'state', label: t('state'), cell: f => <PeriodTag state={stateOf(f)} /> },
    ...(mayConfigure
      ? [{ key: 'end', label: t('end.column'), cell: (f: Freeze) => <End freeze={f} /> }]
      : []),
  ]
  return (
    <Page
      title={t('freezes')}
      lead={t('freezesLead')}
      back={{ href: '/approvals', label: t('approvals') }}
      actions={mayConfigure && <LinkButton href="/freezes/new">{t('addFreeze')}</LinkButton>}
    >
      <DataTable
        label={t('freezes')}
        columns={columns}
        list={wholeList(useGet('/api/v1/approval-freezes', {}))}
        rowKey={f => f.reference}
        empty={<Empty icon="clock" title={t('none.freezes')} />}
      />
    </Page>
  )
}

const End = ({ freeze }: { freeze: Freeze }) => {
  const t = useText('delegations')
  const { reference } = freeze
  const end = useAction({
    ask: () => ({ title: t('end.title'), body: t('end.text'), confirm: t('end.do'), kind: 'warning' }),
    act: () => api.POST('/api/v1/approval-freezes/{reference}/end', { params: { path: { reference } } }),
    done: t('end.done'),
  })
  if (stateOf(freeze) === 'over') return null
  return (
    <Button kind="secondary" class="an-nowrap" busy={end.busy} onClick={() => void end.run()}>
      {t('end.do')}
    </Button>
  )
}
