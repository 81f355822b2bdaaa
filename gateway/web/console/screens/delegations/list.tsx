import '../approvals/approvals.scss'
import { useAction } from '../../../ui/api/action.ts'
import { api } from '../../../ui/api/client.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { meNow } from '../../../ui/api/session.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { type Tab, Tabs } from '../../../ui/components/tabs.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { wholeList } from '../approvals/whole-list.ts'
import { Kinds, Period, PeriodTag } from './parts.tsx'
import { stateOf } from './period.ts'

type Delegation = AnswerOf<'/api/v1/approval-delegations'>['items'][number]

/** Who decides for whom while they are away: one's own, and everybody's for those who configure approvals. */
export const DelegationList = () => {
  const t = useText('delegations')
  const mayDecide = useMay('approval:decide')
  const mayConfigure = useMay('approval:configure')
  const own = meNow()?.name
  const tab = (key: 'mine' | 'forMe' | 'everybody', has: (delegation: Delegation) => boolean): Tab => ({
    key,
    label: t(`tabs.${key}`),
    content: () => <DelegationTable label={t(`tabs.${key}`)} none={t(`none.${key}`)} has={has} />,
  })
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      back={{ href: '/approvals', label: t('approvals') }}
      actions={(mayDecide || mayConfigure) && <LinkButton href="/delegations/new">{t('add')}</LinkButton>}
    >
      <Tabs
        label={t('title')}
        tabs={[
          ...(mayDecide
            ? [
                tab('mine', ({ delegator }) => delegator === own),
                tab('forMe', ({ deputy }) => deputy === own),
              ]
            : []),
          ...(mayConfigure || !mayDecide ? [tab('everybody', () => true)] : []),
        ]}
      />
    </Page>
  )
}

type TableProps = { label: string; none: string; has: (delegation: Delegation) => boolean }

const DelegationTable = ({ label, none, has }: TableProps) => {
  const t = useText('delegations')
  const list = wholeList(useGet('/api/v1/approval-delegations', {}))
  const columns: Column<Delegation>[] = [
    { key: 'delegator', label: t('delegator'), cell: d => <Name>{d.delegator}</Name> },
    { key: 'deputy', label: t('deputy'), cell: d => <Name>{d.deputy}</Name> },
    { key: 'period', label: t('period'), cell: d => <Period from={d.from} until={d.until} /> },
    { key: 'kinds', label: t('kinds'), cell: d => <Kinds types={d.subjectTypes} /> },
    { key: 'reason', label: t('reason'), cell: d => <Name>{d.reason}</Name> },
    { key: 'createdBy', label: t('createdBy'), cell: d => <Name>{d.createdBy}</Name>, hidden: true },
    {
      key: 'state',
      label: t('state'),
      cell: d => <PeriodTag state={d.revokedAt ? 'revoked' : stateOf(d)} />,
    },
    { key: 'revoke', label: t('revoke.column'), cell: d => <Revoke delegation={d} /> },
  ]
  return (
    <DataTable
      label={label}
      columns={columns}
      list={{ ...list, rows: list.rows?.filter(has) }}
      rowKey={d => d.reference}
      empty={<Empty icon="user" title={none} />}
    />
  )
}

const Revoke = ({ delegation }: { delegation: Delegation }) => {
  const t = useText('delegations')
  const mayConfigure = useMay('approval:configure')
  const { reference, delegator, deputy, revokedAt } = delegation
  const revoke = useAction({
    ask: () => ({
      title: t('revoke.title', { deputy, delegator }),
      body: t('revoke.text'),
      confirm: t('revoke.do'),
      kind: 'warning',
    }),
    act: () =>
      api.POST('/api/v1/approval-delegations/{reference}/revoke', { params: { path: { reference } } }),
    done: t('revoke.done'),
  })
  const isOver = revokedAt !== null || stateOf(delegation) === 'over'
  if (isOver || !(mayConfigure || delegator === meNow()?.name)) return null
  return (
    <Button kind="secondary" class="an-nowrap" busy={revoke.busy} onClick={() => void revoke.run()}>
      {t('revoke.do')}
    </Button>
  )
}
